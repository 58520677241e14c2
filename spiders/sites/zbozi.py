"""Kind `zbozi`: reviews of a shop on Zboží.cz, through the Sklik API for its owner."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from spiders.base import Output
from spiders.parse.mapped import PageContext
from spiders.parse.zbozi import (
    REVIEWS_A_PAGE,
    refusal_in,
    reviews_from_json,
    shop_at,
)
from spiders.service import REDIRECTS
from spiders.session import FORM, SessionSpider, access_token

_REFUSALS = [400, 401, 403]
_EVERYTHING = "2010-01-01T00:00:00Z"


class ZboziSpider(SessionSpider):
    """Newest reviews of one shop, as far back as `days`.

    The secret is exchanged for a token that lives for some minutes.
    """

    name = "zbozi"
    needed_secrets: ClassVar[tuple[str, ...]] = ("token",)
    service: ClassVar[str] = "https://api.sklik.cz"
    usual_days: ClassVar[int] = 90

    async def start(self) -> AsyncIterator[Any]:
        shop = shop_at(self.source.url)
        if shop is None:
            self.wrong_address("address with the shop's number: .../nakupy/reviews/?premiseId=123")
            return
        since = self.since
        wanted = {
            "premiseId": shop,
            "fromDatetime": f"{since:%Y-%m-%dT%H:%M:%SZ}" if since else _EVERYTHING,
            # Said once: what is written meanwhile must not move the pages.
            "toDatetime": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "limit": str(REVIEWS_A_PAGE),
        }
        secret = self.source.secrets["token"]
        body = urlencode({"grant_type": "refresh_token", "refresh_token": secret})
        response = await self.log_in(f"{self.base}/v1/user/token", body, FORM)
        if response is None:
            return
        token = access_token(response.body) if response.status == 200 else None
        if token is not None:
            self.begin_session(token)
            for request in self._reviews(wanted, 0):
                yield request
        elif response.status in (200, *_REFUSALS, *REDIRECTS):
            self._refuse(response, "the login was refused, renew the secret `token`")
        else:
            self._refused(response)

    def _reviews(self, wanted: Mapping[str, str], offset: int) -> Iterator[Request]:
        query = urlencode({**wanted, "offset": str(offset)})
        # 404 is how the service says that there are none.
        meta: dict[str, Any] = {"ask_again": True, "wanted": wanted}
        meta["handle_httpstatus_list"] = [404, *_REFUSALS]
        address = f"{self.base}/v1/nakupy/reviews/?{query}"
        return self.ask(address, self.parse, self.bearer, **meta)

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
            # Pages of one list, also those that a later visit asks for.
            yield from self._reviews(response.meta["wanted"], int(page.following or 0))

    def _refuse(self, response: Response, meaning: str) -> None:
        said = f"http {response.status}, {meaning}{refusal_in(response.body)}"[:300]
        self.visit.block(said)
        self.visit.fail("ServiceRefused", said)
