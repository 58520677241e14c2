"""Where a Discourse forum keeps what: JSON addresses for the addresses that a reader knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

_PAGE = re.compile(
    r"^(?P<base>.*?)/(?P<what>latest|new|top|hot|c|tags?|t|search|posts)(?:/.*|\.json)?$"
)
_TOPIC_PATH = re.compile(r"/t/(?:[^/]+/)?(?P<id>\d+)(?:/\d+)?/?(?:\.json)?$")

POSTS_A_REQUEST = 20
"""As many as a topic shows at first, and as the site's own pages ask for."""


@dataclass(frozen=True, slots=True)
class Forum:
    """The forum behind an address: `kind` is `list`, `topic` or `search`."""

    base: str
    """Where the forum begins, without a slash at the end: it may lie in a folder of a site."""
    start: str
    """The address of the first JSON answer."""
    kind: str


def forum_at(url: str) -> Forum:
    """What a reader's address means: a front page or list, a category, a tag, a topic, a search."""
    parts = urlsplit(url)
    site = f"{parts.scheme}://{parts.netloc}"
    path = parts.path.rstrip("/")
    page = _PAGE.match(path)
    if page is None:
        return Forum(site + path, f"{site}{path}/latest.json", "list")
    base = site + page["base"]
    if page["what"] == "t" and (topic := _TOPIC_PATH.search(path)):
        return Forum(base, topic_address(base, topic["id"]), "topic")
    if page["what"] == "search":
        query = dict(parse_qsl(parts.query))
        return Forum(base, search_address(base, query.get("q", ""), 1), "search")
    return Forum(base, with_json(url), "list")


def with_json(url: str) -> str:
    """The same address with `.json` behind its path."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    path = path if path.endswith(".json") else path + ".json"
    return parts._replace(path=path, fragment="").geturl()


def topic_address(base: str, topic_id: str) -> str:
    """A topic with its first twenty posts, and the ids of all."""
    return f"{base}/t/{quote(topic_id, safe='')}.json"


def posts_address(base: str, topic_id: str, ids: Sequence[str]) -> str:
    """Posts of a topic by their ids."""
    query = urlencode([("post_ids[]", one) for one in ids])
    return f"{base}/t/{quote(topic_id, safe='')}/posts.json?{query}"


def search_address(base: str, words: str, page: int) -> str:
    """One page of search results."""
    return f"{base}/search.json?{urlencode({'q': words, 'page': page})}"
