"""Reviews that a page marks up with schema.org, as JSON-LD or as microdata, to raw items.

The page decides what is there: a page without markup, or with a new layout that lost it, gives
nothing, and it is the source's health that notices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urldefrag

import lxml.html
from lxml import etree

from monitor.records import RawItem, Reject
from spiders.parse import json_ld
from spiders.parse.addresses import web_address
from spiders.parse.encoding import TooBig, text_encoding, unzipped
from spiders.parse.nodes import Node, first, from_microdata, index_by_id, walk
from spiders.parse.review_fields import Page, is_review, raw_item
from spiders.parse.same_review import joined

_META_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]+encoding=[\"']([\w.:-]+)", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")


@dataclass(frozen=True, slots=True)
class _Found:
    """A review node and what it hangs on."""

    node: Node
    subject: Node | None


def reviews_from_html(
    body: bytes | str,
    url: str,
    source: str,
    fetched_at: str,
    *,
    content_type: str = "",
    language: str | None = None,
) -> tuple[list[RawItem], list[Reject]]:
    """Every review of the page once, in page order; rejects name what is broken and where.

    `url` may be empty for a saved file: then the page's own canonical address is used.
    `language` is the operator's hint, for reviews that do not say theirs.
    """
    tree = readable_page(body, url, source, content_type)
    if isinstance(tree, Reject):
        return [], [tree]
    return reviews_from_tree(tree, url, source, fetched_at, language)


def readable_page(
    body: bytes | str, url: str, source: str, content_type: str = ""
) -> etree._Element | Reject:
    """The page as a tree, or why there is none."""
    try:
        tree = parse_page(body, content_type)
    except TooBig as error:
        return Reject(source, f"page {error}", url)
    return Reject(source, "page is empty", url) if tree is None else tree


def reviews_from_tree(
    tree: etree._Element, url: str, source: str, fetched_at: str, language: str | None = None
) -> tuple[list[RawItem], list[Reject]]:
    """As `reviews_from_html`, of a page that is parsed already."""
    url = url or own_address(tree)
    page = Page(url, source, fetched_at, language)
    documents, rejects = _json_ld(tree, page)
    described, incomplete = _items(documents, page)
    marked, also_incomplete = _items(_microdata(tree, url), page)
    return joined(described, marked), rejects + incomplete + also_incomplete


def parse_page(body: bytes | str, content_type: str = "") -> etree._Element | None:
    """The page as a tree, decoded as it declares itself unless that is a lie; None if empty."""
    if isinstance(body, bytes):
        body = decoded(unzipped(body), content_type)
    body = body.replace("\x00", "")
    if not body.strip():
        return None
    # As bytes again: lxml refuses text with an encoding declaration, as XHTML pages have.
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return lxml.html.document_fromstring(body.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None


def decoded(body: bytes, content_type: str = "") -> str:
    """Text of a page by HTTP header, byte order mark, meta tag or, failing those, its letters."""
    head = body[:4096]
    header = _CHARSET.search(content_type)
    inside = _META_CHARSET.search(head) or _XML_ENCODING.search(head)
    declared = [
        header.group(1) if header else None,
        inside.group(1).decode("ascii") if inside else None,
    ]
    return body.decode(text_encoding(body, declared), "replace")


def own_address(tree: etree._Element) -> str:
    """The address that a saved page gives for itself, "" if none."""
    for path in ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"):
        for address in tree.xpath(path):
            if str(address).startswith(("http://", "https://")):
                return urldefrag(str(address)).url
    for comment in tree.getroottree().xpath("//comment()"):
        match = _SAVED_FROM.match(str(comment))
        if match:
            return match.group(1)
    return ""


def _json_ld(tree: etree._Element, page: Page) -> tuple[list[Any], list[Reject]]:
    documents: list[Any] = []
    rejects: list[Reject] = []
    for number, block in enumerate(json_ld.blocks(tree), 1):
        try:
            documents += json_ld.loads(block)
        except json_ld.BrokenJson as error:
            # A broken breadcrumb costs nobody a review.
            if "review" in block.lower():
                cause = f"JSON-LD block is not valid JSON: {error}"
                place = f"{page.url} JSON-LD block {number}"
                rejects.append(Reject(page.source, cause, place, block))
    return documents, rejects


def _microdata(tree: etree._Element, url: str) -> list[Any]:
    if not tree.xpath("boolean(//*[@itemscope and contains(@itemtype, 'Review')])"):
        return []
    # extruct brings an RDF library along: only pages with such markup pay for it.
    from extruct.w3cmicrodata import MicrodataExtractor

    return [from_microdata(item) for item in MicrodataExtractor().extract_items(tree, url)]


def _items(documents: list[Any], page: Page) -> tuple[list[RawItem], list[Reject]]:
    """Items of one syntax, each review once; a review that says nothing is a reject."""
    index = index_by_id(documents)
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for number, found in enumerate(_reviews(documents, index), 1):
        item = raw_item(found.node, found.subject, index, page)
        if item.text or item.title or item.rating:
            items.append(item)
            continue
        place = f"{page.url} review {number}"
        rejects.append(
            Reject(page.source, "review has neither text nor rating", place, str(found.node))
        )
    return items, rejects


def _reviews(documents: list[Any], index: dict[str, Node]) -> list[_Found]:
    """Review nodes in page order; those with one id are one, known by the product they hang on."""
    found: dict[Any, _Found] = {}
    subject_of: dict[str, Node] = {}
    subjects: list[Node] = []
    for node, parent, name in walk(documents):
        if "aggregateRating" in node and node.get("name"):
            subjects.append(node)
        of_parent = parent if name in ("review", "reviews") else None
        identifier = node.get("@id") if isinstance(node.get("@id"), str) else None
        if of_parent and identifier:
            subject_of.setdefault(identifier, of_parent)
        if not is_review(node, name):
            continue
        key = identifier or id(node)
        known = found.get(key)
        subject = of_parent or (known.subject if known else None)
        found[key] = _Found(index.get(identifier or "", node), subject)
    # A review outside of everything belongs to what the page is about, if that is one thing.
    only = subjects[0] if len({str(first(node["name"])) for node in subjects}) == 1 else None
    return [
        replace(one, subject=one.subject or subject_of.get(str(one.node.get("@id"))) or only)
        for one in found.values()
    ]


def next_address(tree: etree._Element, url: str, selector: str | None = None) -> str | None:
    """Address of the page that follows: the `next` selector's, else rel=next; None at the end."""
    if selector:
        links = [
            str(value)
            for element in tree.cssselect(selector)
            for value in [element.get("href")]
            if value
        ]
    else:
        words = "concat(' ', normalize-space(@rel), ' ')"
        links = tree.xpath(f"//*[self::link or self::a][contains({words}, ' next ')]/@href")
    bases = tree.xpath("//base/@href")
    base = (web_address(str(bases[0]), url) if bases else None) or url
    for link in links:
        address = urldefrag(web_address(str(link), base) or "").url
        if address and address != urldefrag(url).url:
            return address
    return None
