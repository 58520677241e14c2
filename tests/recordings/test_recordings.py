"""The real crawl process over real recordings, where they lie beside the checkout."""

from __future__ import annotations

import html
import re

import pytest

from tests.recordings.recorded import FOLDER, files
from tests.recordings.rows import Row
from tests.recordings.table import crawl_pages, suite

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="no recordings beside the checkout"),
]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return crawl_pages()


def of(rows: list[Row], folder: str) -> list[Row]:
    return [row for row in rows if row.name.startswith(folder + "/")]


@pytest.mark.parametrize("folder", ["feeds", "feeds_conformance", "schema_html", "sitemaps"])
def test_every_recording_gives_what_it_holds(rows: list[Row], folder: str) -> None:
    assert {row.name: row.fault for row in of(rows, folder) if row.fault} == {}


@pytest.mark.parametrize("folder", ["feeds", "sitemaps"])
def test_no_recording_is_left_out(rows: list[Row], folder: str) -> None:
    assert [row.name for row in of(rows, folder)] == files(folder)


def test_what_gives_nothing_says_why(rows: list[Row]) -> None:
    silent = [row.name for row in of(rows, "feeds") if not row.items and not row.causes]
    assert silent == []


@pytest.mark.parametrize(
    ("feed", "entries"),
    [("feedjira__SamRuby.xml", 20), ("picofeed__lagrange.xml", 34), ("rssparser__heise.atom", 15)],
)
def test_entries_without_author_are_by_the_author_of_their_atom_feed(
    rows: list[Row], feed: str, entries: int
) -> None:
    raw = (FOLDER / "feeds" / feed).read_text("utf-8")
    (name,) = re.findall(r"<author>\s*<name>([^<]+)</name>", raw)  # the feed's, and no other
    (row,) = [row for row in rows if row.name == f"feeds/{feed}"]
    assert [line["author"] for line in row.lines] == [name] * entries


def test_addresses_are_those_of_the_pages_and_not_of_feedburner(rows: list[Row]) -> None:
    found = {row.name: pages_behind_feedburner(row.name) for row in of(rows, "feeds")}
    assert sum(map(len, found.values())) == 213
    for row in of(rows, "feeds"):
        addresses = {line["url"] for line in row.lines if line["type"] == "item"}
        assert found[row.name] <= addresses, row.name


def pages_behind_feedburner(name: str) -> set[str]:
    raw = (FOLDER / name).read_text("utf-8", "replace")
    pages = re.findall(r"<feedburner:origLink>\s*([^<]+?)\s*</feedburner:origLink>", raw)
    return {html.unescape(page) for page in pages}


def test_whole_conformance_suite_is_read_without_a_fault() -> None:
    results = list(suite())
    assert len(results) == 2106
    gave_up = [
        name for name, _, causes in results if any("cannot be read" in one for one in causes)
    ]
    assert gave_up == []
    # One entry in almost every case; most have a title or a text, the rest are named rejects.
    assert sum(items + len(causes) for _, items, causes in results) >= 1_217
