"""Kind `digikala`: reviews of a product on Digikala."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from spiders.base import Output, SourceSpider
from spiders.downloads import is_plainly_private
from spiders.parse.digikala import reviews_from_json
from spiders.parse.mapped import PageContext
from spiders.parse.paging import number_in
from spiders.parse.shop_addresses import DIGIKALA_API, digikala_product, digikala_reviews
from spiders.seen import Seen


class DigikalaSpider(SourceSpider):
    """Reviews of one product, the newest first. Options: `max_pages`, `max_seconds`."""

    name = "digikala"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        product = digikala_product(self.source.url)
        if product is None:
            raise ValueError(
                f"no product number in {self.source.url}: the address of a product looks like"
                " https://www.digikala.com/product/dkp-1234567/"
            )
        self._product = product
        self._seen = Seen()

    @property
    def _api(self) -> str:
        """Digikala's API; beside a product page on this machine, that same server."""
        parts = urlsplit(self.source.url)
        is_here = is_plainly_private(parts.hostname or "")
        return f"{parts.scheme}://{parts.netloc}" if is_here else DIGIKALA_API

    async def start(self) -> AsyncIterator[Any]:
        for request in self._ask_page(1):
            yield request

    def _ask_page(self, number: int) -> list[Request]:
        return list(self.ask(digikala_reviews(self._api, self._product, number), self.parse))

    def parse(self, response: Response, **_: Any) -> Output:
        source = self.source
        context = PageContext(source.url, source.name, self.fetched_at(), "review", source.language)
        page = reviews_from_json(response.body, context)
        number = number_in(response.url, "page") or 1
        if not page.items:
            self.notice_wall(response)
            if page.rejects:
                self.expect_again(response)
        has_news = not page.items or self._seen.has_news(page.items)
        goes_on = page.found and has_news and (page.pages is None or number < page.pages)
        if goes_on:
            self.expect_again(response)
        yield from page.items
        yield from page.rejects
        if goes_on:
            yield from self._ask_page(number + 1)
