"""YouTube's Data API to raw items: comments with what the channel's owner answered, and videos."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from monitor.records import RawItem, Reject
from spiders.parse.answers import Node, NotJson, counts, json_answer, node, nodes, start_of, text

_TAG = re.compile(r"</?\w[^<>]*>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_DISABLED = "commentsDisabled"
COMMENTS_OFF = "comments are switched off (commentsDisabled)"
_GONE = {"videoNotFound", "channelNotFound", "commentNotFound", "commentThreadNotFound"}


@dataclass(frozen=True, slots=True)
class ApiError:
    """An error that came in place of an answer: YouTube's name for it, and its words."""

    reason: str
    message: str

    @property
    def comments_are_off(self) -> bool:
        return self.reason == _DISABLED

    @property
    def is_gone(self) -> bool:
        """True if there is no such video, channel or comment (any more)."""
        return self.reason in _GONE

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"[:300]


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with those replies that came with it."""

    comment: Node
    replies: tuple[Node, ...] = ()
    replies_in_all: int = 0
    video: str | None = None
    owner: str | None = None
    """Id of the channel whose video or page it is."""
    subject: str | None = None
    """The video's title, where it is known."""

    @property
    def id(self) -> str | None:
        return text(self.comment.get("id"))

    @property
    def is_whole(self) -> bool:
        return self.id is None or len(self.replies) >= self.replies_in_all


@dataclass(frozen=True, slots=True)
class Answer:
    """What one answer lists, how it goes on, and what is wrong with it."""

    listed: list[Node] = field(default_factory=list)
    following: str | None = None
    fault: str | None = None
    closed: bool = False
    """The video's comments are switched off."""


def error_in(body: bytes) -> ApiError | None:
    """The error that an answer consists of; None if it is an answer, or nothing of the API's."""
    try:
        error = node(node(json_answer(body)).get("error"))
    except NotJson:
        return None
    if not error:
        return None
    first = next(iter(nodes(error.get("errors"))), {})
    details = next((one for one in nodes(error.get("details")) if one.get("reason")), {})
    # "badRequest" is also said of a key that is not valid; the details have the better word.
    reason = text(details.get("reason")) or text(first.get("reason")) or text(error.get("status"))
    # Google's messages are written in HTML.
    said = _plain(text(error.get("message")) or "") or "no message"
    return ApiError(reason or f"error {text(error.get('code')) or ''}".strip(), said)


def answer_in(body: bytes) -> Answer:
    """The list that an answer of any method holds."""
    try:
        document = node(json_answer(body))
    except NotJson as error:
        return Answer(fault=f"not an answer of the API: {error}")
    if not isinstance(document.get("items"), list):
        # A list of nothing is left out by some of the methods.
        is_list = str(document.get("kind") or "").endswith("ListResponse")
        return Answer(fault=None if is_list else "not an answer of the API: JSON without items")
    return Answer(nodes(document["items"]), text(document.get("nextPageToken")))


def thread_of(listed: Node, owner: str | None = None, subject: str | None = None) -> Thread:
    """A listed thread; `owner` is whose channel it is, where the thread itself does not say."""
    snippet = node(listed.get("snippet"))
    in_all = counts(all=snippet.get("totalReplyCount")).get("all", 0)
    return Thread(
        comment=node(snippet.get("topLevelComment")),
        replies=tuple(nodes(node(listed.get("replies")).get("comments"))),
        replies_in_all=in_all,
        video=text(snippet.get("videoId")),
        owner=text(snippet.get("channelId")) or owner,
        subject=subject,
    )


def items_of_thread(
    thread: Thread, url: str, source: str, fetched_at: str, language: str | None = None
) -> tuple[list[RawItem], list[Reject]]:
    """The comment with the owner's replies as its reply, then everybody else's replies.

    What an owner writes below a comment of their own is no reply to anybody: it stays a comment.
    """
    replies = sorted(thread.replies, key=_published)
    is_ours = _writer(thread.comment) == thread.owner
    owners = [] if is_ours else [one for one in replies if _is_reply_of(thread.owner, one)]
    top = _item(thread, thread.comment, source, fetched_at, language)
    if owners:
        said = "\n\n".join(_words(one) for one in owners)
        top = replace(top, reply_text=said, reply_published=_published(owners[0]) or None)
    others = [one for one in replies if one not in owners]
    items = [top]
    items += [_item(thread, one, source, fetched_at, language, thread.id) for one in others]
    rejects = [
        Reject(source, "comment without text", f"{url} comment {item.native_id or 'without id'}")
        for item in items
        if not item.text
    ]
    return [item for item in items if item.text], rejects


def item_of_video(
    found: Node, source: str, fetched_at: str, language: str | None = None
) -> RawItem | None:
    """A video that a search found; None for what is no video."""
    number, snippet = text(node(found.get("id")).get("videoId")), node(found.get("snippet"))
    title = _unescaped(text(snippet.get("title")))
    if number is None or title is None:
        return None
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        kind="post",
        native_id=number,
        url=f"https://www.youtube.com/watch?v={quote(number)}",
        title=title,
        text=_unescaped(text(snippet.get("description"))) or "",
        author=_unescaped(text(snippet.get("channelTitle"))),
        published=text(snippet.get("publishedAt")),
        language=language,
    )


def channel_of(found: Node) -> str | None:
    """Id of the channel that a found video is on."""
    return text(node(found.get("snippet")).get("channelId"))


def refused(source: str, fault: str, url: str, body: bytes) -> Reject:
    """A reject for an answer that is none."""
    return Reject(source, fault, url, start_of(body))


def _item(
    thread: Thread,
    comment: Node,
    source: str,
    fetched_at: str,
    language: str | None,
    parent: str | None = None,
) -> RawItem:
    snippet = node(comment.get("snippet"))
    number = text(comment.get("id"))
    published, updated = text(snippet.get("publishedAt")), text(snippet.get("updatedAt"))
    replies = 0 if parent else thread.replies_in_all
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        kind="comment",
        native_id=number,
        url=_address(thread, number),
        text=_words(comment),
        author=text(snippet.get("authorDisplayName")),
        published=published,
        edited=updated if updated != published else None,
        language=language,
        reach=counts(likes=snippet.get("likeCount"), comments=replies),
        parent_id=parent or thread.video,
        subject=thread.subject,
    )


def _words(comment: Node) -> str:
    """The text as it was typed; where only its HTML came, that in plain text."""
    snippet = node(comment.get("snippet"))
    typed = text(snippet.get("textOriginal"))
    return typed or _plain(text(snippet.get("textDisplay")) or "")


def _plain(markup: str) -> str:
    """YouTube's HTML, which knows only breaks, links and bold, italic or struck-out letters."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup))).strip()


def _unescaped(escaped: str | None) -> str | None:
    """Titles and names come escaped for HTML from a search although they hold none."""
    return html.unescape(escaped).strip() or None if escaped else None


def _is_reply_of(owner: str | None, comment: Node) -> bool:
    return owner is not None and _writer(comment) == owner and bool(_words(comment))


def _writer(comment: Node) -> str | None:
    """Id of the channel that a comment was written by."""
    return text(node(node(comment.get("snippet")).get("authorChannelId")).get("value"))


def _published(comment: Node) -> str:
    return text(node(comment.get("snippet")).get("publishedAt")) or ""


def _address(thread: Thread, number: str | None) -> str | None:
    if thread.video and number:
        query = f"v={quote(thread.video)}&lc={quote(number)}"
        return f"https://www.youtube.com/watch?{query}"
    return f"https://www.youtube.com/channel/{quote(thread.owner)}" if thread.owner else None
