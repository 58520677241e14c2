"""Kind `hacker_news`: stories and comments that a search finds, or one discussion."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response

from spiders.base import Output
from spiders.parse.hacker_news import items_from_hacker_news, search_address, search_at
from spiders.service import ServiceSpider


class HackerNewsSpider(ServiceSpider):
    """Newest hits first, slice by slice of time. Option `only`: story or comment."""

    name = "hacker_news"
    service: ClassVar[str] = "https://hn.algolia.com"

    async def start(self) -> AsyncIterator[Any]:
        words, self._story = search_at(self.source.url)
        self._words = str(self.source.options.get("query") or words or "") or None
        if not self._words and not self._story:
            self.wrong_address("search (...?query=WORDS) and no discussion (.../item?id=123)")
            return
        since = self.since
        # The points and answers of a discussion go on for long: it is always read whole.
        self._after = int(since.timestamp()) if since and not self._story else None
        for request in self._slice(None):
            yield request

    def _slice(self, until: int | None) -> Iterator[Request]:
        only = str(self.source.options.get("only") or "")
        address = search_address(self.base, self._words, self._story, only, self._after, until)
        yield from self.ask(address, self.parse, ask_again=True)

    def parse(self, response: Response, **_: Any) -> Output:
        page = items_from_hacker_news(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            language=self.source.language,
        )
        yield from self.records(page, response)
        if self.reads_on(page, by_age=False):
            yield from self._slice(int(page.following or 0))
