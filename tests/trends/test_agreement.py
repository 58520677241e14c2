"""Where surveys and reviews say the same of a stage, and where they part."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from monitor.trends.agreement import StageWeek, agreement


def weeks(survey: list[float], net: list[float], n: int = 30) -> list[StageWeek]:
    return [StageWeek(n, a, n, b) for a, b in zip(survey, net, strict=True)]


def test_what_moves_together_agrees_and_what_moves_apart_parts() -> None:
    rng = np.random.default_rng(1)
    mood = rng.normal(size=20)
    survey = list(4 + 0.3 * mood)
    with_it = list(20 + 20 * mood + 4 * rng.normal(size=20))
    against = list(20 - 20 * mood + 4 * rng.normal(size=20))
    by_lot = list(20 + 20 * rng.normal(size=20))
    found = {
        one.stage: one
        for one in agreement(
            {
                "delivery": weeks(survey, with_it),
                "support": weeks(survey, against),
                "returns": weeks(survey, by_lot),
            }
        )
    }
    assert found["delivery"].verdict == "agree"
    assert found["support"].verdict == "part"
    assert found["returns"].verdict == "no clear relation"
    expected = spearmanr(survey, with_it)
    assert found["delivery"].correlation == pytest.approx(expected.statistic)
    assert found["delivery"].p_value == pytest.approx(expected.pvalue)
    assert found["delivery"].survey == pytest.approx(25 * (np.mean(survey) - 1))
    assert found["delivery"].reviews == pytest.approx((np.mean(with_it) + 100) / 2)


def test_a_stage_praised_when_asked_and_blamed_when_written_of_comes_first() -> None:
    even = weeks([4.0, 4.0], [20.0, 20.0])
    found = agreement({"a": even, "b": even, "returns": weeks([4.4, 4.4], [-60.0, -60.0])})
    assert (found[0].stage, found[0].verdict) == ("returns", "part")
    assert found[0].gap is not None and found[0].gap > 15
    assert [one.verdict for one in found[1:]] in (["part", "part"], ["agree", "agree"])


def test_few_answers_say_nothing() -> None:
    (one,) = agreement({"delivery": weeks([4.0], [10.0], n=3)})
    assert (one.verdict, one.gap, one.weeks) == ("too few", None, 1)
    (one,) = agreement({"delivery": [StageWeek(0, None, 40, 10.0)]})
    assert (one.verdict, one.survey, one.reviews) == ("too few", None, 55.0)
    (one,) = agreement({"delivery": weeks([4.0] * 10, [10.0] * 10)})
    assert one.correlation is None  # nothing ever moved
