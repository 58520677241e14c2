"""Kind `google_news`: headlines that a Google News search finds, through its RSS feed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy.http import Response

from spiders.base import Output, SourceSpider, content_type
from spiders.parse.google_news import items_from_search, search_feed


class GoogleNewsSpider(SourceSpider):
    """Every story of one search once: about a hundred, the feed has no further pages."""

    name = "google_news"

    async def start(self) -> AsyncIterator[Any]:
        for request in self.ask(search_feed(self.source.url), self.parse):
            yield request

    def parse(self, response: Response, **_: Any) -> Output:
        items, rejects = items_from_search(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            content_type=content_type(response),
            language=self.source.language,
        )
        if not items:
            self.notice_wall(response)
            self.expect_again(response)
        yield from items
        yield from rejects
