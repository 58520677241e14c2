"""Changes of many rows at once: against three pasts, corrected, silent where weeks are partial."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from monitor.trends.changes import benjamini_hochberg, changes, weeks_of
from monitor.trends.compare import Counts

WEEK = date(2026, 11, 16)


def weeks(*counts: Counts, step: int = 1) -> dict[date, Counts]:
    """This week's counts first, then those of the weeks before."""
    return {WEEK - timedelta(weeks=n * step): one for n, one in enumerate(counts)}


def test_adjusted_p_values_are_those_of_statsmodels() -> None:
    rng = np.random.default_rng(2)
    for n in (1, 2, 7, 40):
        p = list(rng.beta(0.4, 2, n))
        assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])
    with_holes = benjamini_hochberg([0.03, math.nan, 0.01])
    assert with_holes[::2] == pytest.approx([0.03, 0.02])
    assert math.isnan(with_holes[1])
    assert benjamini_hochberg([]) == []


def test_each_past_is_made_of_its_weeks() -> None:
    assert weeks_of(WEEK, "previous") == [date(2026, 11, 9)]
    assert weeks_of(WEEK, "year") == [date(2025, 11, 17)]  # a Monday as well
    assert weeks_of(WEEK, "usual")[0] == date(2026, 11, 9)
    assert len(weeks_of(WEEK, "usual")) == 8


def test_a_change_is_told_against_the_past_that_was_asked_for() -> None:
    rows = {"shop": weeks((40, 20, 40), (10, 20, 70), *[(40, 20, 40)] * 7)}
    previous = changes(rows, WEEK, "previous")["shop"]
    assert (previous.difference.word, previous.weeks_before) == ("worse", 1)
    assert previous.difference.value == -60
    usual = changes(rows, WEEK, "usual")["shop"]
    assert usual.before == (290, 160, 350)
    assert (usual.difference.word, usual.weeks_before) == ("no clear change", 8)
    year = changes(rows, WEEK, "year")["shop"]
    assert (year.difference.word, year.weeks_before) == ("too few", 0)
    assert math.isnan(year.adjusted_p)


def test_one_lucky_row_of_twenty_is_no_news() -> None:
    calm = {f"row {n}": weeks((30, 40, 30), (30, 40, 30)) for n in range(19)}
    rows = {**calm, "lucky": weeks((25, 35, 40), (37, 38, 25))}
    alone = changes({"lucky": rows["lucky"]}, WEEK, "previous")["lucky"]
    assert alone.difference.word == "better"
    among = changes(rows, WEEK, "previous")["lucky"]
    assert among.difference.word == "no clear change"
    assert among.adjusted_p > among.difference.p_value
    rows["real"] = weeks((5, 15, 80), (40, 30, 30))
    assert changes(rows, WEEK, "previous")["real"].difference.word == "better"


def test_nothing_is_claimed_of_or_against_a_partial_week() -> None:
    rows = {"shop": weeks((5, 15, 80), (60, 20, 20), *[(5, 15, 80)] * 7)}
    before = WEEK - timedelta(weeks=1)
    assert changes(rows, WEEK, "previous", frozenset({WEEK}))["shop"].difference.word == (
        "no clear change"
    )
    blind = changes(rows, WEEK, "previous", frozenset({before}))["shop"]
    assert (blind.difference.word, blind.weeks_before) == ("too few", 0)
    assert changes(rows, WEEK, "usual", frozenset({before}))["shop"].before == (35, 105, 560)
