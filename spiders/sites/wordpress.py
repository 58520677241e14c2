"""Kind `wordpress`: comments of a WordPress site, through its API or else through its feed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from spiders.base import Output, SourceSpider, content_type
from spiders.parse.mapped import PageContext
from spiders.parse.paging import number_in
from spiders.parse.shop_addresses import is_wordpress_feed, wordpress_comments, wordpress_root
from spiders.parse.wordpress import comments_from_feed, comments_from_json

PER_PAGE = 100
"""The most that WordPress gives at once."""

_API_CLOSED = {401, 404}
"""How a site answers that has closed its API to readers, but may still have its feed."""


def total_pages(response: Response) -> int | None:
    """How many pages WordPress says there are; None if it does not say."""
    header = (response.headers.get("X-WP-TotalPages") or b"").decode("latin-1").strip()
    return int(header) if header.isascii() and header.isdigit() and len(header) < 10 else None


class WordpressSpider(SourceSpider):
    """Comments of a whole site, or of one post, the newest first.

    Options: `post` (number of the post), `max_pages`, `max_seconds`. The address is that of the
    site, or of a comments feed, which is then all that is read.
    """

    name = "wordpress"

    async def start(self) -> AsyncIterator[Any]:
        url = self.source.url
        for request in self._ask_feed(url) if is_wordpress_feed(url) else self._ask_api(1):
            yield request

    def _ask_api(self, page: int) -> list[Request]:
        post = self.source.options.get("post")
        root = wordpress_root(self.source.url)
        address = wordpress_comments(root, page, PER_PAGE, int(post) if post else None)
        return list(self.ask(address, self.parse, may_fall_back=page == 1 and not post))

    def _ask_feed(self, url: str) -> list[Request]:
        return list(self.ask(url, self.parse_feed))

    def failed(self, failure: Failure) -> Any:
        """Asks for the feed where the API is closed to readers; other failures count as usual."""
        error, request = failure.value, failure.request  # type: ignore[attr-defined]
        is_closed = isinstance(error, HttpError) and error.response.status in _API_CLOSED
        if is_closed and request.meta.get("may_fall_back"):
            return self._ask_feed(f"{wordpress_root(self.source.url)}/comments/feed/")
        return super().failed(failure)

    def parse(self, response: Response, **_: Any) -> Output:
        items, rejects = comments_from_json(response.body, self._context(response))
        if not items:
            self.notice_wall(response)
            if rejects:
                self.expect_again(response)
        page, last = number_in(response.url, "page") or 1, total_pages(response)
        goes_on = page < last if last is not None else len(items) == PER_PAGE
        if items and goes_on and not self.is_far_enough(items):
            self.expect_again(response)
            following = self._ask_api(page + 1)
        else:
            following = []
        yield from items
        yield from rejects
        yield from following

    def parse_feed(self, response: Response) -> Output:
        """The newest comments only: a feed has no pages."""
        items, rejects = comments_from_feed(
            response.body, content_type(response), self._context(response)
        )
        if not items:
            self.notice_wall(response)
            if rejects:
                self.expect_again(response)
        yield from items
        yield from rejects

    def _context(self, response: Response) -> PageContext:
        source = self.source
        return PageContext(response.url, source.name, self.fetched_at(), "comment", source.language)
