"""Bluesky's API to raw items: the posts that a search finds, of authors who want to be found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from monitor.records import RawItem, Reject
from spiders.parse.answers import Node, NotJson, counts, json_answer, node, nodes, text
from spiders.parse.paged import Page, refused

POSTS_A_PAGE = 100
_HASHTAG = re.compile(r"^/hashtag/([^/?#]+)/?$")
_POST_URI = re.compile(r"^at://([\w.:%-]+)/app\.bsky\.feed\.post/([\w.~:-]+)$")
_WITHHELD = {
    "!no-unauthenticated": "author wants readers with an account only (!no-unauthenticated)",
    "!hide": "hidden by moderators (!hide)",
    "!takedown": "taken down by moderators (!takedown)",
    "!suspend": "author is suspended (!suspend)",
}
"""Labels that forbid to show a post to anybody; a digest is read by people without an account."""


def words_at(url: str) -> str | None:
    """What an address of a search or a hashtag on bsky.app looks for; None if it is neither."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if query.get("q"):
        return query["q"]
    tag = _HASHTAG.match(parts.path)
    return f"#{unquote(tag[1])}" if tag else None


def search_address(
    base: str, words: str, since: datetime | None, language: str | None, cursor: str | None
) -> str:
    """The address of a page of posts that words find, newest first."""
    after = since.strftime("%Y-%m-%dT%H:%M:%SZ") if since else None
    asked = {"q": words, "sort": "latest", "limit": POSTS_A_PAGE, "since": after}
    more = {"lang": language, "cursor": cursor}
    given = {name: value for name, value in {**asked, **more}.items() if value}
    return f"{base}/xrpc/app.bsky.feed.searchPosts?{urlencode(given)}"


def token_in(body: bytes) -> str | None:
    """The token of a session that a login began; None if there is none."""
    try:
        return text(node(json_answer(body)).get("accessJwt"))
    except NotJson:
        return None


def refusal_in(body: bytes) -> str | None:
    """The server's name for an error, and its words; None if the answer is no error."""
    try:
        document = node(json_answer(body))
    except NotJson:
        return None
    name, said = text(document.get("error")), text(document.get("message"))
    return ": ".join(part for part in (name, said) if part)[:200] if name else None


def items_from_bluesky(
    body: bytes, url: str, source: str, fetched_at: str, *, language: str | None = None
) -> Page:
    """Posts in the order of the answer; a reject for each that is empty or may not be taken."""
    try:
        document = node(json_answer(body))
    except NotJson as error:
        return refused(source, f"not an answer of the API: {error}", url, body)
    if not isinstance(document.get("posts"), list):
        said = refusal_in(body) or "JSON without posts"
        return refused(source, f"not an answer with posts: {said}", url, body, said)
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for number, post in enumerate(nodes(document["posts"]), 1):
        item = _item(post, source, fetched_at, language)
        withheld = _withheld(post)
        fault = withheld or (None if item.text else "post without text")
        if fault is None:
            items.append(item)
            continue
        # What may not be shown is not quoted here either.
        place, is_left_out = f"{url} post {number}", withheld is not None
        rejects.append(Reject(source, fault, place, is_left_out=is_left_out))
    return Page(items, rejects, text(document.get("cursor")))


def _withheld(post: Node) -> str | None:
    """Why a post may not be taken, by the labels on it and on its author."""
    labels = list(_labels(post))
    return next((cause for label, cause in _WITHHELD.items() if label in labels), None)


def _labels(post: Node) -> Iterator[str]:
    """Labels by moderators and by authors themselves, without those that were taken back."""
    given = [*nodes(post.get("labels")), *nodes(node(post.get("author")).get("labels"))]
    by_author = nodes(node(node(post.get("record")).get("labels")).get("values"))
    for label in (*given, *by_author):
        if label.get("neg") is not True and (value := text(label.get("val"))):
            yield value


def _item(post: Node, source: str, fetched_at: str, language: str | None) -> RawItem:
    record, author = node(post.get("record")), node(post.get("author"))
    uri = text(post.get("uri"))
    parent = text(node(node(record.get("reply")).get("parent")).get("uri"))
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        kind="comment" if parent else "post",
        native_id=uri,
        url=web_address_of(uri),
        text=_words(record),
        author=_author(author),
        published=_written(text(record.get("createdAt")), text(post.get("indexedAt"))),
        language=_language(record, language),
        reach=counts(
            likes=post.get("likeCount"),
            shares=post.get("repostCount"),
            comments=post.get("replyCount"),
            quotes=post.get("quoteCount"),
        ),
        parent_id=parent or _quoted(node(record.get("embed"))),
    )


def _quoted(embed: Node) -> str | None:
    """The post that is quoted, alone or beside pictures; None for lists, feeds, other things."""
    quoted = node(embed.get("record"))
    # Beside pictures the reference is wrapped once more.
    uri = text((node(quoted.get("record")) or quoted).get("uri")) or ""
    return uri if _POST_URI.match(uri) else None


def web_address_of(uri: str | None) -> str | None:
    """The page of a post that an at:// address names; None for an address of something else.

    Under the account's number (DID), which stays when the account changes its name.
    """
    found = _POST_URI.match(uri or "")
    if found is None:
        return None
    account, post = quote(found[1], safe=":."), quote(found[2], safe=":~")
    return f"https://bsky.app/profile/{account}/post/{post}"


def _words(record: Node) -> str:
    """The post's text; of a post that only shows pictures or a film what its author says of them.

    The words of a quoted post or of a linked page are somebody else's.
    """
    if own := text(record.get("text")):
        return own
    embed = node(record.get("embed"))
    shown = node(embed.get("media")) or embed
    described = [text(one.get("alt")) for one in (*nodes(shown.get("images")), shown)]
    return "\n".join(words for words in described if words)


def _author(author: Node) -> str | None:
    handle = text(author.get("handle"))
    return handle if handle and handle != "handle.invalid" else text(author.get("did"))


def _language(record: Node, configured: str | None) -> str | None:
    """The one language that the author names; of several the source's own, if it is among them."""
    named = record.get("langs")
    languages = [one for one in named if isinstance(one, str)] if isinstance(named, list) else []
    if len(languages) == 1:
        return languages[0]
    return configured if not languages or configured in languages else None


def _written(said: str | None, seen: str | None) -> str | None:
    """When a post was written: apps say what they like, but not after the server had seen it."""
    try:
        is_late = bool(said and seen) and _moment(said) > _moment(seen)
    except (ValueError, TypeError):
        return seen or said
    return seen if is_late else said or seen


def _moment(written: str | None) -> datetime:
    return datetime.fromisoformat(written or "")
