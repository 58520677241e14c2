"""The three nouns of every comparison: a measure with its interval, a sample, a difference.

A number never travels without its n and its interval, and a change never without a test and a
word, so that no page or mail can show noise as news.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

Word = Literal["better", "worse", "no clear change", "too few"]

CONFIDENCE = 0.95
"""Of every interval; a change is called clear when its p-value is under 1 - 0.95."""

MIN_N = 10
"""Answers a side below which no word is given: normal approximations do not hold there."""

Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
"""1.96: from the standard library, because importing scipy costs more than a page may take."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A value with its 95 % interval, from `n` answers; all three are nan when n is 0."""

    value: float
    low: float
    high: float
    n: int


NOTHING = Measure(math.nan, math.nan, math.nan, 0)
"""What a measure of no answers is: unknown, not zero."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`now` minus `before` with its 95 % interval, the p-value of no change, and the word for it.

    `value`, `low`, `high` and `p_value` are nan where a side has no answers at all.
    """

    value: float
    low: float
    high: float
    p_value: float
    word: Word


@dataclass(frozen=True, slots=True)
class Sample:
    """What a mean needs to know of its values: how many, their mean, their variance (n - 1).

    The variance of fewer than two values is nan.
    """

    n: int
    mean: float
    variance: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Sample:
        numbers = list(values)
        n = len(numbers)
        if n == 0:
            return cls(0, math.nan, math.nan)
        mean = math.fsum(numbers) / n
        if n == 1:
            return cls(1, mean, math.nan)
        return cls(n, mean, math.fsum((x - mean) ** 2 for x in numbers) / (n - 1))

    @classmethod
    def from_sums(cls, n: int, total: float, squares: float) -> Sample:
        """From count, sum and sum of squares, which a rollup can keep up to date."""
        if n == 0:
            return cls(0, math.nan, math.nan)
        mean = total / n
        if n == 1:
            return cls(1, mean, math.nan)
        # Rounding may leave a tiny negative number where all values are equal.
        return cls(n, mean, max(0.0, (squares - n * mean * mean) / (n - 1)))


def p_of_z(z: float) -> float:
    """Two-sided p-value of a standard normal statistic."""
    return math.erfc(abs(z) / math.sqrt(2))


def word_for(value: float, p_value: float, smaller_n: int, higher_is_better: bool = True) -> Word:
    """The word for a change: `too few` below ten answers a side, else by p-value and direction."""
    if smaller_n < MIN_N:
        return "too few"
    if not p_value < 1 - CONFIDENCE:
        return "no clear change"
    return "better" if (value > 0) == higher_is_better else "worse"


def difference(
    value: float, error: float, smaller_n: int, *, higher_is_better: bool = True
) -> Difference:
    """A difference with a normal interval, from its standard error; word as `word_for` gives it."""
    certain = 1.0 if value == 0 else 0.0
    p_value = p_of_z(value / error) if error else certain
    word = word_for(value, p_value, smaller_n, higher_is_better)
    return Difference(value, value - Z * error, value + Z * error, p_value, word)


def unknown() -> Difference:
    """The difference to or from nothing."""
    return Difference(math.nan, math.nan, math.nan, math.nan, "too few")
