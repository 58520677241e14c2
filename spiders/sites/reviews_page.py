"""Kind `reviews_page`: pages that mark up their reviews with schema.org."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

from lxml import etree
from scrapy import Request
from scrapy.http import Response

from monitor.records import RawItem, Reject
from spiders.base import Output, SourceSpider, content_type
from spiders.parse.addresses import same_site
from spiders.parse.reviews import next_address, readable_page, reviews_from_tree
from spiders.parse.sitemap import read_sitemap
from spiders.seen import Seen

_MAX_SITEMAPS = 20
"""An index may name thousands; what is watched is a shop's pages, not a whole web."""


class ReviewsPageSpider(SourceSpider):
    """Reviews of one page and the pages that follow it, or of the pages that a sitemap lists.

    Options: `next` (CSS selector of the link to the following page, where rel=next is missing),
    `sitemap` (address of a sitemap to take pages from), `match` (regular expression that their
    addresses must match), `max_pages`, `max_seconds`.
    """

    name = "reviews_page"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._sitemaps_asked = 0
        self._seen = Seen()

    async def start(self) -> AsyncIterator[Any]:
        sitemap = self.source.options.get("sitemap")
        if not sitemap:
            for request in self.ask(self.source.url, self.parse):
                yield request
            return
        for request in self._ask_sitemap(str(sitemap)):
            yield request

    def _ask_sitemap(self, url: str) -> list[Request]:
        if self._sitemaps_asked >= _MAX_SITEMAPS:
            self.visit.limit = self.visit.limit or "sitemaps"
            return []
        self._sitemaps_asked += 1
        meta = {"ask_again": True}
        return [Request(url, callback=self.parse_sitemap, errback=self.failed, meta=meta)]

    def parse_sitemap(self, response: Response) -> Output:
        """Requests for the listed pages that match, newest first, and for further sitemaps."""
        sitemap = read_sitemap(response.body)
        if sitemap.fault:
            self.notice_wall(response)
            yield Reject(self.source.name, sitemap.fault, response.url, _start_of(response))
            return
        wanted = re.compile(str(self.source.options.get("match") or ""))
        for address in sitemap.sitemaps:
            yield from self._ask_sitemap(address)
        for address in sitemap.pages:
            if wanted.search(address):
                yield from self.ask(address, self.parse)

    def parse(self, response: Response, **_: Any) -> Output:
        items: list[RawItem] = []
        following = None
        url, source = response.url, self.source
        tree = readable_page(response.body, url, source.name, content_type(response))
        if isinstance(tree, Reject):
            rejects = [tree]
        else:
            items, rejects = reviews_from_tree(
                tree, url, source.name, self.fetched_at(), source.language
            )
            if self._seen.has_news(items):
                following = self._following(tree, url)
        if not items:
            self.notice_wall(response)
            self.expect_again(response)
        if following:
            self.expect_again(response)
        yield from items
        yield from rejects
        if following:
            yield from self.ask(following, self.parse)

    def _following(self, tree: etree._Element, url: str) -> str | None:
        selector = self.source.options.get("next")
        address = next_address(tree, url, str(selector) if selector else None)
        return address if address and same_site(address, url) else None


def _start_of(response: Response) -> str:
    return response.body[:300].decode("utf-8", "replace")
