"""New sources without a line of code, over real recordings, from the answer to the store."""

from __future__ import annotations

import pytest

from tests.recordings.recorded import FOLDER
from tests.recordings.written_in_yaml import YamlRow, collect_yaml

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="no recordings beside the checkout"),
]

# Ratings that say something: all of INDEX.md's but its zeros, which stand for "not rated".
RATED = {
    "snappfood-375wjg": 230,
    "snappfood-0lmn4j": 183,
    "snappfood-0m1xdo": 590,
    "snappfood-3x2gw4": 689,
    "snappfood-por67v": 821,
    "snappfood-0wde2g": 735,
    "game-reviews": 153,
    "place-0": 5,
}


@pytest.fixture(scope="module")
def rows() -> list[YamlRow]:
    return collect_yaml()


def test_every_source_written_in_yaml_stores_what_its_recording_holds(rows: list[YamlRow]) -> None:
    assert len(rows) == 18
    differing = {row.source: row for row in rows if row.stored != row.expected}
    assert differing == {}
    assert {row.state for row in rows} == {"ok"}


def test_ratings_are_read_and_zeros_are_not_ratings(rows: list[YamlRow]) -> None:
    assert {row.source: row.rated for row in rows if row.source in RATED} == RATED


def test_times_are_read_and_what_is_no_date_is_a_named_reject(rows: list[YamlRow]) -> None:
    # A German blog: months in German in an American order, "Januar 28, 2018", are not understood.
    faulty = {row.source: (row.dated, row.causes) for row in rows if row.causes}
    assert faulty == {"stars-drawn": (71, {"no believable date": 1})}
    assert all(row.dated == row.stored for row in rows if not row.causes)
