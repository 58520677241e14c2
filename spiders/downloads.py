"""Downloads that can be stopped, and that never reach a private address by accident.

A link, a redirect or a name in somebody's DNS may point at the machine itself, at the company's
network or at a cloud's metadata service. Such an address is fetched only where the configuration
itself names it.
"""

from __future__ import annotations

import asyncio
import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from spiders.job import Job, SourceJob

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred

_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")
"""For protocols between neighbours; Python takes most of it for the open internet."""


class Stopped(IgnoreRequest):
    """The download was cut short because the visit ends: no fault of the site."""


class RefusedAddress(IgnoreRequest):
    """A request was refused because it leads to a private address or to no web address at all."""


def is_public(address: str) -> bool:
    """True for an IP address of the open internet; False for private, local, reserved, no IP."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in _PROTOCOLS
    inner = ip.ipv4_mapped or ip.sixtofour
    if inner:  # the way leads to that address in the end
        return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_site_local)


def is_plainly_private(host: str) -> bool:
    """True for a host that says it is private by its very name: a private IP or localhost."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return not is_public(host)


def private_places(source: SourceJob, job: Job) -> frozenset[str]:
    """What this source may fetch although it is private: "host" or "host:port".

    The source's own server, port and all, if its configured address is plainly private; a name
    that merely resolves to a private address is not enough, DNS can be changed by others.
    """
    places = set(job.allow_private)
    for url in (source.url, source.options.get("sitemap")):
        host, place = place_of(str(url or ""))
        if is_plainly_private(host):
            places.add(place)
    return frozenset(places)


def place_of(url: str) -> tuple[str, str]:
    """("host", "host:port") of an address, in lower case; ("", "") if it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "", ""
    host = (parts.hostname or "").lower()
    return host, f"{host}:{port}" if host else ""


def is_home(url: str, home: str) -> bool:
    """Whether an address is on the server of another one, and no less private on the way there."""
    if url.startswith("http:") and home.startswith("https:"):
        return False
    (host, place), place_at_home = place_of(url), place_of(home)[1]
    is_upgrade = (place_at_home, place) == (f"{host}:80", f"{host}:443")
    return place == place_at_home or is_upgrade


class PublicResolver(CachingThreadedResolver):
    """Scrapy's DNS resolver, which answers with a private address only for names allowed to.

    The check stands here too, and not only before the request: a name that changes its address
    between the check and the connection gains nothing.
    """

    allowed: frozenset[str] = frozenset()
    """Host names of this process that may be private; set by spiders.run before it starts."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        found: Deferred[str] = super().getHostByName(name, timeout)
        if name.lower() in self.allowed:
            return found
        return found.addCallback(_public_or_raise, name)


def _public_or_raise(address: str, name: str) -> str:
    if not is_public(address):
        raise DNSLookupError(f"{name} is the private address {address}")
    return address


class StoppableDownloads(HTTP11DownloadHandler):
    """Scrapy's HTTP downloads, ended at once when the visit is stopped.

    Scrapy itself lets a running download finish, which for a slow server is half a minute.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawler_of_visit = crawler

    async def download_request(self, request: Request) -> Response:
        visit = self._crawler_of_visit.spider.visit  # type: ignore[union-attr]
        if visit.stopping.is_set():
            raise Stopped("the visit has ended")
        work = asyncio.ensure_future(super().download_request(request))
        try:
            response: Response = await visit.download(work)
        except asyncio.CancelledError:
            if visit.stopping.is_set():
                raise Stopped("the visit has ended") from None
            raise
        return response
