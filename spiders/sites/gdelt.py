"""Kind `gdelt`: headlines of the world's online news that a GDELT search finds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from scrapy.http import Response

from spiders.base import SourceSpider
from spiders.parse.gdelt import (
    ARTICLES_A_PAGE,
    FARTHEST_DAYS,
    is_throttled,
    items_from_articles,
    oldest_seen,
    own_window,
    search_address,
    window,
)

_USUAL_DAYS = 7.0
_SECONDS_BETWEEN = 5.5
"""The API asks for no more than one request in five seconds."""


class GdeltSpider(SourceSpider):
    """Articles of the last days, in slices of time where one answer does not hold them all.

    Option `days`: how far back, 7 if not said; a back-fill goes back as far as the API does. An
    address with a `timespan` or dates of its own is asked as it is, once.
    """

    name = "gdelt"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._seen: set[str | None] = set()
        days = FARTHEST_DAYS if self.source.backfill else self._days()
        self._start, self._end = window(datetime.now(UTC), days)
        if self.source.backfill and self.source.since:
            self._start = max(self._start, self.source.since)

    def _days(self) -> float:
        days = self.source.options.get("days")
        is_number = isinstance(days, int | float) and not isinstance(days, bool)
        return float(days) if is_number else _USUAL_DAYS  # type: ignore[arg-type]

    async def start(self) -> AsyncIterator[Any]:
        if own_window(self.source.url):
            address = search_address(self.source.url)
        else:
            address = search_address(self.source.url, self._start, self._end)
        await self._pause()
        for request in self.ask(address, self.parse):
            yield request

    async def _pause(self) -> None:
        if self.settings.getfloat("DOWNLOAD_DELAY"):
            await self.visit.wait(_SECONDS_BETWEEN)

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        self.expect_again(response)  # the address holds the time: it is never asked again
        if is_throttled(response.body):
            self.visit.block("GDELT asks for fewer requests")
            return
        items, rejects = items_from_articles(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            language=self.source.language,
        )
        if not items:
            self.notice_wall(response)
        new = [item for item in items if item.native_id not in self._seen]
        self._seen |= {item.native_id for item in new}
        for record in (*new, *rejects):
            yield record
        is_full = response.body.count(b'"seendate"') >= ARTICLES_A_PAGE
        oldest = oldest_seen(items)
        if not is_full or oldest is None:
            return
        if own_window(self.source.url) or not self._start < oldest < self._end:
            self.visit.limit = self.visit.limit or "articles"
            return
        self._end = oldest
        await self._pause()
        for request in self.ask(search_address(self.source.url, self._start, oldest), self.parse):
            yield request
