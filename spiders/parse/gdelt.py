"""GDELT's article list (doc API, JSON) to raw items: headlines from the world's news."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.answers import Node, NotJson, json_answer, node, nodes, start_of, text
from spiders.parse.story import story_id

_TOO_OFTEN = re.compile(rb"limit requests|too many requests|rate limit", re.IGNORECASE)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_MOMENT = "%Y%m%d%H%M%S"
_SEEN = re.compile(r"^(\d{8})T?(\d{6})Z?$")

ARTICLES_A_PAGE = 250
"""The most that the API gives at once."""

FARTHEST_DAYS = 90
"""The API searches the last three months only."""


def own_window(url: str) -> bool:
    """True if an address says itself from when to when it searches."""
    names = {key.lower() for key, _ in parse_qsl(urlsplit(url).query)}
    return bool(names & {"timespan", "startdatetime", "enddatetime"})


def search_address(url: str, start: datetime | None = None, end: datetime | None = None) -> str:
    """The address of an article list, newest first, for the query in an address of the user's."""
    parts = urlsplit(url)
    fixed = {"mode", "format", "maxrecords", "sort"}
    query = {key: value for key, value in parse_qsl(parts.query) if key.lower() not in fixed}
    if start is not None and end is not None:
        query["startdatetime"] = start.strftime(_MOMENT)
        query["enddatetime"] = end.strftime(_MOMENT)
    query |= {"mode": "ArtList", "format": "json", "sort": "DateDesc"}
    query["maxrecords"] = str(ARTICLES_A_PAGE)
    return parts._replace(query=urlencode(query), fragment="").geturl()


def window(now: datetime, days: float) -> tuple[datetime, datetime]:
    """(start, end) of the last days, within what the API knows."""
    return now - timedelta(days=min(max(days, 0.1), FARTHEST_DAYS)), now


def oldest_seen(items: list[RawItem]) -> datetime | None:
    """When the oldest of the articles was seen: where the next slice of time ends."""
    moments = [moment for item in items if (moment := _moment(item.published or ""))]
    return min(moments, default=None)


def is_throttled(body: bytes) -> bool:
    """True for the text that comes in place of JSON to who asks too often."""
    return not body.lstrip().startswith(b"{") and bool(_TOO_OFTEN.search(body[:2000]))


def items_from_articles(
    body: bytes, url: str, source: str, fetched_at: str, *, language: str | None = None
) -> tuple[list[RawItem], list[Reject]]:
    """Every story once, in the order of the answer; `published` is when GDELT saw it.

    The API answers a query that it does not like with a sentence: that is the one reject then.
    """
    try:
        document = node(json_answer(_ESCAPE.sub(_valid_escape, body)))
    except NotJson as error:
        said = " ".join(start_of(body).split())
        is_page = said.startswith("<") or said.startswith("{") or not said
        cause = f"not an article list: {error}" if is_page else f"the query was refused: {said}"
        return [], [Reject(source, cause[:200], url, said)]
    articles = document.get("articles")
    if document and not isinstance(articles, list):
        cause = "not an article list: JSON without articles"
        return [], [Reject(source, cause, url, start_of(body))]
    items: dict[str, RawItem] = {}
    rejects: list[Reject] = []
    for number, article in enumerate(nodes(articles), 1):
        item = _item(article, url, source, fetched_at, language)
        if item is None:
            place = text(article.get("url")) or f"{url} article {number}"
            rejects.append(Reject(source, "article has no title", place))
        else:
            items.setdefault(str(item.native_id), item)
    return list(items.values()), rejects


def _item(
    article: Node, url: str, source: str, fetched_at: str, language: str | None
) -> RawItem | None:
    title = " ".join((text(article.get("title")) or "").split())
    if not title:
        return None
    paper = text(article.get("domain")) or ""
    seen = text(article.get("seendate"))
    moment = _moment(seen or "")
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        kind="news",
        native_id=story_id(title, paper, moment.date().isoformat() if moment else ""),
        url=web_address(text(article.get("url")), url),
        title=title,
        author=paper or None,
        published=seen,
        language=text(article.get("language")) or language,
    )


def _valid_escape(match: re.Match[bytes]) -> bytes:
    """GDELT escapes what JSON does not, such as the apostrophe."""
    if match[1] in b'"\\/bfnrtu':
        return match[0]
    return match[1] if match[1] == b"'" else b"\\\\" + match[1]


def _moment(seen: str) -> datetime | None:
    match = _SEEN.match(seen)
    if match is None:
        return None
    try:
        return datetime.strptime(match[1] + match[2], _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None
