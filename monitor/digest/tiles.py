"""The four figures on top: net sentiment, mentions, mean rating and NPS, each with its verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, pvariance

from monitor.digest import facts
from monitor.digest.model import Tile, WeekPoint, Word
from monitor.records import Week
from monitor.store import Store
from monitor.trends.compare import (
    count_change,
    mean,
    mean_change,
    net_sentiment,
    net_sentiment_change,
)
from monitor.trends.measures import Z

LEAST_WEEKS = 4
"""Weeks from which the scatter of counts is estimated; with fewer it is taken as Poisson's."""


def tiles(
    store: Store, brand: str, week: Week, points: Sequence[WeekPoint], is_running: bool
) -> tuple[Tile, ...]:
    """Net sentiment, mentions, mean rating, NPS: always these four, in this order."""
    before = points[-2].week
    return (
        _net_sentiment(points),
        _mentions(points, is_running),
        _rating(store, brand, week, before),
        _nps(store, brand, week),
    )


def _net_sentiment(points: Sequence[WeekPoint]) -> Tile:
    now, before = points[-1].counts, points[-2].counts
    measure = net_sentiment(*now)
    return Tile(
        key="net_sentiment",
        value=_known(measure.value),
        before=_known(net_sentiment(*before).value),
        n=sum(now),
        n_before=sum(before),
        word=net_sentiment_change(now, before).word if sum(now) else "no data",
        low=_known(measure.low),
        high=_known(measure.high),
    )


def _mentions(points: Sequence[WeekPoint], is_running: bool) -> Tile:
    now, before = points[-1], points[-2]
    if now.is_partial and not now.mentions:
        # What could not be collected is unknown, not zero.
        return Tile("mentions", None, before.mentions, 0, before.mentions, "no data")
    return Tile(
        key="mentions",
        value=now.mentions,
        before=before.mentions,
        n=now.mentions,
        n_before=before.mentions,
        word="incomplete"
        if is_running or now.is_partial or before.is_partial
        else count_word(now.mentions, before.mentions, _scatter(points)),
    )


def count_word(now: int, before: int, scatter: float) -> Word:
    """More, fewer, no clear change or too few; neither of the first two is good or bad.

    Counts of reviews scatter more than Poisson's law says, by `scatter` (variance / mean): a
    change is clear when it is clear for Poisson and larger than twice the wider error.
    """
    change = count_change(now, before)
    if change.word in ("too few", "no clear change"):
        return change.word
    if abs(now - before) <= Z * math.sqrt(scatter * (now + before)):
        return "no clear change"
    return "more" if now > before else "fewer"


def _scatter(points: Sequence[WeekPoint]) -> float:
    """Variance / mean of the full weeks before this one, at least 1."""
    first = next((i for i, point in enumerate(points) if point.mentions), len(points))
    counts = [point.mentions for point in points[first:-1] if not point.is_partial]
    if len(counts) < LEAST_WEEKS or not fmean(counts):
        return 1.0
    # Bessel's n - 1; pvariance is written out because variance() of the same list costs more.
    variance = pvariance(counts) * len(counts) / (len(counts) - 1)
    return max(1.0, variance / fmean(counts))


def _rating(store: Store, brand: str, week: Week, before: Week) -> Tile:
    sample, earlier = (facts.rating_sample(store, brand, one) for one in (week, before))
    measure = mean(sample)
    return Tile(
        key="rating",
        value=_known(measure.value),
        before=_known(earlier.mean),
        n=sample.n,
        n_before=earlier.n,
        word=mean_change(sample, earlier).word if sample.n else "no data",
        low=_known(measure.low),
        high=_known(measure.high),
    )


def _nps(store: Store, brand: str, week: Week) -> Tile:
    waves = facts.waves(store, brand, week.end)
    if not waves:
        return Tile("nps", None, None, 0, 0, "no data")
    last = waves[0]
    # A wave is compared with the one before it of the same questionnaire, never with another one.
    before = next((wave for wave in waves[1:] if wave.survey == last.survey), None)
    measure = net_sentiment(*last.counts)
    return Tile(
        key="nps",
        value=measure.value,
        before=net_sentiment(*before.counts).value if before else None,
        n=sum(last.counts),
        n_before=sum(before.counts) if before else 0,
        word=net_sentiment_change(last.counts, before.counts if before else (0, 0, 0)).word,
        low=measure.low,
        high=measure.high,
        period=last.name,
        period_before=before.name if before else None,
    )


def _known(value: float) -> float | None:
    """None for the nan of a measure without answers and for an interval without bounds."""
    return value if math.isfinite(value) else None
