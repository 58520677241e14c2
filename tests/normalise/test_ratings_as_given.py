"""A rating is kept on the scale it was given on, and a nonsensical one says why it is not."""

from __future__ import annotations

import pytest

from monitor.normalise.ratings import parse_rating, read_rating
from monitor.records import Rating, RawItem


@pytest.mark.parametrize(
    ("raw", "best", "worst", "scale", "value", "on"),
    [
        ("4", None, None, None, 4, "1-5"),
        ("4,5", None, None, None, 4.5, "1-5"),
        ("4.5/5", None, None, None, 4.5, "1-5"),
        ("4 из 5", None, None, None, 4, "1-5"),
        ("4 of 5 stars", None, None, None, 4, "1-5"),
        ("Rated 4.00 out of 5", None, None, None, 4, "1-5"),
        ("3 z 5", None, None, None, 3, "1-5"),
        ("۴ از ۵", None, None, None, 4, "1-5"),
        ("۴٫۵", None, None, None, 4.5, "1-5"),
        ("٤", None, None, None, 4, "1-5"),
        ("5 звёзд", None, None, None, 5, "1-5"),
        ("4.5 (123 reviews)", None, None, None, 4.5, "1-5"),
        ("★★★★☆", None, None, None, 4, "1-5"),
        ("★★★★", None, None, None, 4, "1-5"),
        ("★★★½☆", None, None, None, 3.5, "1-5"),
        ("⭐⭐⭐⭐⭐", None, None, None, 5, "1-5"),
        ("FOUR", None, None, None, 4, "1-5"),
        ("80 %", None, None, None, 80, "0-100"),
        ("۸۰٪", None, None, None, 80, "0-100"),
        ("85", "100", None, None, 85, "0-100"),
        ("4,5", "10", None, None, 4.5, "1-10"),
        ("9/10", None, None, None, 9, "1-10"),
        ("0", "10", "0", None, 0, "0-10"),
        ("7,5", "10,0", "0", None, 7.5, "0-10"),
        ("3.5", "5", "0.5", None, 3.5, "0.5-5"),
        ("1", "1", "5", None, 1, "5-1"),
        ("true", None, None, None, 1, "thumb"),
        ("False", None, None, None, 0, "thumb"),
        ("up", None, None, "thumb", 1, "thumb"),
        ("0", None, None, "thumb", 0, "thumb"),
        ("👎", None, None, None, 0, "thumb"),
        ("Не рекомендую", None, None, "thumb", 0, "thumb"),
        ("yes_but", None, None, None, 2, "three-step"),
        ("yes", None, None, "three-step", 3, "three-step"),
        ("no", None, None, "three-step", 1, "three-step"),
        ("Ano, ale", None, None, "three-step", 2, "three-step"),
    ],
)
def test_ratings_keep_their_scale(
    raw: str, best: str | None, worst: str | None, scale: str | None, value: float, on: str
) -> None:
    rating = read_rating(raw, best, worst, scale)
    assert rating == Rating(value, on, raw)
    assert 0 <= rating.share <= 1


@pytest.mark.parametrize("raw", [None, "", "  ", "0", "0.0", "۰"])
def test_zero_stars_and_nothing_mean_not_rated(raw: str | None) -> None:
    assert read_rating(raw) is None


@pytest.mark.parametrize(
    ("raw", "best", "scale"),
    [
        ("7", "5", None),
        ("11/10", None, None),
        ("-1", None, None),
        ("120 %", None, None),
        ("abc", None, None),
        ("inf", None, None),
        ("nan", None, None),
        ("1e9", None, None),
        ("9" * 500, None, None),
        ("2026-03-12", None, None),
        ("maybe", None, "thumb"),
        ("4", None, "three-step"),
        ("<script>", None, None),
    ],
)
def test_an_impossible_rating_gives_its_cause(
    raw: str, best: str | None, scale: str | None
) -> None:
    cause = read_rating(raw, best, None, scale)
    assert isinstance(cause, str)
    assert cause.startswith("rating ")
    assert len(cause) < 160


def test_a_school_grade_of_one_is_the_best() -> None:
    best, worst = read_rating("1", "1", "5"), read_rating("5", "1", "5")
    assert isinstance(best, Rating) and isinstance(worst, Rating)
    assert (best.share, worst.share) == (1, 0)


def test_the_scale_of_an_item_is_used() -> None:
    item = RawItem("s", "2026-07-15T00:00:00Z", rating="8", rating_best="10", rating_worst="0")
    assert parse_rating(item) == Rating(8, "0-10", "8")
