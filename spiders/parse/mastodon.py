"""Mastodon's API to raw items: posts ("statuses") of a tag's or an account's timeline."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.answers import Node, NotJson, counts, json_answer, node, nodes, start_of, text

_TAG = re.compile(r"^/(?:tags|web/timelines/tag|explore/tags)/([^/?#]+)/?$")
_ACCOUNT = re.compile(r"^/(?:web/)?@([\w.-]+(?:@[\w.-]+(?::\d+)?)?)(?:/with_replies|/media)?/?$")
_NEXT = re.compile(r'<([^<>]+)>\s*;[^,<]*\brel="?next"?', re.IGNORECASE)

POSTS_A_PAGE = 40
"""The most that the API gives at once."""


def timeline_address(url: str) -> tuple[str, bool] | None:
    """(API address, is it a lookup that names the account first) of a tag's or account's page.

    None for an address that is neither `/tags/NAME` nor `/@NAME`.
    """
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/api/v1"
    if tag := _TAG.match(parts.path):
        return f"{root}/timelines/tag/{tag[1]}?limit={POSTS_A_PAGE}", False
    if account := _ACCOUNT.match(parts.path):
        return f"{root}/accounts/lookup?acct={quote(account[1], safe='')}", True
    return None


def account_timeline(body: bytes, url: str) -> str | None:
    """The timeline's address of the account that a lookup found; None if it found none."""
    try:
        account = node(json_answer(body))
    except NotJson:
        return None
    number = text(account.get("id"))
    if number is None:
        return None
    parts = urlsplit(url)
    path = f"/api/v1/accounts/{quote(number, safe='')}/statuses"
    return f"{parts.scheme}://{parts.netloc}{path}?limit={POSTS_A_PAGE}&exclude_reblogs=true"


def older_posts(link_header: str, url: str) -> str | None:
    """The address of the page of older posts in a Link header, on the same server; else None."""
    match = _NEXT.search(link_header)
    address = web_address(match[1], url) if match else None
    if address is None or urlsplit(address).netloc != urlsplit(url).netloc:
        return None
    return address


def tag_feeds_are_off(body: bytes) -> bool:
    """True if an instance says that nobody without a login may read its tag timelines.

    Such an instance answers a request for one with an empty list, as if there were no posts.
    """
    try:
        configuration = node(node(json_answer(body)).get("configuration"))
    except NotJson:
        return False
    feeds = node(node(configuration.get("timelines_access")).get("hashtag_feeds"))
    return bool(feeds) and all(access != "public" for access in feeds.values())


def items_from_timeline(
    body: bytes, url: str, source: str, fetched_at: str, *, language: str | None = None
) -> tuple[list[RawItem], list[Reject]]:
    """Posts in the order of the answer; a reject for each that is empty or may not be taken.

    Accounts that opted out of search engines (`noindex`) or out of search (`indexable` false)
    are left out, and counted by it, as are boosts and posts that are not public.
    """
    try:
        document = json_answer(body)
    except NotJson as error:
        return [], [Reject(source, f"not a timeline: {error}", url, start_of(body))]
    if isinstance(document, dict):
        if "content" not in document:
            fault = f"not a timeline: {text(document.get('error')) or 'an object'}"
            return [], [Reject(source, fault, url, start_of(body))]
        document = [document]
    if not isinstance(document, list):
        return [], [Reject(source, "not a timeline: no list", url, start_of(body))]
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for number, status in enumerate(nodes(document), 1):
        item = _item(status, url, source, fetched_at, language)
        is_empty = not (item.text or item.title)
        refusal = _refusal(node(status.get("account")))
        unwanted = refusal or _unusable(status)
        cause = unwanted or ("post without text" if is_empty else None)
        if cause is None:
            items.append(item)
        else:
            # Who does not want to be found is not named: neither is the post's address.
            place = f"{url} post {number}" if refusal else item.url or item.native_id or url
            rejects.append(Reject(source, cause, place, is_left_out=unwanted is not None))
    return items, rejects


def _unusable(status: Node) -> str | None:
    """Why a post may not be taken; None if it may."""
    if status.get("reblog"):
        return "boost of somebody else's post"
    if status.get("visibility") not in (None, "public", "unlisted"):
        return "post is not public"
    return None


def _refusal(account: Node) -> str | None:
    """How an author said that they do not want to be found; None if they did not."""
    if account.get("noindex") is True:
        return "author opted out of indexing (noindex)"
    if account.get("indexable") is False:
        return "author did not opt in to search (indexable is false)"
    return None


def _item(status: Node, url: str, source: str, fetched_at: str, language: str | None) -> RawItem:
    parent = text(status.get("in_reply_to_id"))
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        kind="comment" if parent else "post",
        native_id=text(status.get("id")),
        url=web_address(text(status.get("url")) or text(status.get("uri")), url),
        # A content warning stands above the post and is part of what is said.
        title=text(status.get("spoiler_text")),
        text=_words(status),
        is_html=True,
        author=_author(node(status.get("account")), url),
        published=text(status.get("created_at")),
        edited=text(status.get("edited_at")),
        language=text(status.get("language")) or language,
        reach=counts(
            likes=status.get("favourites_count"),
            shares=status.get("reblogs_count"),
            comments=status.get("replies_count"),
            quotes=status.get("quotes_count"),
            votes=node(status.get("poll")).get("votes_count"),
        ),
        parent_id=parent or _quoted(node(status.get("quote"))),
    )


def _quoted(quote: Node) -> str | None:
    """The id of the post that is quoted, where its author allows it."""
    shown = text(node(quote.get("quoted_status")).get("id"))
    return shown or text(quote.get("quoted_status_id"))


def _words(status: Node) -> str:
    """The post's HTML; of a post that only shows a picture what its author wrote about it."""
    content = text(status.get("content")) or ""
    if re.sub(r"<[^<>]*>|\s", "", content):
        return content
    described = [text(one.get("description")) for one in nodes(status.get("media_attachments"))]
    return "\n".join(_escaped(one) for one in described if one)


def _escaped(plain: str) -> str:
    return f"<p>{plain.replace('&', '&amp;').replace('<', '&lt;')}</p>"


def _author(account: Node, url: str) -> str | None:
    """name@server, the same on every server that shows the post."""
    name = text(account.get("acct")) or text(account.get("username"))
    if name is None or "@" in name:
        return name
    server = urlsplit(text(account.get("url")) or url).netloc or urlsplit(url).netloc
    return f"{name}@{server}"
