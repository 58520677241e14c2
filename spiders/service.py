"""What spiders of paged web services share: where the service is, how far back they read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from spiders.base import Output, SourceSpider
from spiders.dates import all_older
from spiders.downloads import is_plainly_private
from spiders.open_requests import LEFT_OPEN
from spiders.parse.paged import Page

REDIRECTS = [301, 302, 303, 307, 308]
"""For `handle_httpstatus_list` of requests with a secret in them: these are followed nowhere."""


class ServiceSpider(SourceSpider):
    """Reads a service page by page, newest first, as far back as option `days` says.

    It never stops at something that it has seen on an earlier visit: an edited review would stay
    unnoticed. A back-fill reads as far back as it is told,
    at most `max_pages` at once.
    """

    service: ClassVar[str]
    """The service's address, without a slash at the end."""
    usual_days: ClassVar[int] = 30

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._ids: defaultdict[Hashable, set[str | None]] = defaultdict(set)
        self._said: set[tuple[str | None, ...]] = set()

    @property
    def base(self) -> str:
        """The service's address; a private source address stands for itself (a mirror, a test)."""
        parts = urlsplit(self.source.url)
        if is_plainly_private(self.source.host):
            return f"{parts.scheme}://{parts.netloc}"
        return self.service

    @property
    def since(self) -> datetime | None:
        """What is older is not read again; in a back-fill as far as it is to go, None for all."""
        if self.source.backfill:
            return self.source.since
        days = self.source.options.get("days")
        if isinstance(days, bool) or not isinstance(days, int) or days < 1:
            days = self.usual_days
        return datetime.now(UTC) - timedelta(days=days)

    def listed(self, option: str, default: str) -> list[str]:
        """The texts of a list option, each once and without blanks; [default] if it has none."""
        given = self.source.options.get(option)
        texts = [str(one).strip() for one in given] if isinstance(given, list) else []
        return list(dict.fromkeys(text for text in texts if text)) or [default]

    async def answer_to(self, request: Request) -> Response | None:
        """The answer to a request that is no page: neither counted among those of the source, nor
        noted by a back-fill. None, with the cause noted, where there was none.
        """
        assert self.crawler.engine is not None
        try:
            return await self.crawler.engine.download_async(request)
        except Exception as error:
            failure = Failure(error)
            failure.request = request  # type: ignore[attr-defined]
            self.failed(failure)
            return None

    def wrong_address(self, wanted: str) -> None:
        """Ends a visit that cannot begin: the configured address is not what the kind reads."""
        self.visit.fail("WrongAddress", f"{self.source.url} is no {wanted}")

    def records(self, page: Page, response: Response, ask_again: bool = True) -> Output:
        """The page's items that this visit has not given yet, and its rejects.

        Pages move on while they are read, and one review is shown in several countries. Without
        `ask_again` the page is all there is: if it has not changed, it need not be sent again.
        """
        if ask_again:
            self.expect_again(response)
        if page.refusal:
            self.notice_wall(response)
            if not page.items:
                response.meta[LEFT_OPEN] = True
            if not self.visit.blocked:
                self.visit.fail("ServiceRefused", f"{page.refusal} ({response.url})")
        for item in page.items:
            said = (item.native_id, item.text, item.rating, item.edited, item.reply_text)
            if item.native_id is None or said not in self._said:
                self._said.add(said)
                yield item
        yield from page.rejects

    def reads_on(self, page: Page, sequence: Hashable = None, by_age: bool = True) -> bool:
        """Whether the page that follows is for us: there is one, and this one was new enough.

        A page that only repeats earlier ones of its sequence (a country, a language) ends it.
        Without `by_age` the service itself was asked for nothing older.
        """
        ids = {item.native_id for item in page.items}
        has_news = not page.items or not ids <= self._ids[sequence]
        self._ids[sequence] |= ids
        is_old = by_age and all_older(page.items, self.since)
        return page.following is not None and has_news and not is_old
