"""Discourse's JSON to raw items: lists of topics, topics with their posts, search results."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import lxml.html
from lxml import etree

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.answers import Node, NotJson, counts, json_answer, node, nodes, start_of, text
from spiders.parse.discourse_addresses import forum_at, with_json

_SHOWN = re.compile(r"<aside|lightbox")
_SHOWN_PATH = (
    "//aside[contains(concat(' ', @class, ' '), ' quote ')]"
    " | //aside[contains(concat(' ', @class, ' '), ' onebox ')]"
    " | //a[contains(concat(' ', @class, ' '), ' lightbox ')]/div[@class='meta']"
)
_REGULAR_POST = 1
_LIKE = 2


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as far as it is known when its posts are read; `ids` are post ids by number."""

    base: str
    id: str
    title: str | None = None
    slug: str = ""
    views: Any = None
    ids: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TopicList:
    """Topics of a list in its order, the next page's address, and what is wrong with it if any."""

    topics: tuple[Topic, ...] = ()
    following: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Post ids that a search found, by topic; whether there are more; a fault if any."""

    posts: tuple[tuple[Topic, tuple[str, ...]], ...] = ()
    more: bool = False
    fault: str | None = None


def read_list(body: bytes, base: str) -> TopicList:
    """The topics of latest.json, of a category or of a tag; never raises."""
    try:
        listed = node(node(json_answer(body)).get("topic_list"))
    except NotJson as error:
        return TopicList(fault=f"not a list of topics: {error}")
    if not isinstance(listed.get("topics"), list):
        return TopicList(fault="not a list of topics: JSON without topic_list.topics")
    topics = tuple(topic for one in nodes(listed["topics"]) if (topic := _topic(one, base)))
    following = text(listed.get("more_topics_url"))
    address = web_address(following, base + "/") if following else None
    return TopicList(topics, with_json(address) if address else None)


def read_search(body: bytes, base: str) -> Found:
    """Which posts a search found; the answer itself holds only the beginnings of their texts."""
    try:
        document = node(json_answer(body))
    except NotJson as error:
        return Found(fault=f"not a search result: {error}")
    if "grouped_search_result" not in document:
        return Found(fault="not a search result: JSON without grouped_search_result")
    topics = {t.id: t for one in nodes(document.get("topics")) if (t := _topic(one, base))}
    by_topic: dict[str, list[str]] = {}
    for post in nodes(document.get("posts")):
        post_id, topic_id = text(post.get("id")), text(post.get("topic_id"))
        if post_id and topic_id:
            by_topic.setdefault(topic_id, []).append(post_id)
    more = bool(node(document["grouped_search_result"]).get("more_full_page_results"))
    found = tuple((topics.get(i) or Topic(base, i), tuple(ids)) for i, ids in by_topic.items())
    return Found(found, more)


def read_topic(body: bytes, base: str) -> tuple[Topic, list[str]] | None:
    """(the topic, ids of its posts that are not in this answer, newest first), None if none."""
    try:
        document = node(json_answer(body))
    except NotJson:
        return None
    topic = _topic(document, base)
    stream = node(document.get("post_stream"))
    if topic is None or not stream:
        return None
    here = {text(post.get("id")) for post in nodes(stream.get("posts"))}
    every = stream.get("stream")
    ids = [one for one in map(text, every if isinstance(every, list) else []) if one]
    if not here.intersection(ids):
        ids = ids[len(here) :]  # the answer opens with the topic's first posts
    return topic, [one for one in ids if one not in here][::-1]


def _topic(document: Node, base: str) -> Topic | None:
    number = text(document.get("id"))
    if number is None:
        return None
    return Topic(
        base,
        number,
        text(document.get("title")) or text(document.get("fancy_title")),
        text(document.get("slug")) or "",
        document.get("views"),
    )


def items_from_topic(
    body: bytes,
    url: str,
    source: str,
    fetched_at: str,
    *,
    topic: Topic | None = None,
    language: str | None = None,
) -> tuple[list[RawItem], list[Reject]]:
    """The posts in an answer for a topic, for some of its posts, or for a single post.

    `topic` is what is known already; it learns the ids of the posts. Notices that the software
    writes ("closed the topic") are left out; hidden, deleted and empty posts are rejects.
    """
    try:
        document = node(json_answer(body))
    except NotJson as error:
        return [], [Reject(source, f"not a topic: {error}", url, start_of(body))]
    base = topic.base if topic else forum_at(url).base
    if "cooked" in document:
        topic = topic or Topic(base, text(document.get("topic_id")) or "")
        posts = [document]
    else:
        topic = topic or _topic(document, base) or Topic(base, "")
        stream = document.get("post_stream")
        posts = nodes(node(stream).get("posts"))
        if not isinstance(stream, dict):
            return [], [Reject(source, "not a topic: JSON without posts", url, start_of(body))]
    for post in posts:
        if isinstance(post.get("post_number"), int) and (post_id := text(post.get("id"))):
            topic.ids[post["post_number"]] = post_id
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for post in posts:
        if post.get("post_type") not in (None, _REGULAR_POST):
            continue
        item = _item(post, topic, source, fetched_at, language)
        taken_back = _taken_back(post)
        cause = taken_back or (None if _own_words(post) else "post without text")
        if cause:
            is_left_out = taken_back is not None
            rejects.append(Reject(source, cause, item.url or url, is_left_out=is_left_out))
        else:
            items.append(item)
    return items, rejects


def _taken_back(post: Node) -> str | None:
    """Who does not want a post to be read any more; None for one that may be."""
    if post.get("deleted_at") or post.get("user_deleted"):
        return "post was deleted by its author"
    if post.get("hidden"):
        return "post is hidden by the forum"
    return None


def _own_words(post: Node) -> str:
    """The post's HTML without what its author only shows: quotes, previews of links, file names."""
    cooked = text(post.get("cooked")) or ""
    if not _SHOWN.search(cooked):
        return cooked
    try:
        tree = lxml.html.fragment_fromstring(cooked, create_parent="div")
    except (etree.LxmlError, ValueError):
        return cooked
    for shown in tree.xpath(_SHOWN_PATH):
        shown.drop_tree()
    if not tree.text_content().strip():
        return ""
    markup: str = lxml.html.tostring(tree, encoding="unicode")
    return markup


def _item(post: Node, topic: Topic, source: str, fetched_at: str, language: str | None) -> RawItem:
    number = post.get("post_number")
    is_first = number == 1
    topic_id = text(post.get("topic_id")) or topic.id
    slug = text(post.get("topic_slug")) or topic.slug or "-"
    published, edited = text(post.get("created_at")), text(post.get("updated_at"))
    is_edited = post.get("version") != 1 and edited != published
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        kind="post" if is_first else "comment",
        native_id=text(post.get("id")),
        url=web_address(f"{topic.base}/t/{quote(slug)}/{topic_id}/{number or ''}", topic.base),
        title=topic.title if is_first else None,
        text=_own_words(post),
        is_html=True,
        author=text(post.get("username")) or text(post.get("name")),
        published=published,
        edited=edited if is_edited else None,
        language=language,
        reach=counts(
            likes=_likes(post),
            comments=post.get("reply_count"),
            views=topic.views if is_first and topic.views else post.get("reads"),
        ),
        parent_id=None if is_first else _parent(post, topic),
        subject=None if is_first else topic.title,
    )


def _likes(post: Node) -> Any:
    actions = nodes(post.get("actions_summary"))
    return next((one.get("count") for one in actions if one.get("id") == _LIKE), None)


def _parent(post: Node, topic: Topic) -> str | None:
    """The id of the post that this one answers; else of the topic's first, as far as known."""
    answered = post.get("reply_to_post_number")
    return topic.ids.get(answered if isinstance(answered, int) else 1) or topic.ids.get(1)
