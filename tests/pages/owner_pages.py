"""How the cases of services that answer only to a shop's or a place's owner are read."""

from __future__ import annotations

from typing import Any

from monitor.records import RawItem, Reject
from spiders.parse import google_business, heureka, zbozi
from spiders.parse.mapped import PageContext
from spiders.parse.paged import Page

Read = tuple[list[RawItem], list[Reject]]


def pages(kind: str, body: bytes, url: str, given: dict[str, Any]) -> Page:
    """The whole page, with how it goes on."""
    page = PageContext(url, "case", "2026-03-01T00:00:00Z", "review", given.get("language"))
    match kind:
        case "heureka":
            return heureka.reviews_from_xml(body, page)
        case "zbozi":
            return zbozi.reviews_from_json(body, page, is_partial=given.get("status") == 206)
        case _:
            return google_business.reviews_from_json(body, page, place=given.get("place"))


def _reader(kind: str) -> Any:
    def read(body: bytes, url: str, given: dict[str, Any]) -> Read:
        page = pages(kind, body, url, given)
        # Where a case says how its page goes on, that is checked with it.
        for name in ("following", "refusal"):
            if name in given:
                assert getattr(page, name) == given[name]
        return page.items, page.rejects

    return read


READERS = {kind: _reader(kind) for kind in ("heureka", "zbozi", "google_business")}
