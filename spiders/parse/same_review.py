"""The same review marked up twice on one page is one item."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from dataclasses import replace

from monitor.records import RawItem

_TAG = re.compile(r"<[^<>]+>")
_CUT_SHORT = 40
"""Letters that must agree before one text counts as the beginning of the other."""


def joined(described: list[RawItem], marked: list[RawItem]) -> list[RawItem]:
    """Reviews of the JSON-LD with those of the microdata that it lacks.

    A review found in both keeps what the JSON-LD says and takes from the microdata what it does
    not. Within one syntax only reviews that agree in everything are one: two customers who write
    "Super" stay two.
    """
    items = _distinct(described)
    if not marked:
        return items
    by_beginning: defaultdict[str, list[int]] = defaultdict(list)
    for position, item in enumerate(items):
        by_beginning[_folded(item.text)[:_CUT_SHORT]].append(position)
    for item in _distinct(marked):
        positions = by_beginning[_folded(item.text)[:_CUT_SHORT]]
        same = next((i for i in positions if _same(items[i], item)), None)
        if same is None:
            items.append(item)
        else:
            items[same] = _filled(items[same], item)
    return items


def _distinct(items: list[RawItem]) -> list[RawItem]:
    seen: dict[tuple[str | None, ...], RawItem] = {}
    for item in items:
        key = (item.author, item.title, item.text, item.rating, item.published)
        if key in seen:
            item = _filled(seen[key], item)
        seen[key] = item
    return list(seen.values())


def _same(one: RawItem, other: RawItem) -> bool:
    if one.author and other.author and _folded(one.author) != _folded(other.author):
        return False
    text, text_too = _folded(one.text), _folded(other.text)
    if not text or not text_too:
        if text != text_too or not (one.author and other.author):
            return False
        return (one.title, one.rating) == (other.title, other.rating)
    shorter, longer = sorted((text, text_too), key=len)
    return text == text_too or (len(shorter) >= _CUT_SHORT and longer.startswith(shorter))


def _folded(text: str) -> str:
    """Letters and digits only: markup, entities, quotes and blanks differ between the two."""
    plain = html.unescape(_TAG.sub(" ", text)).casefold()
    return "".join(char for char in plain if char.isalnum())


def _filled(item: RawItem, other: RawItem) -> RawItem:
    """The item with its gaps filled from the other, and the longer text."""
    gaps = {
        name: getattr(other, name)
        for name in RawItem.__slots__
        if not getattr(item, name) and getattr(other, name)
    }
    gaps.pop("is_html", None)
    if len(_folded(other.text)) > len(_folded(item.text)):
        gaps |= {"text": other.text, "is_html": other.is_html}
    return replace(item, **gaps)
