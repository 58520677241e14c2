"""Reddit's Atom (and RSS) feeds to raw items: posts, comments, search results."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import lxml.html
from lxml import etree

from monitor.records import RawItem, Reject
from spiders.parse.feed import items_from_feed

_ID = re.compile(r"(t[13]_[0-9a-z]+)$")
_PERMALINK = re.compile(
    r"/comments/(?P<post>[0-9a-z]+)(?:/[^/?#]*(?:/(?P<comment>[0-9a-z]+))?)?/?$"
)
_SUBREDDIT = re.compile(r"^/(?:r|user|u)/[\w+-]+$")
_ON = re.compile(r"^/u/\S+ on (?P<thread>.+)$", re.DOTALL)
_COMMENTS = re.compile(r"\[(\d+) comments?\]")
_SUBMITTED_BY = re.compile(r'submitted by\s*<a href="[^"]*/user/([\w-]+)/?"')
_GONE = {"[removed]", "[deleted]", "[ removed by reddit ]", "[removed by reddit]"}
_WALL = re.compile(rb"blocked by network security|whoa there, pardner", re.IGNORECASE)

POSTS_A_PAGE = 100


def feed_address(url: str) -> str:
    """The Atom feed of a page: a subreddit's newest posts, its comments, a thread, a search."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    path = path.removesuffix("/.rss").removesuffix(".rss")
    query = dict(parse_qsl(parts.query))
    if path.endswith("/search"):
        query.setdefault("sort", "new")
        if path.startswith("/r/"):
            query.setdefault("restrict_sr", "1")
    elif _SUBREDDIT.match(path) and path.startswith("/r/"):
        path += "/new"
    query.setdefault("limit", str(POSTS_A_PAGE))
    return parts._replace(path=f"{path}/.rss", query=urlencode(query), fragment="").geturl()


def older_entries(url: str, items: list[RawItem]) -> str | None:
    """The address of the entries before these; None when there are none to count from."""
    if not items or not items[-1].native_id:
        return None
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query)) | {"after": items[-1].native_id}
    return parts._replace(query=urlencode(query)).geturl()


def is_refusal(body: bytes) -> bool:
    """True for the page that Reddit shows to programs instead of what they asked for."""
    return bool(_WALL.search(body[:300_000]))


def items_from_reddit(
    body: bytes,
    url: str,
    source: str,
    fetched_at: str,
    *,
    headers: Mapping[str, str] | None = None,
    language: str | None = None,
) -> tuple[list[RawItem], list[Reject]]:
    """Posts and comments in the order of the feed; rejects for those that were taken back."""
    read, rejects = items_from_feed(
        body, headers or {}, url, source, fetched_at, kind="post", language=language
    )
    items: list[RawItem] = []
    for one in read:
        item = _item(one)
        if item.text.casefold() in _GONE and not item.title:
            cause = "comment was removed or deleted"
            place = item.url or item.native_id or url
            rejects.append(Reject(source, cause, place, is_left_out=True))
        elif item.title or item.text:
            items.append(item if item.text.casefold() not in _GONE else replace(item, text=""))
        else:
            rejects.append(Reject(source, "entry has neither title nor text", item.url or url))
    return items, rejects


def _item(entry: RawItem) -> RawItem:
    link = _PERMALINK.search((entry.url or "").partition("?")[0])
    native = _ID.search(entry.native_id or "")
    comment = link["comment"] if link else None
    is_comment = native[1].startswith("t1_") if native else bool(comment)
    post_id = f"t3_{link['post']}" if link else None
    native_id = native[1] if native else f"t1_{comment}" if comment else post_id
    thread = _ON.match(entry.title or "")
    discussed = _COMMENTS.search(entry.text)
    return replace(
        entry,
        kind="comment" if is_comment else "post",
        native_id=native_id or entry.native_id,
        title=None if is_comment else entry.title,
        text=_words(entry),
        author=_author(entry),
        reach={"comments": int(discussed[1])} if discussed and int(discussed[1]) else {},
        parent_id=post_id if is_comment else None,
        subject=(thread["thread"] if thread else entry.title) if is_comment else None,
    )


def _words(entry: RawItem) -> str:
    """The HTML that the author wrote; "" for a post that is only a link.

    Around it stand links to the author, to the picture and to the comments.
    """
    if not entry.is_html or not entry.text:
        return entry.text
    try:
        tree = lxml.html.fragment_fromstring(entry.text, create_parent="div")
    except (etree.LxmlError, ValueError):
        return ""
    written = tree.xpath(".//div[contains(concat(' ', @class, ' '), ' md ')]")
    if not written:
        return ""
    plain = " ".join(written[0].text_content().split())
    if plain.casefold() in _GONE:
        return plain
    markup: str = lxml.html.tostring(written[0], encoding="unicode", with_tail=False)
    return markup if plain else ""


def _author(entry: RawItem) -> str | None:
    named = entry.author or ""
    if not named:
        submitted = _SUBMITTED_BY.search(entry.text)
        named = submitted[1] if submitted else ""
    name = named.removeprefix("/u/")
    return name if name and name != "[deleted]" else None
