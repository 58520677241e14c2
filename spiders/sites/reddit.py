"""Kind `reddit`: a subreddit's newest posts or comments, a thread, a search, through Atom feeds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy.http import Response

from spiders.base import Output, SourceSpider, content_type
from spiders.parse.reddit import feed_address, is_refusal, items_from_reddit, older_entries


class RedditSpider(SourceSpider):
    """The newest entries of a feed; a back-fill, or option `max_pages`, reads older ones too."""

    name = "reddit"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._seen: set[str | None] = set()

    async def start(self) -> AsyncIterator[Any]:
        for request in self.ask(feed_address(self.source.url), self.parse):
            yield request

    def parse(self, response: Response, **_: Any) -> Output:
        items, rejects = items_from_reddit(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            headers={"content-type": content_type(response)},
            language=self.source.language,
        )
        if not items:
            self.expect_again(response)
            if is_refusal(response.body):
                self.visit.block("Reddit refuses programs without an approved login")
            self.notice_wall(response)
        new = [item for item in items if item.native_id not in self._seen]
        self._seen |= {item.native_id for item in new}
        yield from new
        yield from rejects
        older = older_entries(response.url, new)
        if self.is_far_enough(items):
            return
        if older and (self.source.backfill or "max_pages" in self.source.options):
            self.expect_again(response)
            yield from self.ask(older, self.parse)
