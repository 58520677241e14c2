"""Kind `google_play`: public reviews of an app, for several languages and countries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from spiders.base import Output
from spiders.parse.google_play import app_at, items_from_google_play, request_body
from spiders.service import ServiceSpider

_FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}


class GooglePlaySpider(ServiceSpider):
    """Newest reviews of an app, for each language with each country of the options."""

    name = "google_play"
    service: ClassVar[str] = "https://play.google.com"

    async def start(self) -> AsyncIterator[Any]:
        found = app_at(self.source.url)
        if found is None:
            self.wrong_address("page of an app: .../details?id=com.example.app")
            return
        self._app, language, country = found
        for hl in self.listed("languages", language or self.source.language or "en"):
            for gl in self.listed("countries", country or "us"):
                for request in self._page(hl, gl.lower(), None, 1):
                    yield request

    def _page(self, hl: str, gl: str, token: str | None, number: int) -> Iterator[Request]:
        query = urlencode({"rpcids": "UsvDTd", "hl": hl, "gl": gl})
        address = f"{self.base}/_/PlayStoreUi/data/batchexecute?{query}"
        body = request_body(self._app, token)
        for request in self.ask(address, self.parse, of=(hl, gl, number), ask_again=True):
            yield request.replace(method="POST", body=body, headers=_FORM, priority=-number)

    def parse(self, response: Response, **_: Any) -> Output:
        hl, gl, number = response.meta["of"]
        page = items_from_google_play(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            app=self._app,
            country=gl,
            language=self.source.language,
        )
        yield from self.records(page, response)
        if self.reads_on(page, (hl, gl)):
            yield from self._page(hl, gl, page.following, number + 1)
