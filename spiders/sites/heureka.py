"""Kind `heureka`: reviews of a shop and of its products, from Heureka's exports for the owner."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy.http import Response

from spiders.base import Output
from spiders.parse.heureka import LARGEST_BYTES, reviews_from_xml
from spiders.parse.mapped import PageContext
from spiders.parse.paging import with_parameters
from spiders.service import ServiceSpider

_SHOP, _PRODUCTS = "/export-review.php", "/export-product-review.php"


class HeurekaSpider(ServiceSpider):
    """The whole file of shop reviews, or product reviews back to `days`.

    The key is a part of the address that is asked for, and of nothing that is written.
    """

    name = "heureka"
    needed_secrets: ClassVar[tuple[str, ...]] = ("key",)
    service: ClassVar[str] = "https://www.heureka.cz"
    usual_days: ClassVar[int] = 90

    async def start(self) -> AsyncIterator[Any]:
        path = urlsplit(self.source.url).path
        if not path.endswith((_SHOP, _PRODUCTS)):
            self.wrong_address(f"export: .../direct/dotaznik{_SHOP} or ...{_PRODUCTS}")
            return
        address = with_parameters(self.source.url, key=self.source.secrets["key"])
        since = self.since
        if path.endswith(_PRODUCTS) and since:
            address = with_parameters(address, **{"from": f"{since:%Y-%m-%d} 00:00:00"})
        for request in self.ask(address, self.parse, download_maxsize=LARGEST_BYTES):
            yield request

    def parse(self, response: Response, **_: Any) -> Output:
        language = self.source.language or ("cs" if self.source.host.endswith(".cz") else None)
        context = PageContext(response.url, self.source.name, self.fetched_at(), "review", language)
        page = reviews_from_xml(response.body, context)
        yield from self.records(page, response, ask_again=page.refusal is not None)
