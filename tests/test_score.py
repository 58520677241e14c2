"""Scores: what a text says, and what its author's own rating says beside it."""

from __future__ import annotations

import pytest

from monitor.records import Rating
from monitor.score import with_rating


def label(row: tuple[float, float, float]) -> str:
    return ("negative", "neutral", "positive")[row.index(max(row))]


def test_without_a_rating_the_text_stands_alone() -> None:
    assert with_rating((0.2, 0.5, 0.3), None) == (0.2, 0.5, 0.3)


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        (Rating(1, "1-5", "1"), "negative"),
        (Rating(3, "1-5", "3"), "neutral"),
        (Rating(5, "1-5", "5"), "positive"),
        (Rating(0, "thumb", "down"), "negative"),
        (Rating(9.5, "0-10", "9,5"), "positive"),
        (Rating(2, "three-step", "yes_but"), "neutral"),
    ],
)
def test_an_unsure_text_is_read_with_its_rating(rating: Rating, expected: str) -> None:
    row = with_rating((0.33, 0.34, 0.33), rating)
    assert label(row) == expected
    assert sum(row) == pytest.approx(1)


def test_a_text_that_is_sure_outweighs_five_stars_given_in_sarcasm() -> None:
    assert label(with_rating((0.985, 0.01, 0.005), Rating(5, "1-5", "5"))) == "negative"


def test_a_rating_beyond_its_scale_says_nothing() -> None:
    assert with_rating((0.2, 0.5, 0.3), Rating(9, "1-5", "9")) == (0.2, 0.5, 0.3)
