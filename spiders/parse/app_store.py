"""Apple's customer review feeds to raw items, from XML (with dates) and from JSON (without)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.answers import Node, NotJson, counts, json_answer, node, nodes, start_of, text
from spiders.parse.encoding import TooBig, unzipped
from spiders.parse.json_feed import looks_like_json
from spiders.parse.paged import Page, refused
from spiders.parse.xml_feed import NotReadable, parsed_feed

LAST_PAGE = 10
"""Apple keeps ten pages of fifty for each country; later ones are errors."""

_ENTRIES_A_PAGE = 50
_PAGE = re.compile(r"[/=]page=(\d{1,4})\b|^page=(\d{1,4})\b")
_APP = re.compile(r"/id=?(\d{4,15})(?![\d])")
_COUNTRY = re.compile(r"^https?://[^/?#]+/([a-z]{2})(?:/|$)")
_HTML = re.compile(rb"<!doctype html|<html|<head|<body", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Feed:
    """The feed whichever way it was written: entries as plain texts, links by their rel."""

    entries: list[dict[str, str | None]]
    links: dict[str, str]


def app_at(url: str) -> tuple[str, str] | None:
    """(app id, country) of an app's page or feed; the country is "us" where none is named."""
    app = _APP.search(url)
    country = _COUNTRY.match(url)
    return (app[1], country[1] if country else "us") if app else None


def items_from_app_store(
    body: bytes,
    url: str,
    source: str,
    fetched_at: str,
    *,
    content_type: str = "",
    country: str | None = None,
    language: str | None = None,
) -> Page:
    """Reviews of one page of a feed; `following` is the next page's number.

    The entry that describes the app itself is no review and names the `subject` of the others.
    An empty feed is an empty page; an answer that is no feed is a reject and a refusal.
    """
    try:
        feed = _read(unzipped(body), content_type)
    except (NotJson, NotReadable, TooBig) as error:
        return refused(source, f"not a review feed: {error}", url, body)
    subject = next((one["app"] for one in feed.entries if one["app"]), None)
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for number, entry in enumerate(feed.entries, 1):
        if entry["app"]:
            continue
        if not (entry["title"] or entry["text"] or entry["rating"]):
            place = f"{url} entry {number}"
            rejects.append(Reject(source, "review without text and rating", place, str(entry)))
            continue
        items.append(_item(entry, url, source, fetched_at, country, language, subject))
    return Page(items, rejects, _following(feed, url, len(items)))


def _item(
    entry: Mapping[str, str | None],
    url: str,
    source: str,
    fetched_at: str,
    country: str | None,
    language: str | None,
    subject: str | None,
) -> RawItem:
    rating, votes = entry["rating"], entry["votes"] or ""
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        native_id=entry["id"],
        url=web_address(entry["link"], url),
        title=entry["title"],
        text=entry["text"] or "",
        author=entry["author"],
        rating=rating,
        rating_best="5" if rating else None,
        rating_worst="1" if rating else None,
        # The feed's one date: it moves when the review is edited.
        published=entry["updated"],
        language=language,
        reach=counts(likes=int(votes) if votes.isascii() and votes.isdigit() else 0),
        location=country.upper() if country else None,
        subject=subject,
    )


def _following(feed: _Feed, url: str, reviews: int) -> str | None:
    """The next page's number: by rel=next, as far as rel=last, further if this page is full.

    An empty page ends it, for the feed always names a next one.
    """
    here, following = page_number(url) or 1, page_number(feed.links.get("next", ""))
    if not reviews or following is None or not here < following <= LAST_PAGE:
        return None
    last = page_number(feed.links.get("last", ""))
    is_more = last is None or following <= last or reviews >= _ENTRIES_A_PAGE
    return str(following) if is_more else None


def page_number(url: str) -> int | None:
    """The number behind `page=` in a feed's path (its query repeats another one)."""
    found = _PAGE.search(url.partition("?")[0])
    return int(found[1] or found[2]) if found else None


def _read(body: bytes, content_type: str) -> _Feed:
    """Raises NotJson or NotReadable with what the answer is instead."""
    if not body.strip():
        raise NotReadable("the answer is empty")
    if looks_like_json(body):
        feed = json_answer(body)
        if not isinstance(feed, dict) or not isinstance(feed.get("feed"), dict):
            raise NotJson("JSON without a feed")
        return _from_json(feed["feed"])
    if _HTML.search(body[:2000]):
        raise NotReadable("an HTML page")
    parsed = parsed_feed(body, content_type)
    if not parsed.version:
        raise NotReadable(start_of(body)[:60])
    return _from_xml(parsed)


# --- JSON: every text is the label of an object, a lone entry or link is no list ------------------


def _from_json(feed: Node) -> _Feed:
    links = [node(one.get("attributes")) for one in _several(feed.get("link"))]
    return _Feed(
        [_json_entry(entry) for entry in _several(feed.get("entry"))],
        {str(link.get("rel")): text(link.get("href")) or "" for link in links},
    )


def _several(value: Any) -> list[Node]:
    return [value] if isinstance(value, dict) else nodes(value)


def _json_entry(entry: Node) -> dict[str, str | None]:
    def label(name: str, within: Node = entry) -> str | None:
        return text(node(within.get(name)).get("label"))

    links = [node(one.get("attributes")) for one in _several(entry.get("link"))]
    return {
        "app": label("im:name"),
        "id": label("id"),
        "title": label("title"),
        "text": label("content"),
        "author": label("name", node(entry.get("author"))),
        "rating": label("im:rating"),
        "updated": label("updated"),
        "votes": label("im:voteSum"),
        "link": next((text(link.get("href")) for link in links), None),
    }


# --- XML: each text twice, plain and as an HTML table --------------------------------------------


def _from_xml(parsed: Any) -> _Feed:
    links = dict.get(parsed.feed, "links") or []
    return _Feed(
        [_xml_entry(entry) for entry in parsed.entries],
        {str(link.get("rel")): str(link.get("href") or "") for link in links},
    )


def _xml_entry(entry: Any) -> dict[str, str | None]:
    def got(name: str) -> str | None:
        # dict.get, because FeedParserDict answers for one date with another and warns about it.
        return text(dict.get(entry, name))

    parts = dict.get(entry, "content") or []
    plain = [part for part in parts if "html" not in (part.get("type") or "")]
    links = [one for one in dict.get(entry, "links") or [] if one.get("rel") == "related"]
    return {
        "app": got("im_name"),
        "id": got("id"),
        "title": got("title"),
        "text": text(plain[0].get("value")) if plain else None,
        "author": text((dict.get(entry, "author_detail") or {}).get("name")) or got("author"),
        "rating": got("im_rating"),
        "updated": got("updated"),
        "votes": got("im_votesum"),
        "link": next((text(link.get("href")) for link in links), None),
    }
