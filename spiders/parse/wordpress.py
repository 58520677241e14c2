"""Comments of a WordPress site to raw items: `wp-json/wp/v2/comments`, or the comments feed."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.answers import Node, NotJson, json_answer, node, nodes, start_of, text
from spiders.parse.feed import items_from_feed
from spiders.parse.mapped import PageContext

_COMMENT_ANCHOR = re.compile(r"#(?:li-)?comment-(\d+)$")
_TAG = re.compile(r"<[^<>]+>")
_ZONE = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$")


def comments_from_json(body: bytes, page: PageContext) -> tuple[list[RawItem], list[Reject]]:
    """Comments in the order of the answer; a reject for one without words, or for no comments."""
    try:
        answer = json_answer(body)
    except NotJson as error:
        return [], [page.reject(str(error), start_of(body))]
    if not isinstance(answer, list):
        return [], [page.reject(f"no list of comments{fault_in(answer)}", start_of(body))]
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for comment in nodes(answer):
        item = _comment(comment, page)
        if item.text:
            items.append(item)
        else:
            rejects.append(page.reject("comment has no text", where=f"comment {item.native_id}"))
    return items, rejects


def _comment(comment: Node, page: PageContext) -> RawItem:
    written = node(comment.get("content"))
    parent = text(comment.get("parent"))
    return RawItem(
        source=page.source,
        fetched_at=page.fetched_at,
        kind="comment",
        native_id=text(comment.get("id")),
        url=web_address(text(comment.get("link")), page.url),
        text=text(written.get("rendered")) or text(written.get("raw")) or "",
        is_html=True,
        author=plain(comment.get("author_name")),
        published=universal(comment.get("date_gmt")) or text(comment.get("date")),
        language=page.language,
        parent_id=parent if parent != "0" else None,
        subject=_post_title(comment),
    )


def _post_title(comment: Node) -> str | None:
    """Title of the post, where the answer carries it along (`_embed=up`)."""
    for post in nodes(node(comment.get("_embedded")).get("up")):
        title = plain(node(post.get("title")).get("rendered"))
        if title:
            return title
    return None


def comments_from_feed(
    body: bytes, content_type: str, page: PageContext
) -> tuple[list[RawItem], list[Reject]]:
    """Comments of the site's own feed, known by the same ids as through the API.

    A feed's title ("Comment on ... by ...") is WordPress's, not the author's, and is left out.
    """
    items, rejects = items_from_feed(
        body,
        {"content-type": content_type},
        page.url,
        page.source,
        page.fetched_at,
        kind="comment",
        language=page.language,
    )
    return [_of_feed(item) for item in items], rejects


def _of_feed(item: RawItem) -> RawItem:
    anchor = _COMMENT_ANCHOR.search(item.url or "") or _COMMENT_ANCHOR.search(item.native_id or "")
    return replace(item, title=None, native_id=anchor.group(1) if anchor else item.native_id)


def universal(value: object) -> str | None:
    """A `..._gmt` time with the zone that its name means but that WordPress leaves out."""
    time = text(value)
    if not time or time.startswith("0000"):
        return None
    return time if _ZONE.search(time) else f"{time}Z"


def plain(value: object) -> str | None:
    """A name or title without markup and entities, both of which WordPress puts there."""
    return " ".join(html.unescape(_TAG.sub(" ", text(value) or "")).split()) or None


def fault_in(answer: object) -> str:
    """What WordPress says went wrong: ": rest_no_route, No route was found"; "" if nothing."""
    found = [text(node(answer).get(key)) for key in ("code", "message")]
    words = ", ".join(plain(one) or "" for one in found if one)
    return f": {words}" if words else ""
