"""Survey scores are what their definitions say, and a small move is called noise."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.records import SurveyResponse
from monitor.surveys.measures import (
    ces,
    csat,
    latest,
    nps,
    nps_counts,
    nps_difference,
    stage_scores,
)


def answers(promoters: int, passives: int, detractors: int) -> list[int]:
    return [10] * promoters + [7] * passives + [3] * detractors


def response(respondent: str, day: int, **values: object) -> SurveyResponse:
    return SurveyResponse(respondent, datetime(2026, 11, day, tzinfo=UTC), **values)


def test_nps_counts_nine_and_ten_against_zero_to_six():
    assert nps_counts(range(11)) == (7, 2, 2)
    assert nps(range(11)).value == pytest.approx(100 * (2 - 7) / 11)


def test_nps_interval_of_a_worked_example():
    # 15 promoters, 9 passives and 12 detractors: 15.75/39 - 12.75/39 = 0.076923, variance
    # 0.730769 - 0.005917 = 0.724852, standard error sqrt(0.724852/39) = 0.136330.
    measure = nps(answers(15, 9, 12))
    assert measure.n == 36
    assert measure.value == pytest.approx(100 * 3 / 36)
    assert measure.low == pytest.approx(7.692308 - 1.959964 * 13.633014, abs=1e-4)
    assert measure.high == pytest.approx(7.692308 + 1.959964 * 13.633014, abs=1e-4)


@pytest.mark.parametrize("detractors", [(2, 4), (10, 14), (20, 24)])
def test_forty_six_to_thirty_nine_with_ninety_answers_is_noise(detractors):
    # YourCX's example, n = 87 and 94; it leaves the mix open, so few and many detractors are tried.
    now, before = answers_with(39, 94, detractors[1]), answers_with(46, 87, detractors[0])
    change = nps_difference(now, before)
    assert change.value == pytest.approx(39 - 46, abs=1)
    assert change.word == "no clear change"
    assert change.low < 0 < change.high


def answers_with(score: int, n: int, detractors: int) -> list[int]:
    promoters = round(score * n / 100) + detractors
    return answers(promoters, n - promoters - detractors, detractors)


def test_the_same_fall_among_thousands_is_news():
    now, before = answers_with(39, 4000, 600), answers_with(46, 4000, 600)
    assert nps_difference(now, before).word == "worse"


def test_a_handful_of_answers_gets_no_word():
    assert nps_difference(answers(9, 0, 0), answers(0, 0, 50)).word == "too few"


def test_csat_is_the_share_of_fours_and_fives():
    measure = csat([5, 4, 4, 3, 1])
    assert (measure.value, measure.n) == (60.0, 5)
    assert 0 < measure.low < 60 < measure.high < 100


def test_ces_and_stages_are_means():
    assert ces([7, 6, 5]).value == 6.0
    found = stage_scores(
        [
            response("a", 1, stages={"delivery": 5.0, "support": 2.0}),
            response("b", 1, stages={"delivery": 4.0}),
        ]
    )
    assert {stage: (m.value, m.n) for stage, m in found.items()} == {
        "delivery": (4.5, 2),
        "support": (2.0, 1),
    }


def test_a_person_who_answers_twice_counts_once_with_the_later_answer():
    first, second, other = (
        response("a", 2, nps=3.0),
        response("a", 9, nps=10.0),
        response("b", 1, nps=7.0),
    )
    assert latest([first, other, second]) == [second, other]
    assert latest([second, other, first]) == [second, other]


def test_of_two_answers_at_one_moment_the_later_in_the_file_counts():
    first, second = response("a", 2, nps=3.0), response("a", 2, nps=8.0)
    assert latest([first, second]) == [second]
