"""What is asked of VK's API: an address as users copy it to a method and its parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from spiders.parse.vk import ANSWERS_ALONG, ENTRIES_A_PAGE

VERSION = "5.199"
_FOUND_A_PAGE = 200

_NUMBERED = re.compile(r"^(club|public|event|id|wall)(-?\d{1,15})$")
_POST = re.compile(r"^wall(-?\d{1,15})_(\d{1,15})$")
_DOMAIN = re.compile(r"^[A-Za-z][\w.]{1,63}$")
_NOT_A_WALL = {"feed", "search", "im", "audio", "video", "market", "app", "login", "away.php"}

Parameters = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Target:
    """What to read: the wall of an owner (groups have negative numbers) or domain, or a search.

    With `post` only the comments to that post.
    """

    owner: int | None = None
    domain: str | None = None
    words: str | None = None
    post: int | None = None


def target_at(url: str, words: str | None = None) -> Target | None:
    """The wall, post or search at an address; words given come before it. None: it is neither."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    asked = words or query.get("q") or query.get("c[q]")
    if asked:
        return Target(words=asked)
    name = parts.path.strip("/").partition("/")[0]
    if post := _POST.match(name):
        return Target(owner=int(post[1]), post=int(post[2]))
    if numbered := _NUMBERED.match(name):
        number = int(numbered[2])
        is_group = numbered[1] in ("club", "public", "event")
        return Target(owner=-abs(number) if is_group else number)
    if _DOMAIN.match(name) and name.lower() not in _NOT_A_WALL:
        return Target(domain=name)
    return None


def wall_call(target: Target, offset: int) -> tuple[str, Parameters]:
    """The method and parameters for a page of a wall, newest posts first."""
    whose: Parameters = (
        {"owner_id": target.owner} if target.owner is not None else {"domain": target.domain or ""}
    )
    return "wall.get", whose | {"count": ENTRIES_A_PAGE, "offset": offset, "extended": 1}


def search_call(
    words: str, since: datetime | None, start_from: str | None
) -> tuple[str, Parameters]:
    """The method and parameters for a page of posts that a search finds, newest first.

    Without a start the service looks back for one day only.
    """
    asked: Parameters = {"q": words, "count": _FOUND_A_PAGE, "extended": 1}
    asked["start_time"] = int(since.timestamp()) if since else 1
    return "newsfeed.search", asked | ({"start_from": start_from} if start_from else {})


def comments_call(owner: int, post: int, offset: int) -> tuple[str, Parameters]:
    """The method and parameters for a page of the comments to a post, newest first."""
    asked: Parameters = {"owner_id": owner, "post_id": post, "count": ENTRIES_A_PAGE}
    more: Parameters = {"need_likes": 1, "sort": "desc", "thread_items_count": ANSWERS_ALONG}
    return "wall.getComments", asked | more | {"offset": offset, "extended": 1, "preview_length": 0}


def answers_call(owner: int, post: int, comment: int, offset: int) -> tuple[str, Parameters]:
    """The method and parameters for a page of all answers to a comment, oldest first.

    New ones are added at the end: what was read does not move.
    """
    method, asked = comments_call(owner, post, offset)
    return method, asked | {"comment_id": comment, "sort": "asc"}
