"""Kind `google_business`: reviews of a place of one's own on Google Maps, with the replies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from spiders.base import Output
from spiders.parse.google_business import location_at, refusal_in, reviews_from_json
from spiders.parse.mapped import PageContext
from spiders.service import ServiceSpider

_REVIEWS_A_PAGE = 50
_REFUSALS = [400, 401, 403, 404]
_MEANINGS = {
    401: "the secret `token` is not accepted, such tokens live for an hour",
    403: "this token has no access to the place, or the project none to the API",
    404: "no such place",
}


class GoogleBusinessSpider(ServiceSpider):
    """Reviews of one location, those written or edited last first, as far back as `days`."""

    name = "google_business"
    needed_secrets: ClassVar[tuple[str, ...]] = ("token",)
    service: ClassVar[str] = "https://mybusiness.googleapis.com"

    async def start(self) -> AsyncIterator[Any]:
        location = location_at(self.source.url)
        if location is None:
            self.wrong_address("address of a place: .../v4/accounts/NUMBER/locations/NUMBER")
            return
        self._location = location
        for request in self._page(None):
            yield request

    def _page(self, token: str | None) -> Iterator[Request]:
        query = {"pageSize": str(_REVIEWS_A_PAGE), "orderBy": "updateTime desc"}
        if token:
            query["pageToken"] = token
        return self.ask(
            f"{self.base}/v4/{self._location}/reviews?{urlencode(query)}",
            self.parse,
            {"Authorization": f"Bearer {self.source.secrets['token']}"},
            ask_again=True,
            handle_httpstatus_list=_REFUSALS,
        )

    def parse(self, response: Response, **_: Any) -> Output:
        if response.status in _REFUSALS:
            meaning = _MEANINGS.get(response.status, "the question is refused")
            said = f"http {response.status}, {meaning}{refusal_in(response.body)}"[:300]
            if response.status in (401, 403):
                self.visit.block(said)
            self.visit.fail("ServiceRefused", said)
            return
        source = self.source
        context = PageContext(
            response.url, source.name, self.fetched_at(), "review", source.language
        )
        place = str(source.options.get("place") or "").strip() or None
        page = reviews_from_json(response.body, context, place=place)
        yield from self.records(page, response)
        if self.reads_on(page):
            yield from self._page(page.following)
