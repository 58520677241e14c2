"""Kind `app_store`: customer reviews of an app, from Apple's public feeds, country by country."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response

from spiders.base import Output, content_type
from spiders.parse.app_store import app_at, items_from_app_store
from spiders.service import ServiceSpider


class AppStoreSpider(ServiceSpider):
    """Up to ten pages of fifty reviews for each country of option `countries`.

    Option `format`: xml (default) has dates, json has none and is for times when xml fails.
    """

    name = "app_store"
    service: ClassVar[str] = "https://itunes.apple.com"

    async def start(self) -> AsyncIterator[Any]:
        found = app_at(self.source.url)
        if found is None:
            self.wrong_address("page of an app: .../id123456789")
            return
        self._app = found[0]
        for country in self.listed("countries", found[1]):
            for request in self._page(country.lower(), 1):
                yield request

    def _page(self, country: str, number: int) -> Iterator[Request]:
        form = "json" if self.source.options.get("format") == "json" else "xml"
        address = (
            f"{self.base}/{country}/rss/customerreviews/page={number}"
            f"/id={self._app}/sortby=mostrecent/{form}"
        )
        for request in self.ask(address, self.parse, country=country, ask_again=True):
            # Every country's first page before anybody's second: a limit of pages is fair.
            yield request.replace(priority=-number)

    def parse(self, response: Response, **_: Any) -> Output:
        country = response.meta["country"]
        page = items_from_app_store(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            content_type=content_type(response),
            country=country,
            language=self.source.language,
        )
        yield from self.records(page, response)
        if self.reads_on(page, country):
            yield from self._page(country, int(page.following or 1))
