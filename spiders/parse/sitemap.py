"""Sitemaps: XML, plain text, gzip, indexes, and the feeds that may stand in for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from spiders.parse.encoding import TooBig, text_encoding, unzipped
from spiders.parse.xml_feed import NotReadable, parsed_feed

_ADDRESS = re.compile(r"^https?://\S+$")
_FEED_START = re.compile(rb"<(?:rss|feed|(?:\w+:)?RDF)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: pages, newest first where it says when they changed, and sitemaps."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    fault: str | None = None
    """Why nothing could be read, None when it is a sitemap (even an empty one)."""


def read_sitemap(body: bytes) -> Sitemap:
    """The addresses in a sitemap of any form; never raises.

    Broken XML gives what comes before the fault.
    """
    try:
        body = unzipped(body)
    except TooBig as error:
        return Sitemap(fault=f"sitemap {error}")
    if not body.strip():
        return Sitemap(fault="sitemap is empty")
    if b"<" not in body[:1000]:
        return _from_text(body)
    if _FEED_START.search(body[:2000]):
        return _from_feed(body)
    return _from_xml(body)


def _from_text(body: bytes) -> Sitemap:
    lines = body.decode(text_encoding(body, []), "replace").splitlines()
    pages = [line.strip() for line in lines if _ADDRESS.match(line.strip())]
    return Sitemap(pages=tuple(pages), fault=None if pages else "not a sitemap")


def _from_feed(body: bytes) -> Sitemap:
    try:
        entries = parsed_feed(body).entries
    except NotReadable as error:
        return Sitemap(fault=f"sitemap cannot be read ({error})")
    links = [dict.get(entry, "link") for entry in entries]
    return Sitemap(pages=tuple(link for link in links if link and _ADDRESS.match(link)))


def _from_xml(body: bytes) -> Sitemap:
    # Entities stay unresolved: a sitemap has no business with other files.
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    kind = _name(root) if root is not None else ""
    if kind not in ("urlset", "sitemapindex"):
        return Sitemap(fault="not a sitemap")
    entries = list(_entries(root))
    if kind == "sitemapindex":
        return Sitemap(sitemaps=tuple(address for address, _ in entries))
    entries.sort(key=lambda entry: entry[1], reverse=True)
    return Sitemap(pages=tuple(address for address, _ in entries))


def _entries(root: etree._Element) -> Iterator[tuple[str, str]]:
    """(address, last change as written) of each entry; index entries may lack the <loc>."""
    for element in root:
        if _name(element) not in ("url", "sitemap"):
            continue
        fields = {_name(child): (child.text or "").strip() for child in element}
        address = fields.get("loc") or (element.text or "").strip()
        if _ADDRESS.match(address):
            yield address, fields.get("lastmod", "")


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
