"""App shops and forum searches as recorded, through the real crawl process."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from monitor.normalise.ratings import parse_rating
from monitor.records import Rating
from spiders.parse.app_store import items_from_app_store
from spiders.parse.google_play import items_from_google_play
from spiders.parse.steam import items_from_steam
from tests.recordings.apps import FOLDERS, crawl_apps, emptied_posts
from tests.recordings.recorded import FOLDER, files
from tests.recordings.rows import Row

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="no recordings beside the checkout"),
]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return crawl_apps()


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_app_recording_gives_what_it_holds(rows: list[Row], folder: str) -> None:
    of_folder = [row for row in rows if row.name.startswith(folder + "/")]
    assert [row.name for row in of_folder] == files(folder)
    assert {row.name: row.items for row in of_folder} == {
        row.name: row.expected for row in of_folder
    }


def test_only_answers_to_another_question_are_refused(rows: list[Row]) -> None:
    refused = {row.name for row in rows if row.stats["errors"]}
    assert refused == {
        "googleplay/permissions__translate.txt",
        "googleplay/synthetic__batch-chunked.txt",
    }
    assert all(row.fault is None for row in rows if row.name not in refused)


def test_posts_without_words_are_counted_one_by_one(rows: list[Row]) -> None:
    emptied = [row for row in rows if row.name.startswith("stackexchange/")]
    assert {row.name: len(row.causes) for row in emptied} == {
        row.name: emptied_posts(row.name) for row in emptied
    }


def test_stars_thumbs_and_replies_are_those_of_the_raw_files() -> None:
    play = "googleplay/reviews__translate-initial.txt"
    page = items_from_google_play((FOLDER / play).read_bytes(), "u", "s", "now", app="a.b")
    stars = Counter(item.rating for item in page.items)
    assert stars == {"1": 34, "2": 15, "3": 16, "4": 8, "5": 77}
    assert sum(item.reply_text is not None for item in page.items) == 42
    assert sum(item.title is not None for item in page.items) == 1
    assert all(item.reply_published for item in page.items if item.reply_text)
    assert page.following is not None
    chinese = (FOLDER / "appstore/497799835_cn_5.json").read_bytes()
    feed = items_from_app_store(chinese, "https://x.example/page=5/id=497799835/json", "s", "now")
    assert Counter(item.rating for item in feed.items) == {"1": 30, "2": 5, "3": 8, "4": 1, "5": 6}
    assert feed.following == "6"


@pytest.mark.parametrize(
    ("app", "up"), [("570", 422), ("440", 403), ("292030", 355), ("8870", 141)]
)
def test_thumbs_up_are_those_of_the_raw_files(app: str, up: int) -> None:
    recorded = json.loads((FOLDER / f"steam/review_{app}.json").read_bytes())["reviews"]
    body = json.dumps({"response": {"reviews": list(recorded.values())}}).encode()
    items = items_from_steam(body, "u", "s", "now", app=app).items
    assert sum(item.rating == "up" for item in items) == up
    edited = sum(r["timestamp_created"] != r["timestamp_updated"] for r in recorded.values())
    assert sum(item.edited is not None for item in items) == edited


def test_every_rating_of_the_recordings_can_be_used() -> None:
    play = "googleplay/reviews__translate-initial.txt"
    page = items_from_google_play((FOLDER / play).read_bytes(), "u", "s", "now", app="a.b")
    recorded = json.loads((FOLDER / "steam/review_8870.json").read_bytes())["reviews"]
    body = json.dumps({"response": {"reviews": list(recorded.values())}}).encode()
    items = [*page.items, *items_from_steam(body, "u", "s", "now", app="8870").items]
    ratings = [parse_rating(item) for item in items]
    assert {rating.scale for rating in ratings if isinstance(rating, Rating)} == {"1-5", "thumb"}
    assert all(isinstance(rating, Rating) for rating in ratings)
