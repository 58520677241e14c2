"""What is not said any more, told only where chance does not explain it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from monitor.trends.silence import (
    Spoken,
    fallen_silent,
    left_without_a_word,
    missing_wave,
    never_asked,
)


def test_a_subject_that_is_hardly_spoken_of_any_more_is_silent() -> None:
    subjects = {
        "delivery": Spoken(2, 300, 240, 2400),
        "price": Spoken(55, 300, 480, 2400),
        "returns": Spoken(0, 300, 12, 2400),  # too few before to say
        "food": Spoken(20, 300, 240, 2400),  # fewer, but not silent
    }
    (silence,) = fallen_silent(subjects)
    assert (silence.kind, silence.what, silence.n, silence.n_before) == (
        "subject", "delivery", 300, 2400,
    )  # fmt: skip
    assert silence.share == pytest.approx(2 / 300)
    assert silence.share_before == pytest.approx(0.1)


def test_where_all_are_silent_together_it_is_not_the_subject() -> None:
    assert fallen_silent({"delivery": Spoken(3, 30, 240, 2400)}) == []
    assert fallen_silent({"delivery": Spoken(0, 0, 240, 2400)}) == []


def test_in_quiet_weeks_hardly_any_subject_is_called_silent() -> None:
    rng = np.random.default_rng(4)
    shares = np.linspace(0.02, 0.2, 15)
    told = 0
    for _ in range(300):
        now, before = rng.binomial(150, shares), rng.binomial(1200, shares)
        subjects = {
            f"subject {k}": Spoken(int(now[k]), 150, int(before[k]), 1200) for k in range(15)
        }
        told += bool(fallen_silent(subjects))
    assert told <= 15  # five in a hundred weeks


def test_a_wave_is_missing_by_the_rhythm_of_those_before() -> None:
    ends = [date(2025, 3, 31), date(2025, 9, 30), date(2026, 3, 31)]
    assert missing_wave(ends, date(2026, 10, 20)) is None  # some patience
    silence = missing_wave(ends, date(2026, 12, 1))
    assert silence is not None
    assert silence.since == date(2026, 9, 29)
    assert missing_wave(ends[:2], date(2027, 12, 1)) is None
    daily = [date(2026, 3, day) for day in range(1, 10)]
    assert missing_wave(daily, date(2026, 12, 1)) is None  # continuous: quiet sources tell


def test_what_reviews_speak_of_and_the_survey_never_asks() -> None:
    spoken = {"delivery": 90, "support": 40, "returns": 25, "visit": 9}
    found = never_asked(spoken, 400, ["delivery", "ordering"])
    assert [(one.what, one.share) for one in found] == [("support", 0.1), ("returns", 0.0625)]
    assert never_asked(spoken, 0, []) == []


@pytest.mark.parametrize(
    ("churned", "complaints", "share"),
    [
        (100, 20, 0.8),
        (100, 0, 1.0),
        (100, 100, None),
        (None, 5, None),
        (0, 0, None),
        (9, None, None),
    ],
)
def test_who_left_without_a_word(
    churned: float | None, complaints: float | None, share: float | None
) -> None:
    found = left_without_a_word(churned, complaints)
    assert (found.share if found else None) == share
