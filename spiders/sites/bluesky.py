"""Kind `bluesky`: posts that a search finds, through the operator's own account."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from monitor.records import Reject
from spiders.base import Output
from spiders.downloads import is_plainly_private
from spiders.parse.bluesky import (
    items_from_bluesky,
    refusal_in,
    search_address,
    token_in,
    words_at,
)
from spiders.service import REDIRECTS
from spiders.session import SessionSpider

_STATUSES = [400, 401, 403, *REDIRECTS]
"""With the errors among these a server sends a JSON answer that says what is wrong."""


class BlueskySpider(SessionSpider):
    """Logs in once a visit, then reads a search page by page, newest posts first."""

    name = "bluesky"
    needed_secrets: ClassVar[tuple[str, ...]] = ("identifier", "password")
    not_masked: ClassVar[frozenset[str]] = frozenset({"identifier"})
    service: ClassVar[str] = "https://bsky.social"

    @property
    def base(self) -> str:
        """The server that the account is on: of option `server`, unless the source is private."""
        server = str(self.source.options.get("server") or "").rstrip("/")
        return super().base if is_plainly_private(self.source.host) or not server else server

    async def start(self) -> AsyncIterator[Any]:
        words = str(self.source.options.get("query") or "") or words_at(self.source.url)
        if not words:
            self.wrong_address("search (https://bsky.app/search?q=WORDS) and no hashtag")
            return
        self._words = words
        login = {name: self.source.secrets[name] for name in self.needed_secrets}
        address = f"{self.base}/xrpc/com.atproto.server.createSession"
        response = await self.log_in(address, json.dumps(login), "application/json")
        if response is None:
            return
        token = token_in(response.body) if response.status == 200 else None
        if token is None:
            for record in self._no_session(response):
                yield record
            return
        self.begin_session(token)
        for request in self._page(None):
            yield request

    def _no_session(self, response: Response) -> Output:
        refusal = refusal_in(response.body)
        if refusal and response.status in (400, 401, 403):
            self.visit.block(f"the login was refused: {refusal}")
            return
        fault = f"no session from {urlsplit(response.url).netloc}"
        self.visit.fail("LoginFailed", f"{fault}, HTTP {response.status}")
        # Nothing of the answer: a session may be half of it.
        yield Reject(self.source.name, fault, response.url)

    def _page(self, cursor: str | None) -> Iterator[Request]:
        language = str(self.source.options.get("only_language") or "") or None
        address = search_address(self.base, self._words, self.since, language, cursor)
        meta = {"ask_again": True, "handle_httpstatus_list": _STATUSES}
        return self.ask(address, self.parse, self.bearer, dont_redirect=True, **meta)

    def parse(self, response: Response, **_: Any) -> Output:
        if response.status in (401, 403):
            self.visit.block(refusal_in(response.body) or f"http {response.status}")
            return
        page = items_from_bluesky(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            language=self.source.language,
        )
        yield from self.records(page, response)
        if self.reads_on(page, by_age=False):
            yield from self._page(page.following)
