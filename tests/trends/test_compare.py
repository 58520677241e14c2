"""A change is called a change only when it is one; figures equal statsmodels, scipy or a paper."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)
from statsmodels.stats.rates import confint_poisson_2indep
from statsmodels.stats.rates import test_poisson_2indep as poisson_test
from statsmodels.stats.weightstats import DescrStatsW

from monitor.trends.compare import (
    count_change,
    mean,
    mean_change,
    net_sentiment,
    net_sentiment_change,
    share,
    share_change,
)
from monitor.trends.measures import Sample

ONE_IN_A_MILLION = 1e-6


def close(value: float) -> object:
    return pytest.approx(value, abs=ONE_IN_A_MILLION)


def adjusted_answers(negative: int, neutral: int, positive: int) -> DescrStatsW:
    """The answers as -100, 0 and 100 with the three assumed ones, as weights."""
    return DescrStatsW(
        [-100.0, 0.0, 100.0], weights=[negative + 0.75, neutral + 1.5, positive + 0.75], ddof=0
    )


def test_net_sentiment_is_positive_minus_negative_of_all():
    measure = net_sentiment(negative=10, neutral=20, positive=30)
    assert (measure.value, measure.n) == (close(100 / 3), 60)


def test_net_sentiment_interval_is_the_adjusted_wald_interval():
    for counts in [(10, 20, 30), (0, 0, 12), (40, 1, 2), (1, 0, 0)]:
        measure = net_sentiment(*counts)
        answers = adjusted_answers(*counts)
        half = stats.norm.ppf(0.975) * answers.std / math.sqrt(answers.sum_weights)
        assert measure.low == close(max(-100, answers.mean - half))
        assert measure.high == close(min(100, answers.mean + half))


def test_standard_error_of_the_published_example():
    # Half promoters, a third passive, a sixth detractors among 324: the net score is a third, its
    # variance 5/9, its standard error 4.1 points (stats.stackexchange.com/q/18603). The three
    # assumed answers move that by less than a twentieth of a point.
    measure = net_sentiment(54, 108, 162)
    assert measure.value == close(100 / 3)
    error = (measure.high - measure.low) / 2 / stats.norm.ppf(0.975)
    assert error == pytest.approx(100 * math.sqrt(5 / 9 / 324), abs=0.05)


def test_no_texts_is_unknown_and_not_zero():
    measure = net_sentiment(0, 0, 0)
    assert measure.n == 0
    assert math.isnan(measure.value)
    assert net_sentiment_change((0, 0, 0), (1, 2, 3)).word == "too few"


def test_net_sentiment_change_is_a_two_sample_z_test():
    now, before = (30, 20, 50), (20, 30, 70)
    change = net_sentiment_change(now, before)
    a, b = adjusted_answers(*now), adjusted_answers(*before)
    error = math.sqrt(a.var / a.sum_weights + b.var / b.sum_weights)
    assert change.value == close(20 - 100 * 50 / 120)
    assert change.p_value == close(2 * stats.norm.sf(abs((a.mean - b.mean) / error)))
    assert change.low == close(a.mean - b.mean - stats.norm.ppf(0.975) * error)
    assert change.high == close(a.mean - b.mean + stats.norm.ppf(0.975) * error)


def test_words_of_a_fall_a_rise_and_noise():
    assert net_sentiment_change((60, 20, 20), (20, 20, 60)).word == "worse"
    assert net_sentiment_change((20, 20, 60), (60, 20, 20)).word == "better"
    assert net_sentiment_change((21, 20, 59), (20, 20, 60)).word == "no clear change"


def test_nine_texts_are_too_few_and_ten_are_enough():
    assert net_sentiment_change((9, 0, 0), (0, 0, 100)).word == "too few"
    assert net_sentiment_change((10, 0, 0), (0, 0, 100)).word == "worse"


def test_one_odd_text_after_ten_equal_ones_is_no_news():
    assert net_sentiment_change((1, 0, 9), (0, 0, 10)).word == "no clear change"


def test_mean_rating_has_students_interval():
    ratings = [5, 4, 4, 3, 5, 1, 5, 4]
    measure = mean(Sample.of(ratings))
    low, high = DescrStatsW(ratings).tconfint_mean()
    assert (measure.value, measure.low, measure.high) == (close(3.875), close(low), close(high))


def test_one_rating_says_nothing_about_the_rest():
    measure = mean(Sample.of([4.0]))
    assert (measure.value, measure.low, measure.high) == (4.0, -math.inf, math.inf)


def test_mean_change_is_welchs_test():
    rng = np.random.default_rng(7)
    now, before = rng.integers(1, 6, 40).tolist(), rng.integers(2, 6, 25).tolist()
    change = mean_change(Sample.of(now), Sample.of(before))
    expected = stats.ttest_ind(now, before, equal_var=False)
    interval = expected.confidence_interval(0.95)
    assert change.value == close(np.mean(now) - np.mean(before))
    assert change.p_value == close(expected.pvalue)
    assert (change.low, change.high) == (close(interval.low), close(interval.high))


def test_sums_of_a_rollup_give_the_same_sample_as_the_ratings():
    ratings = [5, 4, 4, 3, 5, 1, 5, 4]
    sample = Sample.from_sums(len(ratings), sum(ratings), sum(r * r for r in ratings))
    assert sample.variance == close(np.var(ratings, ddof=1))
    assert Sample.from_sums(5, 15.0, 45.0).variance == 0.0


def test_all_fives_twice_is_no_change_and_all_fours_after_all_fives_is_worse():
    fives, fours = Sample.of([5] * 12), Sample.of([4] * 12)
    assert mean_change(fives, fives).word == "no clear change"
    assert mean_change(fours, fives).word == "worse"


def test_a_longer_reply_time_is_worse():
    slow, quick = Sample.of(range(50, 90)), Sample.of(range(10, 50))
    assert mean_change(slow, quick, higher_is_better=False).word == "worse"


def test_share_has_wilsons_interval():
    for part, n in [(0, 7), (7, 7), (3, 11), (120, 400)]:
        low, high = proportion_confint(part, n, method="wilson")
        measure = share(part, n)
        assert (measure.low, measure.high) == (close(100 * low), close(100 * high))


def test_share_change_is_the_two_proportion_test():
    change = share_change((30, 80), (20, 95))
    _, p_value = proportions_ztest([30, 20], [80, 95])
    low, high = confint_proportions_2indep(30, 80, 20, 95, method="newcomb", compare="diff")
    assert change.p_value == close(p_value)
    assert (change.low, change.high) == (close(100 * low), close(100 * high))
    assert change.word == "better"
    assert share_change((30, 80), (20, 95), higher_is_better=False).word == "worse"
    assert share_change((0, 20), (0, 20)).word == "no clear change"


@pytest.mark.parametrize("case", [(12, 7, 30, 28), (12, 1, 1, 1), (3, 7, 60, 28), (50, 7, 51, 7)])
def test_count_change_is_the_poisson_score_test(case):
    now, days_now, before, days_before = case
    change = count_change(now, before, exposure_now=days_now, exposure_before=days_before)
    expected = poisson_test(*case, compare="diff", method="score")
    low, high = confint_poisson_2indep(*case, compare="diff", method="mover")
    assert change.p_value == close(expected.pvalue)
    assert (change.low, change.high) == (close(low), close(high))


def test_four_complaints_after_none_are_too_few_and_twelve_are_not():
    assert count_change(4, 0, higher_is_better=False).word == "too few"
    assert count_change(12, 0, higher_is_better=False).word == "worse"
    assert count_change(0, 0).word == "too few"


def test_comparing_does_not_load_scipy_until_a_t_test_is_asked_for():
    code = (
        "import sys; from monitor.trends import compare;"
        "compare.net_sentiment_change((1, 2, 30), (4, 5, 6)); compare.share(3, 4);"
        "sys.exit('scipy' in sys.modules or 'statsmodels' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
