"""What is asked of YouTube's Data API, and what each question costs of the day's quota."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

LIST_UNITS = 1
SEARCH_UNITS = 100
"""A project has 10,000 units a day (https://developers.google.com/youtube/v3/determine_quota_cost)."""
_THREADS_A_PAGE = 100
_VIDEOS_A_PAGE = 50

_Asked = dict[str, str | int | None]

_VIDEO = re.compile(r"^[\w-]{11}$")
_CHANNEL = re.compile(r"^UC[\w-]{22}$")
_SITES = re.compile(r"(^|\.)youtube(-nocookie)?\.com$")


@dataclass(frozen=True, slots=True)
class Target:
    """What to read: one video, a channel (by id, handle or old user name), or a search."""

    video: str | None = None
    channel: str | None = None
    handle: str | None = None
    user: str | None = None
    words: str | None = None

    @property
    def is_named_channel(self) -> bool:
        """True if the channel's id has to be asked for first."""
        return self.handle is not None or self.user is not None


def target_at(url: str) -> Target | None:
    """The video, channel or search at an address as users copy it; None if it is none of them."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    first, _, rest = parts.path.strip("/").partition("/")
    second = rest.partition("/")[0]
    if query.get("search_query"):
        return Target(words=query["search_query"])
    if first in ("shorts", "live", "embed", "v") and _VIDEO.match(second):
        return Target(video=second)
    if _VIDEO.match(query.get("v", "")):
        return Target(video=query["v"])
    if first == "channel" and _CHANNEL.match(second):
        return Target(channel=second)
    if first.startswith("@") and len(first) > 1:
        return Target(handle=unquote(first))
    if first == "user" and second:
        return Target(user=unquote(second))
    # youtu.be/ID; on YouTube itself a first part is a page's name, however long.
    is_short = not rest and not _SITES.search(parts.hostname or "")
    return Target(video=first) if is_short and _VIDEO.match(first) else None


def channel_address(base: str, target: Target) -> str:
    """The address that tells the id of a channel known by its handle or user name."""
    name = {"forHandle": target.handle} if target.handle else {"forUsername": target.user}
    return _address(base, "channels", {"part": "id", **name})


def search_address(base: str, words: str, since: datetime | None, token: str | None) -> str:
    """The address of a page of videos that words find, newest first."""
    after = since.strftime("%Y-%m-%dT%H:%M:%SZ") if since else None
    asked: _Asked = {"part": "snippet", "q": words, "type": "video", "order": "date"}
    more: _Asked = {"maxResults": _VIDEOS_A_PAGE, "publishedAfter": after, "pageToken": token}
    return _address(base, "search", asked | more)


def threads_address(
    base: str, video: str | None, channel: str | None, words: str | None, token: str | None
) -> str:
    """The address of a page of comments to a video, or to everything of a channel."""
    asked: _Asked = {"part": "snippet,replies", "order": "time", "searchTerms": words}
    whose: _Asked = {"videoId": video} if video else {"allThreadsRelatedToChannelId": channel}
    page: _Asked = {"maxResults": _THREADS_A_PAGE, "pageToken": token}
    return _address(base, "commentThreads", asked | whose | page)


def replies_address(base: str, comment: str, token: str | None) -> str:
    """The address of a page of all replies to a comment; a thread brings five at most."""
    asked: _Asked = {"part": "snippet", "parentId": comment, "maxResults": _THREADS_A_PAGE}
    return _address(base, "comments", asked | {"pageToken": token})


def _address(base: str, method: str, asked: _Asked) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"{base}/youtube/v3/{method}?{urlencode(given)}"
