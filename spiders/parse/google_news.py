"""Google News search feeds (RSS) to raw items: headlines with their paper."""

from __future__ import annotations

import calendar
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.answers import start_of
from spiders.parse.encoding import TooBig, unzipped
from spiders.parse.story import story_id
from spiders.parse.xml_feed import NotReadable, parsed_feed

_BETWEEN = " - "


def search_feed(url: str) -> str:
    """The RSS address of a search, topic or publication page, or of a feed itself."""
    parts = urlsplit(url)
    path = parts.path if parts.path.startswith("/rss") else "/rss" + (parts.path or "/")
    # A tab's own parameter means nothing to the feed.
    query = [(key, value) for key, value in parse_qsl(parts.query) if key != "tab"]
    return parts._replace(path=path.rstrip("/"), query=urlencode(query), fragment="").geturl()


def language_of(url: str) -> str | None:
    """The language that a search's address asks for ("hl=cs" is Czech), None if it does not say."""
    return dict(parse_qsl(urlsplit(url).query)).get("hl", "").partition("-")[0] or None


def items_from_search(
    body: bytes,
    url: str,
    source: str,
    fetched_at: str,
    *,
    content_type: str = "",
    language: str | None = None,
) -> tuple[list[RawItem], list[Reject]]:
    """Every story once, in the order of the feed; rejects for entries without a title.

    An item's `author` is the paper, its `url` the search's own opaque link to it.
    """
    try:
        parsed = parsed_feed(unzipped(body), content_type)
    except (TooBig, NotReadable) as error:
        return [], [Reject(source, f"feed cannot be read ({error})", url, start_of(body))]
    if not parsed.entries and not parsed.get("version"):
        return [], [Reject(source, "not a feed", url, start_of(body))]
    language = language or language_of(url)
    items: dict[str, RawItem] = {}
    rejects: list[Reject] = []
    for number, entry in enumerate(parsed.entries, 1):
        item = _item(entry, url, source, fetched_at, language)
        if item is None:
            rejects.append(Reject(source, "entry has no title", f"{url} entry {number}"))
        else:
            items.setdefault(str(item.native_id), item)
    return list(items.values()), rejects


def _item(
    entry: Any, url: str, source: str, fetched_at: str, language: str | None
) -> RawItem | None:
    paper = " ".join(str((dict.get(entry, "source") or {}).get("title") or "").split())
    title, paper = _split(" ".join(str(dict.get(entry, "title") or "").split()), paper)
    if not title:
        return None
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        kind="news",
        native_id=story_id(title, paper, _day(dict.get(entry, "published_parsed"))),
        url=web_address(dict.get(entry, "link"), url),
        title=title,
        author=paper or None,
        published=dict.get(entry, "published"),
        language=language,
    )


def _split(written: str, paper: str) -> tuple[str, str]:
    """(title, paper) of "Title - Paper"; a dash in the title itself stays in it."""
    if paper:
        return written.removesuffix(_BETWEEN + paper).strip(), paper
    title, dash, last = written.rpartition(_BETWEEN)
    return (title.strip(), last.strip()) if dash else (written, "")


def _day(moment: time.struct_time | None) -> str:
    """The day in UTC, "" without a date."""
    if moment is None:
        return ""
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
