"""Kind `steam`: user reviews of a game or program on Steam."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response

from spiders.base import Output
from spiders.parse.steam import (
    FIRST_CURSOR,
    app_at,
    items_from_steam,
    language_names,
    reviews_address,
)
from spiders.service import ServiceSpider


class SteamSpider(ServiceSpider):
    """Reviews of an app by cursor until a page is empty or a cursor comes again.

    Reads the service that replaced the shop's own `appreviews` address in October 2026.
    """

    name = "steam"
    service: ClassVar[str] = "https://api.steampowered.com"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._cursors: set[str] = set()

    async def start(self) -> AsyncIterator[Any]:
        app = app_at(self.source.url)
        if app is None:
            self.wrong_address("page of an app: .../app/123456/")
            return
        self._app = app
        self._languages = language_names(self.listed("languages", "all"))
        for request in self._page(FIRST_CURSOR):
            yield request

    def _page(self, cursor: str) -> Iterator[Request]:
        if cursor in self._cursors:
            return
        self._cursors.add(cursor)
        order = str(self.source.options.get("order") or "recent")
        address = reviews_address(self.base, self._app, cursor, self._languages, order)
        yield from self.ask(address, self.parse, ask_again=True)

    def parse(self, response: Response, **_: Any) -> Output:
        page = items_from_steam(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            app=self._app,
            language=self.source.language,
        )
        yield from self.records(page, response)
        if self.reads_on(page):
            yield from self._page(page.following or FIRST_CURSOR)
