"""Real local servers, one small class for each thing that sites do to a crawler."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Site</title>
<item><guid>g-1</guid><title>Kettle leaks</title><link>/1</link>
<description>Leaks after a week.</description></item></channel></rss>"""


def review_page(author: str, following: str = "", text: str = "Works well enough.") -> str:
    """A page with one review in JSON-LD, and a link to the next page if one is given."""
    link = f'<link rel="next" href="{following}">' if following else ""
    data = f'{{"@type": "Review", "author": "{author}", "reviewBody": "{text}"}}'
    return f'<html><head>{link}<script type="application/ld+json">{data}</script></head></html>'


class Site(BaseHTTPRequestHandler):
    """A well-behaved feed; subclasses misbehave. `asked` has every path but robots.txt."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[str]]
    agents: ClassVar[set[str]]
    began: ClassVar[threading.Event]
    robots = "User-agent: *\nDisallow: /private/\n"

    def do_GET(self) -> None:
        self.agents.add(self.headers.get("User-Agent", ""))
        if self.path == "/robots.txt":
            self.send(self.robots, content_type="text/plain")
            return
        self.asked.append(self.path)
        self.began.set()
        self.answer()

    def answer(self) -> None:
        self.send(FEED, content_type="application/rss+xml")

    def send(
        self,
        body: str | bytes,
        status: int = 200,
        content_type: str = "text/html; charset=utf-8",
        **headers: str,
    ) -> None:
        data = body.encode("utf-8") if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", headers.pop("content_length", str(len(data))))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Keeps the tests' output clean."""


class Fine(Site):
    """Gives a feed, and a sitemap index that leads to two review pages by way of a .gz."""

    def answer(self) -> None:
        host = f"http://{self.headers['Host']}"
        match self.path:
            case "/sitemap.xml":
                entry = f"<sitemap><loc>{host}/pages.xml.gz</loc></sitemap>"
                self.send(f"<sitemapindex>{entry}</sitemapindex>", content_type="text/xml")
            case "/pages.xml.gz":
                paths = ("/product/1", "/about", "/product/2")
                entries = "".join(f"<url><loc>{host}{path}</loc></url>" for path in paths)
                packed = gzip.compress(f"<urlset>{entries}</urlset>".encode())
                self.send(packed, content_type="application/gzip")
            case "/product/1" | "/product/2":
                self.send(review_page(f"Ann {self.path[-1]}"))
            case _:
                super().answer()


class Forbidden(Site):
    def answer(self) -> None:
        self.send("<h1>No</h1>", 403)


class BusyOnce(Site):
    """Asks for one second of patience and then delivers."""

    def answer(self) -> None:
        if len(self.asked) == 1:
            self.send("wait", 429, Retry_After="1")
        else:
            super().answer()


class BusyForHours(Site):
    def answer(self) -> None:
        self.send("wait", 429, Retry_After="7200")


class Failing(Site):
    def answer(self) -> None:
        self.send("<h1>Oops</h1>", 500)


class Dripping(Site):
    """Sends a byte now and then, for as long as somebody listens."""

    def answer(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        pause = threading.Event()
        try:
            while not pause.wait(0.05):
                self.wfile.write(b" ")
                self.wfile.flush()
        except OSError:
            return


class BreakingOff(Site):
    def answer(self) -> None:
        self.send(FEED[:150], content_length="5000", content_type="text/xml")
        self.close_connection = True


class Endless(Site):
    """Every page has a new review and a next page."""

    def answer(self) -> None:
        number = int(self.path.rpartition("=")[2]) if "=" in self.path else 1
        self.send(review_page(f"Person {number}", f"/?page={number + 1}"))


class Circular(Site):
    """Every page has the same review and yet a next page."""

    def answer(self) -> None:
        self.send(review_page("Always Me", f"/?page={len(self.asked) + 1}"))


class LeadingAway(Site):
    """Its next page is on another site."""

    def answer(self) -> None:
        self.send(review_page("Ann", "http://elsewhere.invalid/reviews?page=2"))


class Bomb(Site):
    """A few kilobytes that unpack to thirty megabytes."""

    def answer(self) -> None:
        packed = gzip.compress(b"\0" * 30_000_000)
        self.send(packed, content_type="text/xml", Content_Encoding="gzip")


class Huge(Site):
    def answer(self) -> None:
        self.send(b"x", content_length="20000000", content_type="text/xml")
        self.close_connection = True


class Redirecting(Site):
    """Sends us to whatever stands behind `/to/`."""

    def answer(self) -> None:
        self.send("", 302, Location=self.path.removeprefix("/to/"))


class Unchanged(Site):
    """Answers 304 to who knows the current version."""

    def answer(self) -> None:
        if self.headers.get("If-None-Match") == '"v7"':
            self.send_response(304)
            self.send_header("ETag", '"v7"')
            self.end_headers()
        else:
            self.send(FEED, content_type="text/xml", ETag='"v7"')


class Captcha(Site):
    """A wall in place of the content, with an ETag that must not be believed."""

    def answer(self) -> None:
        page = "<html><title>Just a moment...</title><body>Are you a robot?</body></html>"
        self.send(page, ETag='"wall"')


class OneAtATime(Site):
    """Notices when two requests are open at once."""

    open_now: ClassVar[int] = 0
    most_open: ClassVar[int] = 0
    lock: ClassVar[threading.Lock] = threading.Lock()

    def answer(self) -> None:
        kind = type(self)
        with self.lock:
            kind.open_now += 1
            kind.most_open = max(kind.most_open, kind.open_now)
        threading.Event().wait(0.1)  # time enough for a second request to come in
        with self.lock:
            kind.open_now -= 1
        super().answer()


@contextmanager
def serving(kind: type[Site], host: str = "127.0.0.1") -> Iterator[tuple[str, type[Site]]]:
    """(address without trailing slash, the class whose `asked` fills) while it is served."""
    fresh = type(kind.__name__, (kind,), {"asked": [], "agents": set(), "began": threading.Event()})
    server = ThreadingHTTPServer((host, 0), fresh)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}", fresh
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
