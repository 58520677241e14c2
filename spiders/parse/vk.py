"""VK's API to raw items: posts of a wall or a search, and the comments below a post."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Any

from monitor.records import RawItem, Reject
from spiders.parse.answers import Node, NotJson, counts, json_answer, node, nodes, text
from spiders.parse.paged import Page, instant, refused
from spiders.parse.vk_errors import error_in
from spiders.parse.vk_text import readable

ENTRIES_A_PAGE = 100
"""The most that wall.get and wall.getComments give at once; newsfeed.search gives 200."""
ANSWERS_ALONG = 10
"""The most answers to a comment that come with it."""
NO_OWN_TEXT = "repost without own text"


_NO_THREADS: Mapping[int, list[bytes]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Below:
    """The post that comments stand below."""

    owner: int
    post: int

    @property
    def id(self) -> str:
        return f"{self.owner}_{self.post}"


def items_from_vk(
    body: bytes,
    url: str,
    source: str,
    fetched_at: str,
    *,
    below: Below | None = None,
    threads: Mapping[int, list[bytes]] = _NO_THREADS,
    language: str | None = None,
) -> Page:
    """Posts, or comments where `below` says of which post, in the order of the answer.

    `threads` are all answers to some of the comments, page by page as VK sent them.
    `following` is what newsfeed.search wants as start_from; other methods count offsets.
    """
    if error := error_in(body):
        return refused(source, f"not an answer with posts: {error.words}", url, b"", error.words)
    try:
        response = _response(body)
    except NotJson as fault:
        return refused(source, f"not an answer of the API: {fault}", url, body)
    if not isinstance(response.get("items"), list):
        return refused(source, "not an answer with posts: JSON without items", url, body)
    answers = {number: list(map(_response, pages)) for number, pages in threads.items()}
    names = _names(response)
    for one in chain.from_iterable(answers.values()):
        names |= _names(one)
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for number, entry in enumerate(nodes(response["items"]), 1):
        whole = answers.get(_number(entry.get("id")) or 0)
        for one in _with_answers(entry, below, whole):
            item = _item(one, names, below, source, fetched_at, language)
            if item.text:
                items.append(item)
                continue
            place = f"{url} entry {number}"
            rejects.append(Reject(source, _fault(one), place, item.native_id or ""))
    return Page(items, rejects, text(response.get("next_from")))


def entries_in(body: bytes) -> list[Node]:
    """The posts or comments of an answer as VK sent them; [] if there are none."""
    try:
        return nodes(_response(body).get("items"))
    except NotJson:
        return []


def is_list(body: bytes) -> bool:
    """Whether an answer is one with posts or comments, be it without any."""
    try:
        return isinstance(_response(body).get("items"), list)
    except NotJson:
        return False


def next_offset(body: bytes, offset: int) -> str | None:
    """Where the next page of a wall or of comments begins; None after the last one.

    Pages hold fewer entries than were asked for where some are hidden: the count tells.
    """
    try:
        response = _response(body)
    except NotJson:
        return None
    listed = response.get("items")
    # Of comments `count` is that of all, with the answers to them.
    count = _number(response.get("current_level_count")) or _number(response.get("count"))
    following = offset + ENTRIES_A_PAGE
    is_last = not listed or (count is not None and following >= count)
    return None if is_last else str(following)


def commented_posts(entries: list[Node]) -> Iterator[Below]:
    """The posts that have comments."""
    for entry in entries:
        owner, post = _number(entry.get("owner_id")), _number(entry.get("id"))
        if owner and post and counts(comments=node(entry.get("comments")).get("count")):
            yield Below(owner, post)


def cut_threads(body: bytes) -> Iterator[int]:
    """Numbers of the comments that have more answers than came with them."""
    for comment in entries_in(body):
        thread, number = node(comment.get("thread")), _number(comment.get("id"))
        count = _number(thread.get("count")) or 0
        if number and count > max(ANSWERS_ALONG, len(nodes(thread.get("items")))):
            yield number


def _response(body: bytes) -> Node:
    return node(node(json_answer(body)).get("response"))


def _names(response: Node) -> dict[int, str]:
    """Names of people and, by negative numbers, of groups."""
    found: dict[int, str] = {}
    for person in nodes(response.get("profiles")):
        parts = [text(person.get("first_name")), text(person.get("last_name"))]
        # Old answers list groups among the profiles.
        name = " ".join(part for part in parts if part) or text(person.get("name"))
        number = _number(person.get("id"))
        if name and number:
            found[number if parts[0] or parts[1] else -number] = name
    for group in nodes(response.get("groups")):
        name, number = text(group.get("name")), _number(group.get("id"))
        if name and number:
            found[-number] = name
    return found


def _with_answers(entry: Node, below: Below | None, whole: list[Node] | None) -> Iterator[Node]:
    """A comment and the answers to it; those of the wall's owner become its reply.

    The answers are those that came with it, or all where they were asked for.
    """
    if below is None:
        yield entry
        return
    answers = nodes(node(entry.get("thread")).get("items"))
    if whole:
        answers = [one for page in whole for one in nodes(page.get("items"))]
    asker = entry.get("from_id")
    replies = [one for one in answers if _is_owners(one, below) and asker != below.owner]
    yield entry | {"replies": replies}
    for answer in answers:
        if answer not in replies:
            yield answer


def _is_owners(entry: Node, below: Below) -> bool:
    return entry.get("from_id") == below.owner and bool(_words(entry))


def _item(
    entry: Node,
    names: dict[int, str],
    below: Below | None,
    source: str,
    fetched_at: str,
    language: str | None,
) -> RawItem:
    owner = _number(entry.get("owner_id") or entry.get("source_id"))
    owner = below.owner if owner is None and below else owner
    number = _number(entry.get("id") or entry.get("post_id"))
    # A search also finds comments: they name the post that they stand below.
    post = below.post if below else _number(entry.get("post_id"))
    is_comment = below is not None or entry.get("post_type") == "reply"
    replies = sorted(nodes(entry.get("replies")), key=_date)
    parent = _parent(entry, owner, post) if is_comment else _copied(entry)
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        kind="comment" if is_comment else "post",
        native_id=f"{owner}_{number}" if owner and number else None,
        url=_address(owner, number, post if is_comment else None),
        text=_words(entry),
        # A community that lets its readers write says who signed a post.
        author=_author(_number(entry.get("signer_id") or entry.get("from_id")) or owner, names),
        published=instant(entry.get("date")),
        edited=instant(entry.get("edited")),
        language=language,
        reply_text="\n\n".join(_words(one) for one in replies) or None,
        reply_published=instant(replies[0].get("date")) if replies else None,
        reach=_reach(entry),
        parent_id=parent,
    )


def _words(entry: Node) -> str:
    """What the author wrote: the text, else captions of own photos and the question of a poll."""
    if own := readable(text(entry.get("text")) or ""):
        return own
    shown = [_shown(one) for one in nodes(entry.get("attachments"))]
    return "\n".join(words for words in shown if words)


def _shown(attachment: Node) -> str:
    poll, photo = node(attachment.get("poll")), node(attachment.get("photo"))
    answers = [text(one.get("text")) for one in nodes(poll.get("answers"))]
    lines = [text(poll.get("question")), text(photo.get("text")), *answers]
    return "\n".join(readable(line) for line in lines if line)


def _fault(entry: Node) -> str:
    if entry.get("deleted"):
        return "comment was deleted"
    if nodes(entry.get("copy_history")):
        return NO_OWN_TEXT
    kind = text(entry.get("type"))
    return f"no post: {kind}" if kind not in (None, "post", "reply") else "post without text"


def _reach(entry: Node) -> dict[str, int]:
    count = {
        name: node(entry.get(name)).get("count")
        for name in ("likes", "reposts", "views", "comments", "thread")
    }
    return counts(
        likes=count["likes"],
        shares=count["reposts"],
        views=count["views"],
        comments=count["comments"] or count["thread"],
        votes=sum(_votes(one) for one in nodes(entry.get("attachments"))),
    )


def _votes(attachment: Node) -> int:
    return _number(node(attachment.get("poll")).get("votes")) or 0


def _parent(entry: Node, owner: int | None, post: int | None) -> str | None:
    answered = _number(entry.get("reply_to_comment")) or post
    return f"{owner}_{answered}" if owner and answered else None


def _copied(entry: Node) -> str | None:
    """The post that was passed on with words of one's own."""
    copied = next(iter(nodes(entry.get("copy_history"))), {})
    owner, number = _number(copied.get("owner_id")), _number(copied.get("id"))
    return f"{owner}_{number}" if owner and number else None


def _address(owner: int | None, number: int | None, post: int | None) -> str | None:
    if not owner or not number:
        return None
    if post and post != number:
        return f"https://vk.com/wall{owner}_{post}?reply={number}"
    return f"https://vk.com/wall{owner}_{number}"


def _author(number: int | None, names: dict[int, str]) -> str | None:
    """The name with the number behind it: many people are called the same."""
    if number is None:
        return None
    account = f"id{number}" if number > 0 else f"club{-number}"
    return f"{names[number]} ({account})" if number in names else account


def _date(entry: Node) -> int:
    return _number(entry.get("date")) or 0


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value else None
