"""Hacker News to raw items, as Algolia's search gives it: stories and comments."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from monitor.records import RawItem, Reject
from spiders.parse.answers import Node, NotJson, counts, json_answer, nodes, text
from spiders.parse.encoding import TooBig, unzipped
from spiders.parse.paged import Page, refused

HITS_A_PAGE = 200
"""A fifth of what the service gives to one question in all, however many pages are asked for."""

_THREAD = re.compile(r"\bid=(\d{1,12})\b")
_TYPES = {"story": "story", "comment": "comment"}


def search_at(url: str) -> tuple[str | None, str | None]:
    """(words, story) that an address of the search or of a discussion asks for."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    words = query.get("query") or query.get("q") or None
    thread = _THREAD.search(parts.query) if parts.path.rstrip("/").endswith("/item") else None
    return words, thread[1] if thread else None


def search_address(
    base: str,
    words: str | None,
    story: str | None,
    only: str = "",
    after: int | None = None,
    until: int | None = None,
) -> str:
    """The address of the newest hits between two instants (seconds since 1970).

    The service gives no more than a thousand hits to one question, so that what is older is
    asked for by time and not by page; nothing is lost when new hits come in meanwhile.
    """
    kinds = [_TYPES[only]] if only in _TYPES else list(_TYPES)
    tags = f"({','.join(kinds)})" + (f",story_{story}" if story else "")
    bounds = [f"created_at_i>{after}" if after else "", f"created_at_i<={until}" if until else ""]
    asked = {
        "query": words or "",
        "tags": tags,
        "hitsPerPage": HITS_A_PAGE,
        # A brand of few letters is found in a hundred other words otherwise.
        "typoTolerance": "false",
        "attributesToHighlight": "",
        "numericFilters": ",".join(bound for bound in bounds if bound),
    }
    kept = {name: value for name, value in asked.items() if value or name != "numericFilters"}
    return f"{base}/api/v1/search_by_date?{urlencode(kept)}"


def items_from_hacker_news(
    body: bytes, url: str, source: str, fetched_at: str, *, language: str | None = None
) -> Page:
    """Stories and comments in the order of the answer.

    `following` is the instant of the oldest hit, if the service says that there are more pages.
    """
    try:
        document = json_answer(unzipped(body))
    except (NotJson, TooBig) as error:
        return refused(source, f"not a search answer: {error}", url, body)
    if not isinstance(document, dict) or not isinstance(document.get("hits"), list):
        said = text(document.get("message")) if isinstance(document, dict) else None
        return refused(source, f"not a search answer: {said or 'JSON without hits'}", url, body)
    items: list[RawItem] = []
    rejects: list[Reject] = []
    hits = nodes(document["hits"])
    for number, hit in enumerate(hits, 1):
        item = _item(hit, source, fetched_at, language)
        if item.title or item.text:
            items.append(item)
            continue
        place = f"{url} hit {number}"
        rejects.append(Reject(source, "hit without title and text", place, item.native_id or ""))
    pages = document.get("nbPages")
    instants = [hit["created_at_i"] for hit in hits if isinstance(hit.get("created_at_i"), int)]
    has_more = isinstance(pages, int) and pages > 1 and bool(instants)
    return Page(items, rejects, str(min(instants)) if has_more else None)


def _item(hit: Node, source: str, fetched_at: str, language: str | None) -> RawItem:
    number = text(hit.get("objectID"))
    comment = text(hit.get("comment_text"))
    tags = hit.get("_tags")
    is_comment = comment is not None or (isinstance(tags, list) and "comment" in tags)
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        kind="comment" if is_comment else "post",
        native_id=number,
        # The discussion, not the article it is about: that is somebody else's text.
        url=f"https://news.ycombinator.com/item?id={number}" if number else None,
        title=None if is_comment else text(hit.get("title")),
        text=comment or text(hit.get("story_text")) or "",
        is_html=True,
        author=text(hit.get("author")),
        published=text(hit.get("created_at")),
        language=language or "en",
        reach=counts(likes=hit.get("points"), comments=hit.get("num_comments")),
        parent_id=text(hit.get("parent_id")) if is_comment else None,
        subject=text(hit.get("story_title")) if is_comment else None,
    )
