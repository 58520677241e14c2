"""Kind `feed`: RSS, Atom, RDF and JSON feeds."""

from __future__ import annotations

from typing import Any

from scrapy.http import Response

from spiders.base import Output, SourceSpider, content_type
from spiders.parse.feed import items_from_feed
from spiders.parse.feed_paging import older_entries

_KINDS = ("news", "post", "review", "comment")


class FeedSpider(SourceSpider):
    """Every entry of one feed, and in a back-fill of the archives and pages that it names.

    Option `kind`: what an entry is (news if not said).
    """

    name = "feed"

    def parse(self, response: Response, **_: Any) -> Output:
        kind = str(self.source.options.get("kind") or "news")
        if kind not in _KINDS:
            raise ValueError(f"option kind: {kind!r} is none of {', '.join(_KINDS)}")
        items, rejects = items_from_feed(
            response.body,
            {"content-type": content_type(response)},
            response.url,
            self.source.name,
            self.fetched_at(),
            kind=kind,
            language=self.source.language,
        )
        if not items:
            self.notice_wall(response)
            if rejects:
                self.expect_again(response)
        yield from items
        yield from rejects
        if self.source.backfill and items and not self.is_far_enough(items):
            older = older_entries(response.body, content_type(response), response.url)
            if older:
                self.expect_again(response)
                yield from self.ask(older, self.parse)
