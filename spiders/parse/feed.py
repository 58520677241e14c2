"""Feeds to raw items: RSS 0.9 to 2.0, Atom, RDF through feedparser; JSON Feed in its own module.

Feeds lie about their encoding, break off in the middle and leave out what standards demand.
Whatever can be read becomes items; what cannot becomes a named reject.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.encoding import TooBig, unzipped
from spiders.parse.json_feed import items_from_json_feed, looks_like_json
from spiders.parse.xml_feed import NotReadable, parsed_feed

_ENTRY_START = re.compile(rb"<(?:[\w-]+:)?(?:item|entry)[\s>]")
_MAIL_AND_NAME = re.compile(r"^\S+@\S+\s*\((.+)\)$|^(.+?)\s*[<(]\S+@\S+[>)]$")
_NAME_CHARS = 300
_TAG = re.compile(r"<[^<>]+>")
_FEED_LINK = re.compile(
    r"<link\b[^>]*type=[\"']application/(?:rss|atom|feed)\+(?:xml|json)[\"'][^>]*>", re.IGNORECASE
)
_HREF = re.compile(r"href=[\"']([^\"']+)[\"']", re.IGNORECASE)
_HTML_START = re.compile(rb"<!doctype html|<html|<head|<body", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedContext:
    """What every item of one feed shares."""

    url: str
    source: str
    fetched_at: str
    kind: str = "news"
    language: str | None = None
    """The operator's hint: used where an entry itself does not say otherwise than the feed."""


def items_from_feed(
    body: bytes,
    headers: Mapping[str, str],
    url: str,
    source: str,
    fetched_at: str,
    *,
    kind: str = "news",
    language: str | None = None,
) -> tuple[list[RawItem], list[Reject]]:
    """Items in the order of the feed, and a reject for every entry that says nothing.

    `headers` are the response's, names in lower case; only content-type is looked at. A body
    that is no feed at all gives no item and one reject that says what it is instead.
    """
    context = FeedContext(url, source, fetched_at, kind, language)
    try:
        body = unzipped(body)
    except TooBig as error:
        return [], [Reject(source, f"feed {error}", url)]
    if not body.strip():
        return [], [Reject(source, "not a feed: the answer is empty", url)]
    if looks_like_json(body):
        return items_from_json_feed(body, context)
    try:
        parsed = parsed_feed(body, headers.get("content-type", ""))
    except NotReadable as error:
        return [], [Reject(source, f"feed cannot be read ({error})", url, _start_of(body))]
    if not parsed.entries and not parsed.version:
        return [], [Reject(source, _what_instead(body, url), url, _start_of(body))]
    return _entries(parsed, body, context)


def _entries(parsed: Any, body: bytes, context: FeedContext) -> tuple[list[RawItem], list[Reject]]:
    items: list[RawItem] = []
    rejects: list[Reject] = []
    title = dict.get(parsed.feed, "title_detail") or {}
    feed_language = dict.get(parsed.feed, "language") or title.get("language")
    # Of an Atom feed all entries are by its author that do not say otherwise (RFC 4287, 4.2.1).
    feed_author = _author(parsed.feed) if parsed.version.startswith("atom") else None
    for number, entry in enumerate(parsed.entries, 1):
        item = _item(entry, context, feed_language, feed_author)
        if item.title or item.text:
            items.append(item)
            continue
        place = f"{context.url} entry {number}"
        excerpt = item.url or item.native_id or ""
        rejects.append(Reject(context.source, "entry has neither title nor text", place, excerpt))
    lost = len(_ENTRY_START.findall(body)) - len(parsed.entries)
    if parsed.bozo and lost > 0:
        words = "1 entry" if lost == 1 else f"{lost} entries"
        cause = f"feed is not well-formed, {words} could not be read"
        excerpt = str(parsed.get("bozo_exception", ""))
        rejects.append(Reject(context.source, cause, context.url, excerpt))
    return items, rejects


def _item(
    entry: Any, context: FeedContext, feed_language: str | None, feed_author: str | None
) -> RawItem:
    text, is_html, text_language = _text(entry)
    entry_language = _get(entry, "language") or text_language
    published, edited = _dates(entry)
    return RawItem(
        source=context.source,
        fetched_at=context.fetched_at,
        kind=context.kind,
        native_id=_get(entry, "id"),
        url=_address(entry, context.url),
        title=_title(entry),
        text=text,
        is_html=is_html,
        author=_author_in(entry, feed_author),
        rating=_rating(entry),
        published=published,
        edited=edited,
        language=_language(entry_language, context.language, feed_language),
        reach=_reach(entry),
    )


def _get(entry: Any, key: str) -> str | None:
    # dict.get, because FeedParserDict answers for one date with another and warns about it.
    value = dict.get(entry, key)
    return _clean(value) if isinstance(value, str) else None


def _clean(value: str | None) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _language(entry: str | None, operator: str | None, feed: str | None) -> str | None:
    """An entry's own word, then the operator's, then the feed's, which is often a default."""
    if entry and entry != feed:
        return entry
    return operator or feed or None


def _address(entry: Any, base: str) -> str | None:
    # FeedBurner writes its own address, which counts readers, and the page's behind it.
    if (page := web_address(_get(entry, "feedburner_origlink"), base)) is not None:
        return page
    link = _get(entry, "link")
    if link and link == _get(entry, "id") and "://" not in link:
        return None  # RSS takes a guid for a link unless told otherwise; "post-17" is none.
    return web_address(link, base)


def _author_in(entry: Any, feed_author: str | None) -> str | None:
    """The entry's own author, else the one of the feed it was taken from, else of this feed."""
    if "authors" in entry:  # said, and be it without a name
        return _author(entry)
    source = dict.get(entry, "source") or {}
    return _author(entry) or _author(source) or (None if source else feed_author)


def _author(entry: Any) -> str | None:
    """The name, without the mail address that RSS wants beside it."""
    written = _get(entry, "author")
    detail = dict.get(entry, "author_detail") or {}
    # feedparser cuts addresses of long top-level domains in the middle.
    match = _MAIL_AND_NAME.match((written or "")[:_NAME_CHARS])
    if match:
        return match.group(1) or match.group(2)
    return _clean(detail.get("name")) or written


def _dates(entry: Any) -> tuple[str | None, str | None]:
    """(published, edited) as written. The only date that an entry has is when it was published."""
    published = _get(entry, "published") or _get(entry, "created")
    updated = _get(entry, "updated")
    if published is None:
        return updated, None
    return published, updated if updated != published else None


def _title(entry: Any) -> str | None:
    detail = dict.get(entry, "title_detail") or {}
    title = detail.get("value") or dict.get(entry, "title") or ""
    if "html" in detail.get("type", ""):
        title = html.unescape(_TAG.sub(" ", title))
    return " ".join(title.split()) or None


def _text(entry: Any) -> tuple[str, bool, str | None]:
    """(text, is it HTML, language): the longest content, else the summary."""
    summary = dict.get(entry, "summary_detail") or {}
    contents = [part for part in dict.get(entry, "content") or [] if _is_text(part)]
    parts = sorted(contents, key=lambda part: len(part.get("value") or ""), reverse=True)
    for part in [*parts, summary]:
        value = (part.get("value") or "").strip()
        if value:
            return value, "html" in (part.get("type") or ""), part.get("language") or None
    return "", False, None


def _is_text(part: Mapping[str, Any]) -> bool:
    media_type = part.get("type") or "text/plain"
    return media_type.startswith("text/") or "html" in media_type


def _rating(entry: Any) -> str | None:
    """Stars where the feed has them: the App Store's `im:rating`, or a plain `rating` element."""
    rating = _get(entry, "im_rating") or _get(entry, "rating")
    return rating if rating and rating[0].isdigit() else None


def _reach(entry: Any) -> dict[str, int]:
    """Comment and view counts where the feed carries them (slash, thread and media modules)."""
    statistics = dict.get(entry, "media_statistics") or {}
    counts = {
        "comments": _get(entry, "slash_comments") or _get(entry, "thr_total"),
        "views": statistics.get("views"),
    }
    return {name: int(count) for name, count in counts.items() if count and count.isdigit()}


def _what_instead(body: bytes, url: str) -> str:
    """Says in words what came instead of a feed, and names the page's own feed if it has one."""
    if not _HTML_START.search(body[:4000]):
        return "not a feed"
    link = _FEED_LINK.search(body[:20_000].decode("utf-8", "replace"))
    href = _HREF.search(link.group(0)) if link else None
    address = web_address(html.unescape(href.group(1)), url) if href else None
    if address:
        return f"not a feed but an HTML page; its feed is {address}"
    return "not a feed but an HTML page"


def _start_of(body: bytes) -> str:
    return body[:300].decode("utf-8", "replace")
