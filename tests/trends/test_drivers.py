"""Shares of what drives a score, against an independent computation and known answers."""

from __future__ import annotations

import csv
import math
from functools import cache
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.outliers_influence import variance_inflation_factor

from monitor.trends.drivers import NoDrivers, drivers

HOTELS = Path(__file__).parents[3] / "shared/data/drivers/hotels.csv"
STARS = ("value", "rooms", "location", "cleanliness", "service", "sleep_quality")


def made(n: int = 400, seed: int = 3) -> tuple[dict[str, list[float]], list[float]]:
    """Three drivers that go together and one that does nothing; the score is known."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=n)
    answers = {name: 3 + mood * 0.5 + rng.normal(size=n) for name in ("staff", "food", "price")}
    answers["music"] = 2 + rng.normal(size=n)
    score = 2 * answers["staff"] + answers["food"] + 0.3 * answers["price"] + rng.normal(size=n)
    return {name: list(values) for name, values in answers.items()}, list(score)


def r_squared(columns: list[list[float]], score: list[float]) -> float:
    if not columns:
        return 0.0
    return float(sm.OLS(score, sm.add_constant(np.column_stack(columns))).fit().rsquared)


def shares_by_every_order(answers: dict[str, list[float]], score: list[float]) -> dict[str, float]:
    """LMG as its definition says, with statsmodels: every order of letting the drivers in."""
    added = dict.fromkeys(answers, 0.0)
    orders = list(permutations(answers))

    @cache
    def explained(names: frozenset[str]) -> float:
        return r_squared([answers[name] for name in sorted(names)], score)

    for order in orders:
        for place, name in enumerate(order):
            before = frozenset(order[:place])
            added[name] += (explained(before | {name}) - explained(before)) / len(orders)
    return {name: value / sum(added.values()) for name, value in added.items()}


def test_shares_are_those_of_every_order_and_sum_to_one() -> None:
    answers, score = made()
    found = drivers(answers, score, draws=50)
    wanted = shares_by_every_order(answers, score)
    assert {one.name: one.share for one in found.drivers} == pytest.approx(wanted, abs=1e-9)
    assert sum(one.share for one in found.drivers) == pytest.approx(1)
    assert found.explained == pytest.approx(r_squared(list(answers.values()), score), abs=1e-9)
    assert [one.name for one in found.drivers] == ["staff", "food", "price", "music"]


def test_worth_and_inflation_are_those_of_statsmodels() -> None:
    answers, score = made()
    table = sm.add_constant(np.column_stack(list(answers.values())))
    fit = sm.OLS(score, table).fit()
    found = {one.name: one for one in drivers(answers, score, draws=20).drivers}
    for place, name in enumerate(answers, start=1):
        one = found[name]
        low, high = fit.conf_int()[place]
        assert (one.worth, one.worth_low, one.worth_high) == pytest.approx(
            (fit.params[place], low, high), abs=1e-9
        )
        assert one.inflation == pytest.approx(variance_inflation_factor(table, place), abs=1e-9)
        assert one.performance == pytest.approx(np.mean(answers[name]))


def test_intervals_hold_the_share_and_narrow_with_more_rows() -> None:
    few, many = (drivers(*made(n), draws=300) for n in (100, 3000))
    for found in (few, many):
        assert all(one.share_low <= one.share <= one.share_high for one in found.drivers)
    assert many.drivers[0].share_high - many.drivers[0].share_low < 0.12
    assert few.drivers[0].share_high - few.drivers[0].share_low > 0.12
    assert drivers(*made(100), draws=300) == few  # the same rows give the same intervals


def test_advice_sets_importance_against_performance() -> None:
    answers, score = made()
    answers = {
        name: [v + {"staff": -1, "food": 1}.get(name, 0) for v in values]
        for name, values in answers.items()
    }
    score = [s + food for s, food in zip(score, answers["food"], strict=True)]
    advice = {one.name: one.advice for one in drivers(answers, score, draws=20).drivers}
    assert advice == {"staff": "improve", "food": "keep up", "price": "enough", "music": "watch"}


def test_it_warns_of_few_rows_of_twins_and_of_rows_without_answers() -> None:
    answers, score = made(36)
    answers["twin"] = [2 * value for value in answers["staff"]]
    answers["flat"] = [4.0] * 36
    found = drivers(answers, score, draws=50)
    said = " / ".join(found.warnings)
    assert "36 rows are few for 5 drivers" in said
    assert "flat was answered alike in every row: left out" in said
    assert "twin goes along with the others (variance inflation inf)" in said
    shares = {one.name: one.share for one in found.drivers}
    assert shares["twin"] == pytest.approx(shares["staff"])  # nobody can tell them apart

    answers, score = made(100)
    answers["food"] = [math.nan] * 60 + answers["food"][60:]
    found = drivers(answers, score, draws=20)
    assert (found.rows, found.rows_left_out) == (40, 60)
    assert any("only 40 of 100 rows have every answer; food" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda a, s: (dict(list(a.items())[:1]), s), "at least two drivers"),
        (lambda a, s: ({k: v[:20] for k, v in a.items()}, s[:20]), "20 complete rows"),
        (lambda a, s: (a, [3.0] * len(s)), "same in every row"),
        (lambda a, s: ({f"{k}{i}": v for k, v in a.items() for i in range(4)}, s), "too many"),
        (lambda a, s: ({k: [] for k in a}, []), "0 complete rows"),
    ],
)
def test_what_cannot_be_asked_is_said(change: object, words: str) -> None:
    with pytest.raises(NoDrivers, match=words):
        drivers(*change(*made()), draws=10)  # type: ignore[operator]


@pytest.mark.skipif(not HOTELS.exists(), reason="the labelled data are not here")
def test_hotel_stays_have_the_shares_of_an_independent_computation() -> None:
    answers, overall = hotels(HOTELS)
    found = drivers(answers, overall, draws=200)
    complete = [k for k in range(len(overall)) if all(not math.isnan(answers[s][k]) for s in STARS)]
    kept = {name: [values[k] for k in complete] for name, values in answers.items()}
    wanted = shares_by_every_order(kept, [overall[k] for k in complete])
    assert {one.name: one.share for one in found.drivers} == pytest.approx(wanted, abs=1e-6)
    assert found.rows == len(complete)
    for one in found.drivers:
        print(f"{one.name:14} {one.share:.3f} [{one.share_low:.3f}, {one.share_high:.3f}]")


def hotels(path: Path) -> tuple[dict[str, list[float]], list[float]]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    answers = {star: [float(row[star] or "nan") for row in rows] for star in STARS}
    return answers, [float(row["overall"] or "nan") for row in rows]
