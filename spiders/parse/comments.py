"""Comments that a page marks up with schema.org (`Comment`, the older `UserComments`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.mapped import MARKUP, PageContext, as_count
from spiders.parse.nodes import Node, first, nodes_in, text_of, types_of, walk
from spiders.parse.review_fields import is_review, names_of

_TYPES = {"Comment", "UserComments", "CorrectionComment"}


def comments_in(
    documents: list[Any], index: dict[str, Node], page: PageContext
) -> tuple[list[RawItem], list[Reject]]:
    """Every comment once, in page order; one reject that counts those without marked-up words.

    `page.url` is the article that they belong to. A reply names the comment that it answers as its
    parent, any other the article. Comments below a review are the shop's answers to it, and no
    comments on an article.
    """
    items: dict[tuple[str | None, ...], RawItem] = {}
    wordless = 0
    for node, parent in _comment_nodes(documents, index):
        item = _item(node, parent, index, page)
        if item.text:
            items.setdefault((item.native_id, item.author, item.text, item.published), item)
        else:
            wordless += 1
    rejects = [page.reject(f"comments marked up without their text: {wordless}")]
    return list(items.values()), rejects if wordless else []


def _comment_nodes(
    documents: list[Any], index: dict[str, Node]
) -> Iterator[tuple[Node, Node | None]]:
    """Comments with the comment that each answers, None where it answers the article."""
    known: dict[int, Node] = {}
    below_review: set[int] = set()
    for node, parent, name in walk(documents):
        if parent is not None and (id(parent) in below_review or is_review(parent, "")):
            below_review.add(id(node))
        elif _TYPES.intersection(types_of(node)):
            known[id(node)] = node
            named = first(nodes_in(node.get("parentItem"), index)) or {}
            answered = named if _TYPES.intersection(types_of(named)) else None
            if answered is None and parent is not None and name in ("comment", "suggestedAnswer"):
                answered = known.get(id(parent))
            yield node, answered


def _item(node: Node, parent: Node | None, index: dict[str, Node], page: PageContext) -> RawItem:
    text = _any(node, "text", "commentText", "description") or ""
    edited = _any(node, "dateModified")
    published = _any(node, "dateCreated", "datePublished", "commentTime", "uploadDate")
    parent_id = _native_id(parent, page.url) if parent else None
    return RawItem(
        source=page.source,
        fetched_at=page.fetched_at,
        kind="comment",
        native_id=_native_id(node, page.url),
        url=web_address(text_of(node.get("url")), page.url) or page.url,
        title=None,
        text=text,
        is_html=bool(MARKUP.search(text)),
        author=names_of(node.get("author") or node.get("creator"), index),
        published=published,
        edited=edited if edited != published else None,
        language=text_of(node.get("inLanguage")) or page.language,
        reach=_reach(node),
        parent_id=parent_id or page.url,
    )


def _reach(node: Node) -> dict[str, int]:
    counts = {
        name: as_count(text_of(node.get(key)) or "")
        for name, key in (("likes", "upvoteCount"), ("dislikes", "downvoteCount"))
    }
    return {name: count for name, count in counts.items() if count is not None}


def _native_id(node: Node, page_url: str) -> str | None:
    """`@id` or `identifier` on this page, else the comment's own anchored address."""
    for value in (node.get("@id"), node.get("identifier"), node.get("url")):
        written = text_of(value)
        is_named = written and not written.startswith("_:")
        if written and is_named and (value is not node.get("url") or "#" in written):
            try:
                return urljoin(page_url, written)
            except ValueError:  # "http://[" is no address, but an id all the same
                return written
    return None


def _any(node: Node, *names: str) -> str | None:
    return next((text for text in (text_of(node.get(name)) for name in names) if text), None)
