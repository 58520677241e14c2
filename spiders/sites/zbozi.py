"""Kind `zbozi`: reviews of a shop on Zboží.cz, through the Sklik API for its owner."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from spiders.base import Output
from spiders.parse.mapped import PageContext
from spiders.parse.zbozi import (
    REVIEWS_A_PAGE,
    access_token,
    refusal_in,
    reviews_from_json,
    shop_at,
)
from spiders.redact import hide
from spiders.service import REDIRECTS, ServiceSpider

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_REFUSALS = [400, 401, 403]
_EVERYTHING = "2010-01-01T00:00:00Z"


class ZboziSpider(ServiceSpider):
    """Newest reviews of one shop, as far back as `days`.

    The secret is exchanged for a token that lives for some minutes and is as secret itself.
    """

    name = "zbozi"
    needed_secrets: ClassVar[tuple[str, ...]] = ("token",)
    resumes: ClassVar[bool] = False  # the access token ends with the visit
    service: ClassVar[str] = "https://api.sklik.cz"
    usual_days: ClassVar[int] = 90

    async def start(self) -> AsyncIterator[Any]:
        shop = shop_at(self.source.url)
        if shop is None:
            self.wrong_address("address with the shop's number: .../nakupy/reviews/?premiseId=123")
            return
        since = self.since
        self._wanted = {
            "premiseId": shop,
            "fromDatetime": f"{since:%Y-%m-%dT%H:%M:%SZ}" if since else _EVERYTHING,
            # Said once: what is written meanwhile must not move the pages.
            "toDatetime": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "limit": str(REVIEWS_A_PAGE),
        }
        secret = self.source.secrets["token"]
        body = urlencode({"grant_type": "refresh_token", "refresh_token": secret})
        # A redirect would carry the secret in the body along, to whatever server it names.
        statuses = [*_REFUSALS, *REDIRECTS]
        meta = {"ask_again": True, "handle_httpstatus_list": statuses, "dont_redirect": True}
        for request in self.ask(f"{self.base}/v1/user/token", self.parse_login, _FORM, **meta):
            yield request.replace(method="POST", body=body)

    def parse_login(self, response: Response, **_: Any) -> Output:
        """The request for the newest reviews, with the token that the answer holds."""
        token = access_token(response.body) if response.status == 200 else None
        if token is None:
            self._refuse(response, "the login was refused, renew the secret `token`")
            return
        hide(token)
        self._headers = {"Authorization": f"Bearer {token}"}
        yield from self._reviews(0)

    def _reviews(self, offset: int) -> Iterator[Request]:
        query = urlencode({**self._wanted, "offset": str(offset)})
        # 404 is how the service says that there are none.
        meta = {"ask_again": True, "handle_httpstatus_list": [404, *_REFUSALS]}
        address = f"{self.base}/v1/nakupy/reviews/?{query}"
        return self.ask(address, self.parse, self._headers, **meta)

    def parse(self, response: Response, **_: Any) -> Output:
        if response.status == 404:
            self.visit.nothing_to_read("the shop has no reviews there")
            return
        if response.status in _REFUSALS:
            self._refuse(response, "no access to the reviews of this shop")
            return
        context = PageContext(
            response.url,
            self.source.name,
            self.fetched_at(),
            "review",
            self.source.language or "cs",
        )
        page = reviews_from_json(response.body, context, is_partial=response.status == 206)
        yield from self.records(page, response)
        # The service itself was asked for nothing older.
        if self.reads_on(page, by_age=False):
            yield from self._reviews(int(page.following or 0))

    def _refuse(self, response: Response, meaning: str) -> None:
        said = f"http {response.status}, {meaning}{refusal_in(response.body)}"[:300]
        self.visit.block(said)
        self.visit.fail("ServiceRefused", said)
