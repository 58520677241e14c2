"""Kind `woocommerce`: product reviews of a WooCommerce shop through its public Store API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from monitor.records import Reject
from spiders.base import Output, SourceSpider
from spiders.parse.mapped import PageContext
from spiders.parse.paging import number_in
from spiders.parse.shop_addresses import shop_and_slug, shop_product, shop_reviews
from spiders.parse.woocommerce import product_number, reviews_from_json
from spiders.sites.wordpress import PER_PAGE, total_pages


class WoocommerceSpider(SourceSpider):
    """Reviews of a whole shop, or of one product, the newest first.

    Options: `product` (its number, where the address is not that of a product's page),
    `verified_only`, `max_pages`, `max_seconds`.
    """

    name = "woocommerce"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._shop, self._slug = shop_and_slug(self.source.url)
        number = self.source.options.get("product")
        self._product = str(number) if number else None

    async def start(self) -> AsyncIterator[Any]:
        if self._slug and not self._product:
            for request in self.ask(shop_product(self._shop, self._slug), self.parse_product):
                yield request
            return
        for request in self._ask_reviews(1):
            yield request

    def _ask_reviews(self, page: int) -> list[Request]:
        address = shop_reviews(self._shop, page, PER_PAGE, self._product)
        return list(self.ask(address, self.parse, product=self._product))

    def parse_product(self, response: Response) -> Output:
        """Requests for the reviews of the product that the address names."""
        self.expect_again(response)
        self._product = product_number(response.body)
        if self._product:
            yield from self._ask_reviews(1)
            return
        self.notice_wall(response)
        cause = f"the shop has no product {self._slug!r}: its number can stand in option product"
        yield Reject(self.source.name, cause, response.url)

    def parse(self, response: Response, **_: Any) -> Output:
        source = self.source
        context = PageContext(
            response.url, source.name, self.fetched_at(), "review", source.language
        )
        verified_only = bool(source.options.get("verified_only"))
        items, rejects = reviews_from_json(response.body, context, verified_only=verified_only)
        found = len(items) + len(rejects)
        if not items:
            self.notice_wall(response)
            if rejects:
                self.expect_again(response)
        page, last = number_in(response.url, "page") or 1, total_pages(response)
        goes_on = page < last if last is not None else found == PER_PAGE
        if goes_on:
            self.expect_again(response)
        yield from items
        yield from rejects
        self._product = response.meta["product"]  # a back-fill that goes on never asked for it
        if found and goes_on and not self.is_far_enough(items):
            yield from self._ask_reviews(page + 1)
