"""Is this change real: net sentiment, ratings, shares and counts of two periods compared.

Every function is pure and takes counts or samples, never rows. Each is equal to a published
formula or to the function of statsmodels or scipy that its docstring names (the tests hold it to
1e-6); closed forms are written out because importing statsmodels takes longer than drawing a page.
"""

from __future__ import annotations

import math

from monitor.trends.measures import (
    CONFIDENCE,
    NOTHING,
    Difference,
    Measure,
    Sample,
    Z,
    difference,
    p_of_z,
    unknown,
    word_for,
)

Counts = tuple[int, int, int]
"""Negative, neutral, positive: how many of each."""


def net_sentiment(negative: int, neutral: int, positive: int) -> Measure:
    """(positive - negative) / all scored, -100..100, with its adjusted Wald interval."""
    return net_share(negative, neutral, positive)


def net_sentiment_change(now: Counts, before: Counts) -> Difference:
    """Change of net sentiment in points, -200..200."""
    return net_share_change(now, before)


def net_share(minus: int, zero: int, plus: int) -> Measure:
    """100 * (plus - minus) / n with the adjusted Wald interval: net sentiment and NPS alike.

    Three more answers are assumed, 3/4 of one on each side: the best of six methods in Rocks
    (2016), doi 10.1080/00031305.2016.1156002. Without them ten equal answers would have an
    interval of no width. The interval is cut at -100 and 100.
    """
    n = minus + zero + plus
    if n == 0:
        return NOTHING
    centre, error = _adjusted(minus, n, plus)
    return Measure(
        100.0 * (plus - minus) / n,
        max(-100.0, centre - Z * error),
        min(100.0, centre + Z * error),
        n,
    )


def net_share_change(now: Counts, before: Counts) -> Difference:
    """Change in points: a two-sample z test on the multinomial variances.

    Test and interval use the adjusted shares of both sides (Lewis and Sauro 2021); `value` is the
    plain difference that a reader gets by subtracting the two figures.
    """
    n_now, n_before = sum(now), sum(before)
    if not n_now or not n_before:
        return unknown()
    centre_now, error_now = _adjusted(now[0], n_now, now[2])
    centre_before, error_before = _adjusted(before[0], n_before, before[2])
    moved = difference(
        centre_now - centre_before, math.hypot(error_now, error_before), min(n_now, n_before)
    )
    value = 100.0 * ((now[2] - now[0]) / n_now - (before[2] - before[0]) / n_before)
    return Difference(value, moved.low, moved.high, moved.p_value, moved.word)


def _adjusted(minus: int, n: int, plus: int) -> tuple[float, float]:
    """Adjusted net share and its standard error, both in points."""
    size = n + 3
    p, d = (plus + 0.75) / size, (minus + 0.75) / size
    return 100.0 * (p - d), 100.0 * math.sqrt((p + d - (p - d) ** 2) / size)


def mean(sample: Sample) -> Measure:
    """The mean of ratings with Student's t interval; of one value, an interval without bounds.

    Equal to statsmodels `DescrStatsW.tconfint_mean`.
    """
    if sample.n == 0:
        return NOTHING
    if sample.n == 1:
        return Measure(sample.mean, -math.inf, math.inf, 1)
    half = _t_quantile(sample.n - 1) * math.sqrt(sample.variance / sample.n)
    return Measure(sample.mean, sample.mean - half, sample.mean + half, sample.n)


def mean_change(now: Sample, before: Sample, *, higher_is_better: bool = True) -> Difference:
    """Change of a mean on one scale: Welch's test. Equal to scipy `ttest_ind(equal_var=False)`.

    Never give it ratings of two scales.
    """
    value = now.mean - before.mean
    if min(now.n, before.n) < 2:
        return Difference(value, math.nan, math.nan, math.nan, "too few")
    part_now, part_before = now.variance / now.n, before.variance / before.n
    error = math.sqrt(part_now + part_before)
    smaller = min(now.n, before.n)
    if error == 0:  # all ratings equal on either side: scipy would answer nan
        return difference(value, 0.0, smaller, higher_is_better=higher_is_better)
    freedom = error**4 / (part_now**2 / (now.n - 1) + part_before**2 / (before.n - 1))
    p_value = _t_p(value / error, freedom)
    half = _t_quantile(freedom) * error
    word = word_for(value, p_value, smaller, higher_is_better)
    return Difference(value, value - half, value + half, p_value, word)


def share(part: int, n: int) -> Measure:
    """100 * part / n with Wilson's interval. Equal to `proportion_confint(method="wilson")`."""
    if n == 0:
        return NOTHING
    low, high = _wilson(part, n)
    return Measure(100.0 * part / n, 100.0 * low, 100.0 * high, n)


def share_change(
    now: tuple[int, int], before: tuple[int, int], *, higher_is_better: bool = True
) -> Difference:
    """Change of a share in points, from (part, n) of each side.

    The p-value is the pooled z test (`proportions_ztest`), the interval Newcombe's
    (`confint_proportions_2indep(method="newcomb")`), both of statsmodels.
    """
    (part_now, n_now), (part_before, n_before) = now, before
    if not n_now or not n_before:
        return unknown()
    p_now, p_before = part_now / n_now, part_before / n_before
    pooled = (part_now + part_before) / (n_now + n_before)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n_now + 1 / n_before))
    value = p_now - p_before
    p_value = p_of_z(value / error) if error else 1.0
    low_now, high_now = _wilson(part_now, n_now)
    low_before, high_before = _wilson(part_before, n_before)
    low = value - math.hypot(p_now - low_now, high_before - p_before)
    high = value + math.hypot(high_now - p_now, p_before - low_before)
    word = word_for(value, p_value, min(n_now, n_before), higher_is_better)
    return Difference(100.0 * value, 100.0 * low, 100.0 * high, p_value, word)


def count_change(
    now: int,
    before: int,
    *,
    exposure_now: float = 1.0,
    exposure_before: float = 1.0,
    higher_is_better: bool = True,
) -> Difference:
    """Change of a count per unit of exposure (a day, a week): the score test of two Poisson rates.

    The p-value is that of statsmodels `test_poisson_2indep`, the interval that of
    `confint_poisson_2indep(compare="diff", method="mover")`. `too few`: fewer than ten events in
    both periods together, because the test holds for 0 against 12 as well. Counts of reviews
    scatter more than Poisson's law says; for alarms use the spike rules, which know the season
    and the scatter.
    """
    rate_now, rate_before = now / exposure_now, before / exposure_before
    value = rate_now - rate_before
    low_now, high_now = _rate_interval(now, exposure_now)
    low_before, high_before = _rate_interval(before, exposure_before)
    low = value - math.hypot(rate_now - low_now, high_before - rate_before)
    high = value + math.hypot(high_now - rate_now, rate_before - low_before)
    if now + before == 0:
        return Difference(value, low, high, 1.0, "too few")
    ratio = exposure_now / exposure_before
    p_value = p_of_z((now - before * ratio) / math.sqrt((now + before) * ratio))
    word = word_for(value, p_value, now + before, higher_is_better)
    return Difference(value, low, high, p_value, word)


def _rate_interval(count: int, exposure: float) -> tuple[float, float]:
    """Score interval of a Poisson rate."""
    centre = count + Z * Z / 2
    half = Z * math.sqrt(count + Z * Z / 4)
    return (centre - half) / exposure, (centre + half) / exposure


def _wilson(part: int, n: int) -> tuple[float, float]:
    p = part / n
    shrink = 1 + Z * Z / n
    centre = (p + Z * Z / (2 * n)) / shrink
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / shrink
    # Exact at the ends: rounding would otherwise give -1e-17 for a share of nothing.
    return (0.0 if part == 0 else centre - half), (1.0 if part == n else centre + half)


def _t_quantile(freedom: float) -> float:
    from scipy.special import stdtrit  # a tenth of the time that scipy.stats takes to load

    return float(stdtrit(freedom, 0.5 + CONFIDENCE / 2))


def _t_p(t: float, freedom: float) -> float:
    from scipy.special import stdtr

    return float(2 * stdtr(freedom, -abs(t)))
