"""Networks, forums and channels as recorded, through the real crawl process."""

from __future__ import annotations

import pytest

from tests.recordings.recorded import FOLDER
from tests.recordings.rows import Row
from tests.recordings.social import crawl_social, google_news_under_its_robots, refusals

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="no recordings beside the checkout"),
]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return crawl_social()


@pytest.mark.parametrize("folder", ["discourse", "feeds", "mastodon", "telegram"])
def test_every_social_recording_gives_what_it_holds(rows: list[Row], folder: str) -> None:
    of_folder = [row for row in rows if row.name.startswith(folder + "/")]
    assert of_folder
    assert {row.name: row.fault for row in of_folder if row.fault} == {}


def test_what_is_left_out_of_a_timeline_is_counted(rows: list[Row]) -> None:
    timelines = [row for row in rows if row.name.startswith("mastodon/") and row.listed]
    left_out = {row.name: row.causes for row in timelines if row.causes}
    assert all(row.items + len(row.causes) in (row.listed, 1) for row in timelines)
    assert {cause for causes in left_out.values() for cause in causes} == {
        "author did not opt in to search (indexable is false)",
        "author opted out of indexing (noindex)",
        "post is not public",
    }


def test_recorded_refusals_are_states() -> None:
    states = {name: (status, row.stats["blocked"]) for name, (status, row) in refusals().items()}
    assert len(states) == 4
    assert {state for state in states.values() if state[0] == 403} == {(403, "http 403")}
    assert {state for state in states.values() if state[0] == 404} == {(404, None)}


def test_google_news_is_not_asked_where_its_robots_txt_forbids() -> None:
    stats = google_news_under_its_robots().stats
    assert (stats["blocked"], stats["requests"]) == ("robots.txt forbids this address", 0)
