"""Every saved page gives exactly what its .expected.json says.

To add a case put two files into the folder of the kind: `<case>.<anything>` with the bytes as a
site would send them, and `<case>.expected.json`:

    {"given": {"url": ..., "content_type": ..., "kind": ..., "language": ...},   all optional
     "items": [fields that are not empty, without source and fetched_at],
     "rejects": [{"cause": ..., "place": ...}]}                  a cause may be given by its start
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from app_pages import READERS as APPS
from generic_pages import READERS as GENERIC
from owner_pages import READERS as OWNER
from social_pages import READERS as SOCIAL

from monitor.records import RawItem, Reject
from spiders.parse.feed import items_from_feed
from spiders.parse.reviews import reviews_from_html

FOLDER = Path(__file__).parent
CASES = sorted(FOLDER.glob("*/*.expected.json"))
EMPTY = RawItem(source="case", fetched_at="2026-03-01T00:00:00Z").as_dict()
READERS = {**APPS, **SOCIAL, **GENERIC, **OWNER}
"""How a kind's page is read: (body, url, given) -> (items, rejects). Feeds and pages: below."""


def page_of(expected: Path) -> Path:
    """The one file that stands beside an expectation."""
    case = expected.name.removesuffix(".expected.json")
    pages = [file for file in expected.parent.glob(f"{case}.*") if file != expected]
    assert len(pages) == 1, f"{expected} needs exactly one page beside it"
    return pages[0]


def read(kind: str, body: bytes, given: dict[str, Any]) -> tuple[list[RawItem], list[Reject]]:
    url = given.get("url", "https://case.example/page")
    language = given.get("language")
    if kind in READERS:
        return READERS[kind](body, url, given)
    if kind == "feed":
        headers = {"content-type": given.get("content_type", "")}
        kind_of_entry = given.get("kind", "news")
        return items_from_feed(
            body, headers, url, "case", EMPTY["fetched_at"], kind=kind_of_entry, language=language
        )
    return reviews_from_html(
        body,
        url,
        "case",
        EMPTY["fetched_at"],
        content_type=given.get("content_type", ""),
        language=language,
    )


def filled(item: RawItem) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in item.as_dict().items() if value != EMPTY[name]}


@pytest.mark.parametrize("expected", CASES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_page_gives_what_is_expected(expected: Path) -> None:
    wanted = json.loads(expected.read_text("utf-8"))
    body = page_of(expected).read_bytes()
    items, rejects = read(expected.parent.name, body, wanted.get("given", {}))
    assert [filled(item) for item in items] == wanted.get("items", [])
    assert len(rejects) == len(wanted.get("rejects", [])), rejects
    for found, reject in zip(rejects, wanted.get("rejects", []), strict=True):
        assert found.cause.startswith(reject["cause"])
        assert found.place == reject["place"]
        assert found.is_left_out == reject.get("is_left_out", False)


@pytest.mark.parametrize("kind", sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))
def test_every_page_has_an_expectation(kind: str) -> None:
    files = {file.name for file in (FOLDER / kind).iterdir()}
    pages = {name for name in files if not name.endswith(".expected.json")}
    assert {name.rpartition(".")[0] + ".expected.json" for name in pages} == files - pages
