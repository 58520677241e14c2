"""Sample sites on localhost, in the shapes that real ones use.

The shop's reviews are JSON-LD on numbered pages, the competitor's are microdata with Persian dates
in the Jalali calendar, posts are an RSS feed, the press is an Atom feed that reprints some of them.
A webhook on the same server keeps the alerts that the demo sends.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jdatetime
from jinja2 import Environment, PackageLoader, select_autoescape

from monitor.demo.story import COMPETITOR, OWN, StoryItem

PER_PAGE = 20
PRESS_IDS = 8
"""How many posts the press reprints: enough to see near-duplicates linked."""

_templates = Environment(
    loader=PackageLoader("monitor.demo", "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
)


class SampleSite:
    """A running server; `show(items)` says what it serves from now on."""

    def __init__(self) -> None:
        self.items: list[StoryItem] = []
        self.received: list[dict[str, Any]] = []
        site = self

        class Handler(_Handler):
            sample = site

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self) -> SampleSite:
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def show(self, items: Sequence[StoryItem]) -> None:
        """Serves these from now on, newest first."""
        self.items = sorted(items, key=lambda item: item.published, reverse=True)

    def page(self, path: str, query: dict[str, list[str]]) -> tuple[str, str] | None:
        """(content type, body) of a path, or None where there is no page."""
        parts = path.strip("/").split("/")
        if parts == ["robots.txt"]:
            return "text/plain", "User-agent: *\nAllow: /\n"
        if parts == ["zelvano", "posts.rss"]:
            return "application/rss+xml", self._feed("posts.rss", self._posts())
        if parts == ["press", "news.atom"]:
            return "application/atom+xml", self._feed("press.atom", self._posts()[-PRESS_IDS:])
        if len(parts) == 3 and parts[2] == "reviews":
            brand = {"zelvano": OWN, "torvika": COMPETITOR}.get(parts[0])
            return self._reviews(brand, parts[1], int(query.get("page", ["1"])[0]))
        return None

    def _posts(self) -> list[StoryItem]:
        return [item for item in self.items if item.channel == "posts"]

    def _feed(self, template: str, items: Sequence[StoryItem]) -> str:
        return _templates.get_template(template).render(
            items=items, url=self.url, rfc822=format_datetime
        )

    def _reviews(self, brand: str | None, language: str, number: int) -> tuple[str, str] | None:
        found = [
            item
            for item in self.items
            if item.brand == brand and item.language == language and item.channel == "reviews"
        ]
        page = found[(number - 1) * PER_PAGE : number * PER_PAGE]
        if brand is None or (not page and number > 1):
            return None
        is_own = brand == OWN
        body = _templates.get_template("json_ld.html" if is_own else "microdata.html").render(
            brand=brand,
            language=language,
            direction="rtl" if language == "fa" else "ltr",
            items=page,
            next_page=number + 1 if len(found) > number * PER_PAGE else None,
            json_ld=_json_ld(brand, page, f"{self.url}/{brand.lower()}"),
            written=_written,
        )
        return "text/html; charset=utf-8", body


class _Handler(BaseHTTPRequestHandler):
    sample: SampleSite
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        page = self.sample.page(parts.path, parse_qs(parts.query))
        if page is None:
            self._answer(404, "text/plain", b"no such page")
            return
        content_type, body = page
        content = body.encode()
        etag = f'"{sha256(content).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, content_type, b"", etag)
        else:
            self._answer(200, content_type, content, etag)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.sample.received.append(json.loads(body))
        self._answer(200, "text/plain", b"thank you")

    def _answer(self, status: int, content_type: str, body: bytes, etag: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the demo's own output is what the user reads."""


def _json_ld(brand: str, items: Sequence[StoryItem], url: str) -> str:
    reviews = [_review(item, url) for item in items]
    rated = [item.rating for item in items if item.rating]
    content = {
        "@context": "https://schema.org",
        "@type": "OnlineStore",
        "name": brand,
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": round(sum(rated) / len(rated), 1) if rated else None,
            "reviewCount": len(items),
        },
        "review": reviews,
    }
    # "</" would end the script element: escaped as a slash may be in JSON.
    return json.dumps(content, ensure_ascii=False).replace("</", "<\\/")


def _review(item: StoryItem, url: str) -> dict[str, Any]:
    review: dict[str, Any] = {
        "@type": "Review",
        "@id": f"{url}/reviews/{item.id}",
        "author": {"@type": "Person", "name": item.author},
        "datePublished": item.published.isoformat(),
        "inLanguage": item.language,
        "reviewBody": item.text,
        "reviewRating": {"@type": "Rating", "ratingValue": str(item.rating), "bestRating": "5"},
    }
    if item.title:
        review["name"] = item.title
    if item.location:
        review["locationCreated"] = {"@type": "Place", "name": item.location}
    if item.reply and item.reply_at:
        review["comment"] = {
            "@type": "Comment",
            "author": {"@type": "Organization", "name": item.brand},
            "text": item.reply,
            "datePublished": item.reply_at.isoformat(),
        }
    return review


def _written(moment: datetime, language: str) -> str:
    """A date as sites of that language write it; Persian ones in the Jalali calendar."""
    if language == "fa":
        jalali = jdatetime.date.fromgregorian(date=moment.date())
        return f"{jalali.year}/{jalali.month:02}/{jalali.day:02}".translate(
            str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
        )
    return moment.isoformat()
