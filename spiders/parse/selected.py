"""Items of a page by selectors that the user wrote: CSS or XPath, a field each.

A selector is read like this:

    .author                    CSS; `::text` and `::attr(name)` give texts and attributes
    ./b | //h1 | parent::li    XPath, known by how it starts; `//` looks through the whole page
    count(.star.full)          how many there are: ratings that are drawn
    =10                        the text after the sign, the same for every item

A text keeps its markup, so that its lines and quotations can be told apart later; all places that
match belong to it. Any other field is the first place that matches, without markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag

from cssselect import SelectorError
from lxml import etree
from parsel.csstranslator import HTMLTranslator

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.encoding import TooBig
from spiders.parse.mapped import PageContext, mapped_item
from spiders.parse.options import mapping_option, option, pattern, picked
from spiders.parse.reviews import parse_page

_IS_XPATH = re.compile(
    r"/|\./|\.\.|\.$|\(|@|(?:ancestor|parent|self|child|descendant|preceding|following)[a-z-]*::"
)
_COUNT = re.compile(r"count\((.*)\)", re.DOTALL)
_NAMESPACES = {"re": "http://exslt.org/regular-expressions"}
_WITH_MARKUP = ("text", "reply_text")
_NOT_READ = "script|style|noscript|template"

Find = Callable[[etree._Element], list[Any]]
"""Elements, texts and attributes that a selector gives below an element."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """The selectors of one source."""

    item: Find
    fields: Mapping[str, Find]
    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    next: Find | None = None


@dataclass(frozen=True, slots=True)
class SelectedPage:
    """What one page gave; `matched` says how many items its selector found, good or bad."""

    items: list[RawItem]
    rejects: list[Reject]
    matched: int = 0
    following: str | None = None


def selectors_of(options: Mapping[str, Any]) -> Selectors:
    """The selectors in a source's options. Raises ValueError, naming the option, for a bad one."""
    item = option(options, "item", selector)
    fields = mapping_option(options, "fields", selector)
    if item is None or not fields:
        raise ValueError("options item and fields are needed: selectors of an item and its parts")
    return Selectors(
        item=item,
        fields=fields,
        patterns=mapping_option(options, "patterns", pattern),
        next=option(options, "next", selector),
    )


def selector(text: str) -> Find:
    """A selector as a function. Raises ValueError with what is wrong with it."""
    text = text.strip()
    if text.startswith("="):
        return lambda _: [text[1:]]
    counted = _COUNT.fullmatch(text)
    if counted:
        find = selector(counted.group(1))
        return lambda element: [str(len(find(element)))]
    try:
        path = text if _IS_XPATH.match(text) else HTMLTranslator().css_to_xpath(text)
        compiled = etree.XPath(path, namespaces=_NAMESPACES)
    except (SelectorError, etree.XPathError) as error:
        raise ValueError(f"{text!r} is no selector ({error})") from None
    return lambda element: _found(compiled, element)


def _found(path: etree.XPath, element: etree._Element) -> list[Any]:
    found = path(element)
    if isinstance(found, list):
        return found
    if isinstance(found, float) and found.is_integer():
        return [str(int(found))]
    return [str(found)]


def items_by_selectors(
    body: bytes | str, selectors: Selectors, page: PageContext, content_type: str = ""
) -> SelectedPage:
    """Every item of the page in page order, a reject for each that says nothing."""
    try:
        tree = parse_page(body, content_type)
    except TooBig as error:
        return SelectedPage([], [page.reject(f"page {error}")])
    if tree is None:
        return SelectedPage([], [page.reject("page is empty")])
    items: list[RawItem] = []
    rejects: list[Reject] = []
    base = _base(tree, page.url)
    matches = [one for one in selectors.item(tree) if isinstance(one, etree._Element)]
    for number, element in enumerate(matches, 1):
        record = mapped_item(_values(element, selectors, base, page), page, f"item {number}")
        if isinstance(record, RawItem):
            items.append(record)
        else:
            rejects.append(record)
    return SelectedPage(items, rejects, len(matches), _following(tree, selectors, base, page.url))


def _values(
    element: etree._Element, selectors: Selectors, base: str, page: PageContext
) -> dict[str, Any]:
    """The item's values by field. A page that an item stands on with others is its address."""
    values: dict[str, Any] = {}
    places = {name: find(element) for name, find in selectors.fields.items()}
    is_html = any(isinstance(place, etree._Element) for place in places.get("text", []))
    for name, found in places.items():
        if name in _WITH_MARKUP:
            value: str | None = _words(found, is_html)
        else:
            value = next((text for text in map(_plain, found) if text), None)
            if name == "title" and value and is_html:
                value = html.escape(value, quote=False)
        values[name] = picked(value, selectors.patterns.get(name))
    values["is_html"] = is_html
    values["url"] = web_address(values.get("url"), base)
    if not values["url"] and (values.get("kind") or page.kind) in ("review", "comment"):
        values["url"] = page.url
    return values


def _words(found: list[Any], is_html: bool) -> str:
    """All places of a text: with markup where the item has any, else line by line."""
    if is_html:
        parts = [
            _markup(place) if isinstance(place, etree._Element) else html.escape(str(place))
            for place in found
        ]
        return "<br>\n".join(part.strip() for part in parts if part.strip())
    return "\n".join(text for text in map(_plain, found) if text)


def _markup(element: etree._Element) -> str:
    """What stands between an element's tags, as HTML."""
    inside = [html.escape(element.text or "", quote=False)]
    inside += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(inside)


def _plain(place: Any) -> str:
    """The words of a place in one line."""
    if isinstance(place, etree._Element):
        words = place.xpath(f".//text()[not(ancestor::*[{_names(_NOT_READ)}])]")
        return " ".join("".join(str(word) for word in words).split())
    return " ".join(str(place).split())


def _names(names: str) -> str:
    return " or ".join(f"self::{name}" for name in names.split("|"))


def _base(tree: etree._Element, url: str) -> str:
    bases = tree.xpath("//base/@href")
    return (web_address(str(bases[0]), url) if bases else None) or url


def _following(tree: etree._Element, selectors: Selectors, base: str, url: str) -> str | None:
    """Address of the next page: an element's link or the text that the selector gives."""
    for place in selectors.next(tree) if selectors.next else []:
        link = place.get("href") if isinstance(place, etree._Element) else str(place)
        address = urldefrag(web_address(link, base) or "").url
        if address and address != urldefrag(url).url:
            return address
    return None


def addresses_in(body: bytes, links: Find, url: str, content_type: str = "") -> list[str]:
    """The different addresses that a selector finds on a page, in page order, without fragments."""
    try:
        tree = parse_page(body, content_type)
    except TooBig:
        return []
    if tree is None:
        return []
    base = _base(tree, url)
    found: dict[str, None] = {}
    for place in links(tree):
        link = place.get("href") if isinstance(place, etree._Element) else str(place)
        address = urldefrag(web_address(link, base) or "").url
        if address and address != urldefrag(url).url:
            found[address] = None
    return list(found)
