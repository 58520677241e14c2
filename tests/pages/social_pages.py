"""How the cases of social networks, forums and news searches are read."""

from __future__ import annotations

from typing import Any

from monitor.records import RawItem, Reject
from spiders.parse import discourse, gdelt, google_news, mastodon, reddit, telegram

Read = tuple[list[RawItem], list[Reject]]
_WHOSE = ("case", "2026-03-01T00:00:00Z")


def _mastodon(body: bytes, url: str, given: dict[str, Any]) -> Read:
    return mastodon.items_from_timeline(body, url, *_WHOSE, language=given.get("language"))


def _discourse(body: bytes, url: str, given: dict[str, Any]) -> Read:
    return discourse.items_from_topic(body, url, *_WHOSE, language=given.get("language"))


def _telegram(body: bytes, url: str, given: dict[str, Any]) -> Read:
    return telegram.items_from_preview(body, url, *_WHOSE, language=given.get("language"))


def _reddit(body: bytes, url: str, given: dict[str, Any]) -> Read:
    return reddit.items_from_reddit(body, url, *_WHOSE, language=given.get("language"))


def _google_news(body: bytes, url: str, given: dict[str, Any]) -> Read:
    return google_news.items_from_search(body, url, *_WHOSE, language=given.get("language"))


def _gdelt(body: bytes, url: str, given: dict[str, Any]) -> Read:
    return gdelt.items_from_articles(body, url, *_WHOSE, language=given.get("language"))


READERS = {
    "mastodon": _mastodon,
    "discourse": _discourse,
    "telegram": _telegram,
    "reddit": _reddit,
    "google_news": _google_news,
    "gdelt": _gdelt,
}
