"""The recordings beside the checkout: what is there, how many items each holds, and a server.

The recordings belong to their sites and are not part of the project; where the folder is missing
there is nothing to run.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import unquote
from xml.sax.saxutils import escape

from tests.recordings.serving import Answering, serving

FOLDER = Path(__file__).parents[2].parent / "shared" / "recordings"

_ROW = re.compile(r"^\| (\S+) \| (\d+) \|", re.MULTILINE)
_HEADER = re.compile(rb"Header:\s*Content-type:\s*([^\r\n]+)", re.IGNORECASE)
_HOST = re.compile(rb"https?://[\w.-]+(?::\d+)?")
_NAMESPACE = re.compile(rb"google|sitemaps\.org|w3\.org")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".gz": "application/gzip",
    ".txt": "text/plain",
}
_ENCODINGS = {"html-br.bin": "br", "html-gzip.bin": "gzip", "html-rawdeflate.bin": "deflate"}
_ENCODINGS["bomb-gzip.bin"] = "gzip"

_TWO_PLUGINS = "the same block of reviews stands on the page twice"
_ALL_TWICE = "every review is written twice, word for word"
_ONE_TWICE = "one review is written twice, word for word"
_MICRODATA = "the index counts JSON-LD only, these are microdata"
_SAYS_NOTHING = "the only entry has no title and no text: a reject"
_COUNTED = "no number in the index: counted in the raw file"

CORRECTED: dict[str, tuple[int, str]] = {
    "schema_html/recipes__chefjeanpierre_1.html": (12, _TWO_PLUGINS),
    "schema_html/recipes__recept.html": (5, _ALL_TWICE),
    "schema_html/recipes__hostthetoast_1.html": (59, _ONE_TWICE),
    "schema_html/recipes__rachlmansfield.html": (77, _ONE_TWICE),
    "schema_html/microdata__littlespicejar.html": (5, _MICRODATA),
    "schema_html/microdata__williamssonoma_2.html": (8, _MICRODATA),
    "feeds/rssparser__incomplete-fields.atom": (0, _SAYS_NOTHING),
    "feeds/rssparser__missing-fields.atom": (0, _SAYS_NOTHING),
    "sitemaps/atom.xml": (1, _COUNTED),
    "sitemaps/do-not-visit.txt": (1, _COUNTED),
    "sitemaps/feed.rss": (3, _COUNTED),
    "sitemaps/sitemap-with-bom.txt": (2, _COUNTED),
    "sitemaps/sitemap.txt": (2, _COUNTED),
    "sitemaps/sitemap.txt.gz": (5, _COUNTED),
    "sitemaps/xmlRss_pubDate.xml": (7, _COUNTED),
}
"""Items where INDEX.md's n is not the number of different items in the raw file, and why."""


@cache
def index() -> dict[str, int]:
    """Items of each file by INDEX.md, for the files that it gives a number for."""
    text = (FOLDER / "INDEX.md").read_text("utf-8")
    return {name: int(count) for name, count in _ROW.findall(text)}


def files(*folders: str) -> list[str]:
    """Paths below the recordings of every file in the folders."""
    found = [path for folder in folders for path in (FOLDER / folder).rglob("*") if path.is_file()]
    return sorted(path.relative_to(FOLDER).as_posix() for path in found)


def content_type(name: str, body: bytes) -> str:
    """What a case's own comment says about its header, else a type that fits its name."""
    header = _HEADER.search(body[:2000])
    if header:
        return header.group(1).decode("latin-1").strip()
    return _TYPES.get(Path(name).suffix, "application/xml")


class _Site(Answering):
    """Serves recordings; sitemaps lead to this server, where every address is a review page."""

    def do_GET(self) -> None:
        name = unquote(self.path.split("?", 1)[0]).lstrip("/")
        path = FOLDER / name
        if name.startswith("sitemaps/") and path.is_file():
            self.answer(self._pointing_here(path.read_bytes()), content_type(name, b""))
        elif path.is_file():
            body = path.read_bytes()
            encoding = _ENCODINGS.get(path.name)
            more = {"Content-Encoding": encoding} if encoding else {}
            self.answer(body, content_type(name, body), more=more)
        elif name == "sitemap.jss":
            address = escape(f"{self._here}/page{self.path}")
            self.answer(f"<urlset><url><loc>{address}</loc></url></urlset>".encode(), "text/xml")
        elif name == "robots.txt":
            self.answer(b"", "text/plain")
        else:
            data = f'{{"@type": "Review", "author": "A", "reviewBody": "Of {self.path}"}}'
            page = f'<script type="application/ld+json">{data}</script>'
            self.answer(page.encode(), "text/html; charset=utf-8")

    def _pointing_here(self, body: bytes) -> bytes:
        packed = body.startswith(b"\x1f\x8b")
        text = gzip.decompress(body) if packed else body
        text = _HOST.sub(lambda match: self._turned(match.group(0)), text)
        return gzip.compress(text) if packed else text

    def _turned(self, host: bytes) -> bytes:
        # Namespaces are addresses too: only those of pages are turned around.
        return host if _NAMESPACE.search(host) else self._here.encode()

    @property
    def _here(self) -> str:
        return f"http://{self.headers['Host']}"


@contextmanager
def served() -> Iterator[str]:
    """Address of a local server that gives out the recordings."""
    with serving(_Site) as here:
        yield here
