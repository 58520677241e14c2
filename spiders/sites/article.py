"""Kind `article`: news pages, one by one or from a list page, a feed or a sitemap."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from monitor.records import Reject
from spiders.base import Output, SourceSpider, content_type
from spiders.parse.addresses import same_site
from spiders.parse.article import article_from_html
from spiders.parse.mapped import PageContext
from spiders.parse.options import option, pattern
from spiders.parse.selected import addresses_in, selector
from spiders.parse.sitemap import read_sitemap

_MAX_SITEMAPS = 20
_LISTING = re.compile(
    rb"<(?:urlset|sitemapindex|rss|feed|(?:\w+:)?RDF)[\s>]|^\s*https?://", re.IGNORECASE
)
_HTML = re.compile(rb"<!doctype\s+html|<html|<head|<body", re.IGNORECASE)
_GZIP = b"\x1f\x8b"


class ArticleSpider(SourceSpider):
    """Articles with the comments that their pages mark up.

    The address is that of an article, of a feed or sitemap that lists articles, or, with `links`
    or `match`, of a page that links to them. Options: `links` (selector of the links),
    `match` (regular expression that an article's address must match), `max_pages`, `max_seconds`.
    """

    name = "article"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        options = self.source.options
        self._links = option(options, "links", selector)
        self._match = option(options, "match", pattern)
        self._sitemaps_asked = 0

    async def start(self) -> AsyncIterator[Any]:
        for request in self.ask(self.source.url, self.parse):
            yield request

    def parse(self, response: Response, **_: Any) -> Output:
        """The article at the source's address, or requests for those that it lists."""
        head = response.body[:2000]
        listing = _LISTING.search(head)
        page = _HTML.search(head)
        if response.body.startswith(_GZIP) or (
            listing and not (page and page.start() < listing.start())
        ):
            yield from self.parse_listing(response)
        elif self._links or self._match:
            yield from self.parse_links(response)
        else:
            yield from self.parse_article(response)

    def parse_listing(self, response: Response) -> Output:
        """Requests for the articles of a feed or sitemap, newest first, and further sitemaps."""
        self.expect_again(response)
        listing = read_sitemap(response.body)
        if listing.fault:
            self.notice_wall(response)
            yield Reject(self.source.name, listing.fault, response.url, _start_of(response))
            return
        for address in listing.sitemaps:
            if self._sitemaps_asked >= _MAX_SITEMAPS:
                self.visit.limit = self.visit.limit or "sitemaps"
                return
            self._sitemaps_asked += 1
            yield from self._ask_listed(address, response)
        for address in listing.pages:
            yield from self._ask_article(address)

    def _ask_listed(self, address: str, response: Response) -> Iterator[Request]:
        if same_site(address, response.url):
            yield Request(address, callback=self.parse_listing, errback=self.failed)

    def parse_links(self, response: Response) -> Output:
        """Requests for the articles of this site that a page links to, in its order."""
        self.expect_again(response)
        found = addresses_in(
            response.body, self._links or selector("a"), response.url, content_type(response)
        )
        asked = False
        for address in found:
            if same_site(address, response.url):
                for request in self._ask_article(address):
                    asked = True
                    yield request
        if not asked and self.visit.limit is None:
            self.notice_wall(response)
            cause = "no link to an article found: see options links and match"
            yield Reject(self.source.name, cause, response.url, _start_of(response))

    def _ask_article(self, address: str) -> Iterator[Request]:
        if self._match is None or self._match.search(address):
            yield from self.ask(address, self.parse_article)

    def parse_article(self, response: Response) -> Output:
        source = self.source
        context = PageContext(response.url, source.name, self.fetched_at(), "news", source.language)
        items, rejects = article_from_html(response.body, context, content_type(response))
        if not items:
            self.notice_wall(response)
            self.expect_again(response)
        yield from items
        yield from rejects


def _start_of(response: Response) -> str:
    return response.body[:300].decode("utf-8", "replace")
