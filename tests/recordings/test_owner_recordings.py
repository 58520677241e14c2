"""Heureka's exports as recorded, through the real crawl process."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.recordings.owner import EXPORTS, crawl_owner, raw_reviews
from tests.recordings.recorded import FOLDER
from tests.recordings.rows import Row

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="no recordings beside the checkout"),
]

SHOP, PRODUCTS = EXPORTS.values()


@pytest.fixture(scope="module")
def crawled() -> tuple[list[Row], dict[str, list[dict[str, Any]]]]:
    return crawl_owner()


def test_every_export_gives_what_it_holds(
    crawled: tuple[list[Row], dict[str, list[dict[str, Any]]]],
) -> None:
    rows, _ = crawled
    assert {row.name: row.fault for row in rows if row.fault} == {}
    assert {row.name: (row.listed, row.items, row.causes) for row in rows} == {
        SHOP: (5, 5, ()),
        PRODUCTS: (5, 4, ()),  # one of the five is there twice, word for word
    }


def test_stars_parts_and_replies_are_those_of_the_raw_files(
    crawled: tuple[list[Row], dict[str, list[dict[str, Any]]]],
) -> None:
    _, items = crawled
    raw = raw_reviews(SHOP)
    assert Counter(item["rating"] for item in items[SHOP]) == Counter(
        review.get("total_rating") for review in raw
    )
    for part in ("delivery_time", "transport_quality", "web_usability", "communication"):
        found = Counter(item["sub_ratings"].get(part) for item in items[SHOP])
        assert found == Counter(review.get(part) for review in raw)
    replies = [item["reply_text"] for item in items[SHOP] if item["reply_text"]]
    assert replies == [review["reaction"] for review in raw if "reaction" in review]


def test_no_number_of_an_order_is_kept(
    crawled: tuple[list[Row], dict[str, list[dict[str, Any]]]],
) -> None:
    _, items = crawled
    orders = {review["order_id"] for review in raw_reviews(SHOP)}
    written = [str(value) for found in items.values() for one in found for value in one.values()]
    assert len(orders) == 5
    assert [text for text in written for order in orders if text == order] == []


def test_the_newer_state_of_a_changed_review_comes_last(
    crawled: tuple[list[Row], dict[str, list[dict[str, Any]]]],
) -> None:
    _, items = crawled
    numbers = Counter(item["native_id"] for item in items[PRODUCTS])
    ((twice, _),) = [(number, count) for number, count in numbers.items() if count == 2]
    states = [item for item in items[PRODUCTS] if item["native_id"] == twice]
    assert states[0]["published"] < states[1]["published"]
