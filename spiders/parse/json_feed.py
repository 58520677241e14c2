"""JSON Feed (versions 1 and 1.1) to raw items; feedparser reads only XML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address

if TYPE_CHECKING:
    from spiders.parse.feed import FeedContext


def looks_like_json(body: bytes) -> bool:
    """True for a body that starts like a JSON object or list, in any Unicode encoding."""
    start = body[:8].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return start[:1] in (b"{", b"[")


def items_from_json_feed(body: bytes, context: FeedContext) -> tuple[list[RawItem], list[Reject]]:
    """Items of a JSON Feed; one reject for JSON that is broken or something else."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        cause = f"not a feed: broken JSON ({error})"
        return [], [_reject(context, cause, body[:300].decode("utf-8", "replace"))]
    entries = document.get("items") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        cause = "not a feed: JSON without a list of items"
        return [], [_reject(context, cause, body[:300].decode("utf-8", "replace"))]
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for number, entry in enumerate(entries, 1):
        item = _item(entry, context, document) if isinstance(entry, dict) else None
        if item and (item.title or item.text):
            items.append(item)
            continue
        cause = "entry has neither title nor text"
        rejects.append(_reject(context, cause, str(entry), f" entry {number}"))
    return items, rejects


def _item(entry: dict[str, Any], context: FeedContext, document: dict[str, Any]) -> RawItem:
    markup, plain = _text(entry, "content_html"), _text(entry, "content_text")
    text = markup or plain or _text(entry, "summary") or ""
    link = _text(entry, "url") or _text(entry, "external_url")
    return RawItem(
        source=context.source,
        fetched_at=context.fetched_at,
        kind=context.kind,
        native_id=_text(entry, "id"),
        url=web_address(link, context.url),
        title=_text(entry, "title"),
        text=text,
        is_html=bool(markup),
        author=_author(entry) or _author(document),
        published=_text(entry, "date_published"),
        edited=_text(entry, "date_modified"),
        language=_text(entry, "language") or context.language or _text(document, "language"),
    )


def _text(entry: dict[str, Any], key: str) -> str | None:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def _author(node: dict[str, Any]) -> str | None:
    people = node.get("authors") or [node.get("author")]
    if not isinstance(people, list):
        return None
    names = [_text(person, "name") for person in people if isinstance(person, dict)]
    return ", ".join(name for name in names if name) or None


def _reject(context: FeedContext, cause: str, excerpt: str, where: str = "") -> Reject:
    return Reject(context.source, cause[:200], context.url + where, excerpt)
