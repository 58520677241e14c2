"""Manners between us and a site: ask only for news, wait when told to, go nowhere private."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import CannotResolveHostError
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

from spiders.downloads import RefusedAddress, is_home, is_public, place_of
from spiders.redact import without_secrets

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

    from spiders.visit import Visit

_MAX_CRAWL_DELAY_SECONDS = 30.0
"""A longer Crawl-delay in robots.txt is taken as this: one page in half a minute is polite."""


class _OfVisit:
    """A middleware that knows the visit it works for."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.visit: Visit = crawler.spider.visit  # type: ignore[union-attr]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)


def is_robots_txt(request: Request) -> bool:
    """True for Scrapy's own request for robots.txt, which is not counted among the source's."""
    return bool(request.meta.get("dont_obey_robotstxt"))


class RetryAfter(_OfVisit):
    """Waits as long as a site asks with Retry-After (429, 503), within bounds, then tries again.

    While it waits nothing else is asked of that host. When the wait is too long or was in vain
    the answer goes on, and the visit is marked as blocked. A Crawl-delay in robots.txt is kept
    the same way.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self.longest = settings.getfloat("RETRY_AFTER_MAX_SECONDS")
        self.default = settings.getfloat("RETRY_AFTER_DEFAULT_SECONDS")
        self.times = settings.getint("RETRY_AFTER_TIMES")
        self._not_before: defaultdict[str, float] = defaultdict(float)
        self._crawl_delay: dict[str, float] = {}
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    async def process_request(self, request: Request) -> None:
        host = place_of(request.url)[0]
        while not self.visit.stopping.is_set():
            left = self._not_before[host] - time.monotonic()
            if left <= 0:
                break
            await self.visit.wait(left)
        delay = self._crawl_delay.get(host)
        if delay:
            self._not_before[host] = time.monotonic() + delay

    def process_response(self, request: Request, response: Response) -> Request | Response:
        header = response.headers.get("Retry-After")
        if response.status != 429 and not (response.status == 503 and header):
            return response
        asked = _seconds(header.decode("latin-1")) if header else None
        seconds = self.default if asked is None else asked
        tries = request.meta.get("retry_after_tries", 0)
        if seconds > self.longest or tries >= self.times:
            words = f", asked to wait {asked:.0f} s" if asked is not None else ""
            self.visit.block(f"http {response.status}{words}")
            return response
        self._not_before[place_of(request.url)[0]] = time.monotonic() + seconds
        again = request.replace(dont_filter=True)
        again.meta["retry_after_tries"] = tries + 1
        return again

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        agent = self.crawler.settings["USER_AGENT"]
        delay = robotparser.crawl_delay(agent)
        if delay and self.crawler.settings.getfloat("DOWNLOAD_DELAY"):
            host = place_of(request.url)[0]
            self._crawl_delay[host] = min(delay, _MAX_CRAWL_DELAY_SECONDS)


def _seconds(header: str) -> float | None:
    """Seconds that a Retry-After asks for, as a number or as a date; None if it is neither."""
    text = header.strip()
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


class ConditionalRequests(_OfVisit):
    """Asks with the ETag and Last-Modified of last time, so that an unchanged page costs nothing.

    A back-fill asks for everything anew.
    """

    def process_request(self, request: Request) -> None:
        # A redirect copies the headers of the address before it.
        request.headers.pop("If-None-Match", None)
        request.headers.pop("If-Modified-Since", None)
        known = self.visit.source.validators.get(without_secrets(request.url))
        if not known or self.visit.source.backfill or request.method != "GET":
            return
        if known.get("etag"):
            request.headers["If-None-Match"] = known["etag"]
        if known.get("last_modified"):
            request.headers["If-Modified-Since"] = known["last_modified"]


class KeptValidators(_OfVisit):
    """Keeps a page's new ETag and Last-Modified once the page has been read without a fault.

    Kept earlier, a page that failed to parse would answer "unchanged" ever after. Pages that lead
    on to others and pages that were not what was expected are never kept (`ask_again` in the
    request's meta): what follows may have changed, and the real page may come back.
    """

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        async for record in result:
            yield record
        if response.status == 200 and not response.meta.get("ask_again"):
            validators = {
                "etag": _header(response, "ETag"),
                "last_modified": _header(response, "Last-Modified"),
            }
            kept = {
                name: value
                for name, value in validators.items()
                if value and value == without_secrets(value)
            }
            if kept:
                self.visit.validators[without_secrets(response.url)] = kept


def _header(response: Response, name: str) -> str:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else ""


class PublicAddressesOnly(_OfVisit):
    """Refuses requests to private addresses that the configuration does not name."""

    async def process_request(self, request: Request) -> None:
        from twisted.internet import reactor

        if not request.url.startswith(("http://", "https://")):
            raise RefusedAddress(f"{request.url.partition(':')[0]}: addresses are not fetched")
        host, place = place_of(request.url)
        if host in self.visit.private_places or place in self.visit.private_places:
            return
        address = host
        if not _is_ip(host):
            # The resolver caches what it answers here for the connection that follows.
            try:
                found = reactor.resolve(host)  # type: ignore[arg-type]
                address = await maybe_deferred_to_future(found)
            except DNSLookupError as error:
                if "private address" in str(error):
                    raise RefusedAddress(str(error)) from error
                raise CannotResolveHostError(f"no address found for {host}") from error
        if not is_public(address):
            raise RefusedAddress(f"{host} is a private address, refused")


def _is_ip(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


class SecretsStayHome(_OfVisit):
    """Takes a secret out of the headers of a request that was redirected to another server.

    Scrapy itself takes out `Authorization` and cookies; services have names of their own. Where
    the secret stands in the new address or in the body the redirect is refused.
    """

    def process_request(self, request: Request) -> None:
        first = request.meta.get("redirect_urls", [request.url])[0]
        if is_home(request.url, first):
            return
        for name, values in list(request.headers.items()):
            if _has_secret(b" ".join(values)):
                del request.headers[name]
        if _has_secret(request.url.encode()) or _has_secret(request.body):
            host = place_of(request.url)[0]
            raise RefusedAddress(f"a redirect to {host} would take a secret along, refused")


def _has_secret(sent: bytes) -> bool:
    texts = (sent.decode("utf-8", "replace"), sent.decode("latin-1"))
    return any(text != without_secrets(text) for text in texts)


class Tally(_OfVisit):
    """Counts what is really sent and answered, without robots.txt."""

    def process_request(self, request: Request) -> None:
        if not is_robots_txt(request):
            self.visit.requests += 1

    def process_response(self, request: Request, response: Response) -> Response:
        if not is_robots_txt(request):
            self.visit.statuses[response.status] += 1
        return response
