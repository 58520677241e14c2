"""The real crawl process over real recordings, where they lie beside the checkout."""

from __future__ import annotations

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


def test_whole_conformance_suite_is_read_without_a_fault() -> None:
    results = list(suite())
    assert len(results) == 2106
    gave_up = [
        name for name, _, causes in results if any("cannot be read" in one for one in causes)
    ]
    assert gave_up == []
    # One entry in almost every case; most have a title or a text, the rest are named rejects.
    assert sum(items + len(causes) for _, items, causes in results) >= 1_217
