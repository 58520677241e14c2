"""YouTube, VK and Bluesky as recorded, through the real crawl process."""

from __future__ import annotations

import pytest

from spiders.parse.vk import items_from_vk
from tests.recordings.keyed import crawl_keyed, document, recordings
from tests.recordings.recorded import FOLDER
from tests.recordings.rows import Row

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="no recordings beside the checkout"),
]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return crawl_keyed()


@pytest.mark.parametrize(("folder", "count"), [("youtube", 13), ("vk", 13), ("bluesky", 1)])
def test_every_keyed_recording_gives_its_texts(rows: list[Row], folder: str, count: int) -> None:
    of_folder = [row for row in rows if row.name.startswith(folder + "/")]
    assert [row.name for row in of_folder] == [
        name for name in recordings() if name.startswith(folder + "/")
    ]
    assert len(of_folder) == count
    assert {row.name: row.fault for row in of_folder if row.fault} == {}


def test_what_has_no_words_is_counted_with_its_cause(rows: list[Row]) -> None:
    wall = [row for row in rows if row.name.startswith("vk/")]
    for row in wall:
        listed = document(row.name)["response"]["items"]
        assert row.items + len(row.causes) == len(listed), row.name
    causes = {cause for row in wall for cause in row.causes}
    assert causes == {
        "no post: friend",
        "no post: wall_photo",
        "post without text",
        "repost without own text",
    }


def test_reach_is_that_of_the_raw_file() -> None:
    name = "vk/Wall__PodcastAttachment.json"
    body = (FOLDER / name).read_bytes()
    raw = document(name)["response"]["items"][0]
    (item,) = items_from_vk(body, "u", "s", "now").items
    assert item.reach == {
        "likes": raw["likes"]["count"],
        "shares": raw["reposts"]["count"],
        "views": raw["views"]["count"],
        "comments": raw["comments"]["count"],
    }
    assert (item.author or "").endswith(f"(club{-raw['from_id']})")
