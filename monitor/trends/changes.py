"""Many changes looked at together: each against three pasts, corrected for being many.

A table of twenty rows at 0.05 shows a change that is none in two tables of three. The correction of
Benjamini and Hochberg (1995) keeps the expected share of false ones among those that are called a
change at 5 %.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from monitor.trends.compare import Counts, net_sentiment_change
from monitor.trends.measures import CONFIDENCE, Difference

Key = TypeVar("Key")

TRAILING_WEEKS = 8
"""How many weeks before this one stand for what is usual."""
WEEKS_A_YEAR = 52
"""Whole weeks: a week is set against one with the same days and nearly the same season."""

PASTS = ("previous", "year", "usual")
"""The week before, the same week a year before, and all of the eight weeks before together."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row's change against one past; `adjusted_p` is its p-value corrected for all rows.

    `now` and `before` are counts of negative, neutral, positive; the word is that of `difference`
    after the correction. `weeks_before` is how many weeks of that past have any mentions.
    """

    now: Counts
    before: Counts
    difference: Difference
    adjusted_p: float
    weeks_before: int


def changes(
    by_week: Mapping[Key, Mapping[date, Counts]],
    week: date,
    past: str,
    partial: frozenset[date] = frozenset(),
) -> dict[Key, Change]:
    """The change of net sentiment of every row in `week`, corrected over all rows.

    A week that is `partial` (a source was blind) is no ground for a claim: where it is this week
    or the whole of the past, nothing is called a change; out of a longer past it is left out.
    """
    weeks = [one for one in weeks_of(week, past) if one not in partial]
    found = {}
    for key, counts in by_week.items():
        now = counts.get(week, (0, 0, 0))
        known = [counts[one] for one in weeks if one in counts]
        before = _sum(known)
        difference = net_sentiment_change(now, before)
        if week in partial and difference.word in ("better", "worse"):
            difference = replace(difference, word="no clear change")
        found[key] = Change(now, before, difference, math.nan, len(known))
    adjusted = benjamini_hochberg([one.difference.p_value for one in found.values()])
    return {
        key: _corrected(change, p) for (key, change), p in zip(found.items(), adjusted, strict=True)
    }


def weeks_of(week: date, past: str) -> list[date]:
    """First days of the weeks that a past is made of. Raises KeyError for a past that is none."""
    return {
        "previous": [week - timedelta(weeks=1)],
        "year": [week - timedelta(weeks=WEEKS_A_YEAR)],
        "usual": [week - timedelta(weeks=n) for n in range(1, TRAILING_WEEKS + 1)],
    }[past]


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values in the order given; nan (nothing was tested) stays and does not count.

    Equal to statsmodels `multipletests(method="fdr_bh")`.
    """
    tested = sorted(
        (place for place, p in enumerate(p_values) if not math.isnan(p)),
        key=lambda place: -p_values[place],
    )
    adjusted = list(p_values)
    least = 1.0
    for above, place in enumerate(tested):
        least = min(least, p_values[place] * len(tested) / (len(tested) - above))
        adjusted[place] = least
    return adjusted


def _corrected(change: Change, adjusted_p: float) -> Change:
    """The change with a word that holds after the correction."""
    difference = change.difference
    if difference.word in ("better", "worse") and not adjusted_p < 1 - CONFIDENCE:
        difference = replace(difference, word="no clear change")
    return replace(change, difference=difference, adjusted_p=adjusted_p)


def _sum(counts: Sequence[Counts]) -> Counts:
    negative, neutral, positive = (sum(one[label] for one in counts) for label in range(3))
    return negative, neutral, positive
