"""Kind `google_business`: reviews of a place of one's own on Google Maps, with the replies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response

from monitor.records import Reject
from spiders.base import Output
from spiders.downloads import is_plainly_private
from spiders.parse.google_business import (
    grant_refusal_in,
    location_at,
    refusal_in,
    reviews_from_json,
)
from spiders.parse.mapped import PageContext
from spiders.session import FORM, SessionSpider, access_token

_REVIEWS_A_PAGE = 50
_REFUSALS = [400, 401, 403, 404]
_MEANINGS = {
    401: "the access token is not accepted, such tokens live for an hour",
    403: "this token has no access to the place, or the project none to the API",
    404: "no such place",
}


_GRANT_MEANINGS = {
    "invalid_grant": "the secret `refresh_token` has expired or was revoked: give access once more",
    "invalid_client": "the secrets `client_id` and `client_secret` are not those of a client",
    "unauthorized_client": "the secret `refresh_token` was given to another client",
}
_GRANT: tuple[str, ...] = ("client_id", "client_secret", "refresh_token")


class GoogleBusinessSpider(SessionSpider):
    """Reviews of one location, those written or edited last first, as far back as `days`.

    The secrets are a client with a refresh token, which is exchanged for an access token at the
    start of each visit, or else an access token itself (`token`).
    """

    name = "google_business"
    service: ClassVar[str] = "https://mybusiness.googleapis.com"

    async def start(self) -> AsyncIterator[Any]:
        location = location_at(self.source.url)
        if location is None:
            self.wrong_address("address of a place: .../v4/accounts/NUMBER/locations/NUMBER")
            return
        self._location = location
        token = self.source.secrets.get("token")
        if set(_GRANT) <= set(self.source.secrets):
            response = await self.log_in(self._token_address, self._grant(), FORM)
            token = access_token(response.body) if response and response.status == 200 else None
            if response and token is None:
                for record in self._no_token(response):
                    yield record
        elif token is None:
            raise ValueError(f"secrets are missing: {', '.join(_GRANT)}, or else token")
        if token is None:
            return
        self.begin_session(token)
        for request in self._page(None):
            yield request

    @property
    def _token_address(self) -> str:
        """Where Google gives access tokens; a private source address stands for it, too."""
        at_home = is_plainly_private(self.source.host)
        return f"{self.base}/token" if at_home else "https://oauth2.googleapis.com/token"

    def _grant(self) -> str:
        grant = {name: self.source.secrets[name] for name in _GRANT}
        return urlencode({"grant_type": "refresh_token", **grant})

    def _no_token(self, response: Response) -> Output:
        """Notes why there is no access token: a refusal in Google's words, or another fault."""
        code, said = grant_refusal_in(response.body)
        if code and response.status in (400, 401, 403):
            meaning = _GRANT_MEANINGS.get(code, "no access token was given")
            fault = f"http {response.status}, {meaning}{said}"[:300]
            self.visit.block(fault)
            self.visit.fail("LoginFailed", fault)
            return
        fault = f"no access token from {urlsplit(response.url).netloc}, http {response.status}"
        self.visit.fail("LoginFailed", fault)
        # Nothing of the answer: a token may be a part of it.
        yield Reject(self.source.name, fault, response.url)

    def _page(self, token: str | None) -> Iterator[Request]:
        query = {"pageSize": str(_REVIEWS_A_PAGE), "orderBy": "updateTime desc"}
        if token:
            query["pageToken"] = token
        return self.ask(
            f"{self.base}/v4/{self._location}/reviews?{urlencode(query)}",
            self.parse,
            self.bearer,
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
