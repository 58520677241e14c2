"""Heureka's exports, as recorded.

A local server gives each recording out, for the right key, under the address of its export; one
crawl process reads them.
"""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import etree

if __package__ in (None, ""):  # pytest puts this folder on the path, `python -m` the root
    from crawling import Row, crawl, serving
    from recorded import FOLDER
else:
    from tests.recordings.crawling import Row, crawl, serving
    from tests.recordings.recorded import FOLDER

KEY = "00112233445566778899aabbccddeeff"
EXPORTS = {
    "/direct/dotaznik/export-review.php": "heureka/eshop-reviews.xml",
    "/direct/dotaznik/export-product-review.php": "heureka/product-reviews.xml",
}
_TWICE = "one review stands at two variants of a product, word for word: it is given once"
NOTES = {"heureka/product-reviews.xml": (4, _TWICE)}


def raw_reviews(name: str) -> list[dict[str, str]]:
    """The reviews of a recording as they stand in the file, without our parser."""
    root = etree.fromstring((FOLDER / name).read_bytes())
    return [{child.tag: child.text or "" for child in one} for one in root.iter("review")]


def expected(name: str) -> int:
    """How many reviews of a recording differ in anything that a reader sees."""
    return len({tuple(sorted(review.items())) for review in raw_reviews(name)})


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        is_allowed = parse_qs(parts.query).get("key") == [KEY]
        name = EXPORTS.get(parts.path)
        body = (FOLDER / name).read_bytes() if name and is_allowed else b""
        self.send_response(200 if body or parts.path == "/robots.txt" else 403)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def crawl_owner() -> tuple[list[Row], dict[str, list[dict[str, Any]]]]:
    """A row for every export, by the real process, and the items by recording."""
    with serving(_Handler) as here:
        sources = [
            {"name": name, "kind": "heureka", "url": here + path, "backfill": True}
            for path, name in EXPORTS.items()
        ]
        found = crawl(sources, {"heureka": {"key": KEY}})
    rows = [crawled.row(NOTES, expected(crawled.name)) for crawled in found]
    return rows, {crawled.name: crawled.items for crawled in found}


def table_rows() -> list[Row]:
    """The rows of the exports for the one table (see overview.py)."""
    return crawl_owner()[0]
