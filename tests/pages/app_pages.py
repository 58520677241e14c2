"""How the cases of app shops and of the forums around software are read."""

from __future__ import annotations

from typing import Any

from monitor.records import RawItem, Reject
from spiders.parse.app_store import items_from_app_store
from spiders.parse.google_play import items_from_google_play
from spiders.parse.hacker_news import items_from_hacker_news
from spiders.parse.paged import Page
from spiders.parse.stack_exchange import items_from_stack_exchange
from spiders.parse.steam import items_from_steam

Read = tuple[list[RawItem], list[Reject]]
_WHOSE = ("case", "2026-03-01T00:00:00Z")


def pages(kind: str, body: bytes, url: str, given: dict[str, Any]) -> Page:
    """The whole page, with how it goes on."""
    language = given.get("language")
    country = given.get("country")
    match kind:
        case "app_store":
            return items_from_app_store(
                body,
                url,
                *_WHOSE,
                content_type=given.get("content_type", ""),
                country=country,
                language=language,
            )
        case "google_play":
            app = "cz.zelvano.app"
            return items_from_google_play(
                body, url, *_WHOSE, app=app, country=country, language=language
            )
        case "steam":
            return items_from_steam(body, url, *_WHOSE, app="123456", language=language)
        case "hacker_news":
            return items_from_hacker_news(body, url, *_WHOSE, language=language)
        case _:
            return items_from_stack_exchange(body, url, *_WHOSE, language=language)


def _reader(kind: str) -> Any:
    def read(body: bytes, url: str, given: dict[str, Any]) -> Read:
        page = pages(kind, body, url, given)
        # Where a case says how its page goes on, that is checked with it.
        for name in ("following", "refusal", "wait_seconds"):
            if name in given:
                assert getattr(page, name) == given[name]
        return page.items, page.rejects

    return read


READERS = {
    kind: _reader(kind)
    for kind in ("app_store", "google_play", "steam", "hacker_news", "stack_exchange")
}
