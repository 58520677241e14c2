"""How the cases of social networks, forums and news searches are read."""

from __future__ import annotations

from typing import Any

from monitor.records import RawItem, Reject
from spiders.parse import (
    bluesky,
    discourse,
    gdelt,
    google_news,
    mastodon,
    reddit,
    telegram,
    vk,
    youtube,
)
from spiders.parse.paged import Page

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


def _checked(page: Page, given: dict[str, Any]) -> Read:
    """Where a case says how its page goes on or why it was refused, that is checked with it."""
    for name in ("following", "refusal"):
        if name in given:
            assert getattr(page, name) == given[name]
    return page.items, page.rejects


def _vk(body: bytes, url: str, given: dict[str, Any]) -> Read:
    below = vk.Below(*given["below"]) if "below" in given else None
    language = given.get("language")
    page = vk.items_from_vk(body, url, *_WHOSE, below=below, language=language)
    return _checked(page, given)


def _bluesky(body: bytes, url: str, given: dict[str, Any]) -> Read:
    page = bluesky.items_from_bluesky(body, url, *_WHOSE, language=given.get("language"))
    return _checked(page, given)


def _youtube(body: bytes, url: str, given: dict[str, Any]) -> Read:
    """Threads of comments, or the videos of a search, whichever the answer lists."""
    error = youtube.error_in(body)
    assert (str(error) if error else None) == given.get("error")
    if error:
        return [], []
    answer = youtube.answer_in(body)
    assert answer.following == given.get("following")
    items: list[RawItem] = []
    rejects: list[Reject] = []
    if answer.fault:
        rejects.append(youtube.refused("case", answer.fault, url, body))
    for listed in answer.listed:
        video = youtube.item_of_video(listed, *_WHOSE, given.get("language"))
        thread = youtube.thread_of(listed, given.get("owner"), given.get("subject"))
        found = youtube.items_of_thread(thread, url, *_WHOSE, given.get("language"))
        items += [video] if video else found[0]
        rejects += [] if video else found[1]
    return items, rejects


READERS = {
    "vk": _vk,
    "bluesky": _bluesky,
    "youtube": _youtube,
    "mastodon": _mastodon,
    "discourse": _discourse,
    "telegram": _telegram,
    "reddit": _reddit,
    "google_news": _google_news,
    "gdelt": _gdelt,
}
