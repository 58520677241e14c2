"""Local sites that try to lead a crawl to private places and files, to fill it up or to keep it."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import brotli
from backports import zstd
from faulty_sites import Site, review_page

BOMB_BYTES = 200_000_000


def _zip_of_zeros() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("feed.xml", bytes(BOMB_BYTES))
    return packed.getvalue()


def _brotli(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=1))


BOMBS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    # name: (Content-Encoding, how it is packed)
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "br": ("br", _brotli),
    "zstd": ("zstd", zstd.compress),
    "twice": ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    "gzip-file": ("", gzip.compress),
    "zip-file": ("", lambda data: _zip_of_zeros()),
}


class Luring(Site):
    """Leads to whatever address `targets` has under the number in the query, in many ways."""

    targets: ClassVar[list[str]]

    def answer(self) -> None:
        parts = urlsplit(self.path)
        target = self.targets[int(parse_qs(parts.query)["n"][0])]
        sent = target.encode().decode("latin-1")  # what a header can carry
        page = review_page("Ann")
        match parts.path:
            case "/redirect":
                self.send("", 302, Location=sent)
            case "/refresh":
                meta = f'<meta http-equiv="refresh" content="0; url={target}">'
                self.send(f"<html><head>{meta}</head></html>")
            case "/link-header":
                reviews = [{"id": 1, "text": "Fine"}]
                header = {"Link": f'<{sent}>; rel="next"'}
                self.send(json.dumps(reviews), content_type="application/json", **header)
            case "/next-field":
                answer = {"reviews": [{"id": 1, "text": "Fine"}], "next": target}
                self.send(json.dumps(answer), content_type="application/json")
            case "/rel-next":
                self.send(review_page("Ann", target))
            case "/base":
                base = target.rpartition("/")[0] + "/"
                self.send(page.replace("<head>", f'<head><base href="{base}">').replace(
                    "</head>", '<link rel="next" href="stolen"></head>'))  # fmt: skip
            case "/links":
                self.send(f'<html><body><a class="next" href="{target}">more</a></body></html>')
            case "/sitemap":
                self.send(
                    f"<urlset><url><loc>{target}</loc></url></urlset>", content_type="text/xml"
                )
            case "/sitemap-index":
                inner = f"<sitemap><loc>{target}</loc></sitemap>"
                self.send(f"<sitemapindex>{inner}</sitemapindex>", content_type="text/xml")


class RobotsElsewhere(Site):
    """Its robots.txt is a redirect to the address in `target`."""

    target: ClassVar[str]

    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            self.send("", 302, Location=self.target)
        else:
            super().do_GET()


class Bombs(Site):
    """A few kilobytes at most that unpack to two hundred megabytes, packed in every way."""

    packed: ClassVar[dict[str, bytes]] = {}

    def answer(self) -> None:
        name = self.path.strip("/")
        encoding, pack = BOMBS[name]
        if name not in self.packed:
            self.packed[name] = pack(bytes(BOMB_BYTES))
        extra = {"Content-Encoding": encoding} if encoding else {}
        self.send(self.packed[name], content_type="application/xml", **extra)


class Entities(Site):
    """XML that asks its reader to read a file for it, or to unfold a text for ever."""

    file: ClassVar[str]

    def answer(self) -> None:
        laughs = "".join(
            f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
        )  # ten to the ninth
        declared = {
            "file": f'<!ENTITY e SYSTEM "{self.file}">',
            "laughs": f'<!ENTITY l0 "ha">{laughs}<!ENTITY e "&l9;">',
        }
        name, _, shape = self.path.strip("/").partition("-")
        head = f'<?xml version="1.0"?><!DOCTYPE x [{declared[name]}]>'
        shapes = {
            "feed": "<rss version='2.0'><channel><item><guid>1</guid><title>Kettle</title>"
            "<description>&e;</description></item></channel></rss>",
            "sitemap": f"<urlset><url><loc>http://{self.headers['Host']}/&e;</loc></url></urlset>",
        }
        self.send(head + shapes[shape], content_type="text/xml")


class NeverEnding(Site):
    """However one goes on here, there is always another page with something new."""

    def answer(self) -> None:
        parts = urlsplit(self.path)
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        following = f"http://{self.headers['Host']}{parts.path}?page={number + 1}"
        page = f"<html><p class='r'>Review {number}</p><a class='n' href='{following}'>n</a></html>"
        answer: dict[str, Any] = {"reviews": [{"id": number, "text": f"Review {number}"}]}
        match parts.path:
            case "/redirects":
                self.send("", 302, Location=following)
            case "/refreshes":
                meta = f'<meta http-equiv="refresh" content="0; url={following}">'
                self.send(f"<html><head>{meta}</head></html>")
            case "/sitemaps":
                inner = f"<sitemap><loc>{following}</loc></sitemap>"
                self.send(f"<sitemapindex>{inner}</sitemapindex>", content_type="text/xml")
            case "/pages":
                self.send(page)
            case _:
                answer |= {"next": following, "cursor": str(number + 1)}
                header = {"Link": f'<{following}>; rel="next"'}
                self.send(json.dumps(answer), content_type="application/json", **header)
