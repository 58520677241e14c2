"""Kind `mastodon`: the public posts with a tag, or of an account, as one server knows them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from spiders.base import Output, SourceSpider
from spiders.parse.mastodon import (
    account_timeline,
    items_from_timeline,
    older_posts,
    tag_feeds_are_off,
    timeline_address,
)

_USUAL_PAGES = 5
"""Two hundred posts: what a visit reads again to see edits; a back-fill reads up to max_pages."""

_NEEDS_LOGIN = 422
"""How servers before Mastodon 4.3 answer who may not read a timeline without a login."""


class MastodonSpider(SourceSpider):
    """A timeline page by page, newest first. Option `max_pages`: also on usual visits so many."""

    name = "mastodon"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._pages = 0

    async def start(self) -> AsyncIterator[Any]:
        found = timeline_address(self.source.url)
        if found is None:
            self.visit.fail("WrongAddress", f"{self.source.url} is no /tags/NAME and no /@NAME")
            return
        address, is_lookup = found
        if is_lookup:
            for request in self.ask(address, self.parse_account, ask_again=True):
                yield request
        else:
            for request in self._page(address):
                yield request

    def _page(self, address: str) -> Iterator[Request]:
        self._pages += 1
        return self.ask(address, self.parse, handle_httpstatus_list=[_NEEDS_LOGIN])

    def parse_account(self, response: Response) -> Output:
        address = account_timeline(response.body, response.url)
        if address is None:
            self.notice_wall(response)
            self.visit.fail("NotAnAccount", f"no account at {response.url}")
            return
        yield from self._page(address)

    def parse(self, response: Response, **_: Any) -> Output:
        if response.status == _NEEDS_LOGIN:
            self.visit.block("the server shows its timelines to its own users only")
            return
        items, rejects = items_from_timeline(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            language=self.source.language,
        )
        yield from items
        yield from rejects
        if not items:
            self.expect_again(response)
            self.notice_wall(response)
        if (items or rejects) and not self.is_far_enough(items):
            yield from self._following(response)
        elif not (items or rejects) and self._pages == 1 and "/timelines/" in response.url:
            yield from self._ask_whether_feeds_are_off(response)

    def _following(self, response: Response) -> Iterator[Request]:
        link = (response.headers.get("Link") or b"").decode("latin-1")
        older = older_posts(link, response.url)
        if older is None:
            return
        self.expect_again(response)
        if self._pages < _USUAL_PAGES or self.source.backfill or self._reads_deep():
            yield from self._page(older)

    def _reads_deep(self) -> bool:
        return "max_pages" in self.source.options

    def _ask_whether_feeds_are_off(self, response: Response) -> Iterator[Request]:
        address = urljoin(response.url, "/api/v2/instance")
        meta = {"ask_again": True, "handle_httpstatus_list": [404]}
        return self.ask(address, self.parse_instance, **meta)

    def parse_instance(self, response: Response) -> None:
        if response.status == 200 and tag_feeds_are_off(response.body):
            self.visit.block("the server has switched its public tag timelines off")
