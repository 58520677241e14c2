"""What drives the overall score: each driver's share of what the drivers together explain.

The share is Lindeman, Merenda and Gold's (LMG, 1980), the Shapley value of R squared: the mean of
what a driver adds to R squared, over all orders in which the drivers could be let in. It stays
fair where drivers go together, as stages of one visit always do; coefficients do not. Intervals
come from drawing the rows anew (bootstrap, percentiles). See Groemping (2006), doi
10.18637/jss.v017.i01, whose R package `relaimpo` gives such shares.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from monitor.errors import MonitorError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_DRIVERS = 12
"""All subsets are looked at, 4096 of them; more drivers than these nobody acts on."""
LEAST_ROWS = 30
ROWS_A_DRIVER = 10
"""Under this many rows for each driver the shares are mostly chance (Harrell's rule of thumb)."""
COLLINEAR = 5.0
"""Variance inflation from which two drivers can hardly be told apart (four fifths are shared)."""
DRAWS = 1000
_SEED = 20261125


class NoDrivers(MonitorError):
    """The rows cannot be asked what drives the score; the message says why."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One driver: how much it matters, how well it does, and what a better one would be worth.

    `share` is its LMG share of the explained variance, 0..1, with its 95 % interval; all shares
    sum to 1. `performance` is its mean on its own scale. `worth` is what one point more of it goes
    with in the overall score, the others staying as they are, with its 95 % interval.
    `inflation` is the variance inflation factor, 1 where it stands alone. `advice` sets importance
    against performance: improve, keep up, watch, enough.
    """

    name: str
    share: float
    share_low: float
    share_high: float
    performance: float
    worth: float
    worth_low: float
    worth_high: float
    inflation: float
    advice: str


@dataclass(frozen=True, slots=True)
class Drivers:
    """The drivers of a score, the weightiest first; `explained` is R squared of all together.

    `rows` have an answer for every driver and the score, `rows_left_out` lack one.
    """

    drivers: tuple[Driver, ...]
    explained: float
    rows: int
    rows_left_out: int
    warnings: tuple[str, ...]


def drivers(
    answers: Mapping[str, Sequence[float]],
    overall: Sequence[float],
    draws: int = DRAWS,
    seed: int = _SEED,
) -> Drivers:
    """What drives `overall`, from as many answers of each driver; nan where nobody answered.

    Raises NoDrivers when fewer than two drivers vary, when there are more than twelve, when the
    overall score is the same in every row, or when there are fewer complete rows than it takes.
    """
    import numpy as np

    if len(answers) > MOST_DRIVERS:
        raise NoDrivers(
            f"{len(answers)} drivers are too many to tell apart: at most {MOST_DRIVERS}"
        )
    names = list(answers)
    table = np.column_stack([np.asarray(answers[name], float) for name in names] + [overall])
    complete = table[~np.isnan(table).any(axis=1)]
    warnings = _rows_lost(names, table, len(complete))
    varying = complete.std(axis=0) > 0 if len(complete) else np.zeros(len(names) + 1, bool)
    for name, varies in zip(names, varying[:-1], strict=True):
        if len(complete) and not varies:
            warnings.append(f"{name} was answered alike in every row: left out")
    names = [name for name, varies in zip(names, varying[:-1], strict=True) if varies]
    needed = max(LEAST_ROWS, len(names) + 2)
    if len(complete) < needed:
        raise NoDrivers(f"{len(complete)} complete rows, at least {needed} are needed")
    if not varying[-1]:
        raise NoDrivers("the overall score is the same in every row")
    if len(names) < 2:
        raise NoDrivers("at least two drivers that vary are needed")
    complete = complete[:, varying]
    if len(complete) < ROWS_A_DRIVER * len(names):
        warnings.append(
            f"{len(complete)} rows are few for {len(names)} drivers: the shares are mostly chance"
        )
    return _measured(names, complete, len(table) - len(complete), warnings, draws, seed)


def lmg(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each driver adds to R squared, (..., k), of covariances (..., k + 1, k + 1).

    The overall score stands last. The k numbers sum to R squared of all drivers.
    """
    import numpy as np

    count = covariance.shape[-1] - 1
    nothing: tuple[int, ...] = ()
    explained = {nothing: np.zeros(covariance.shape[:-2])}
    for size in range(1, count + 1):
        for subset in combinations(range(count), size):
            explained[subset] = _explained(covariance, subset)
    added = np.zeros((*covariance.shape[:-2], count))
    for subset, value in explained.items():
        for driver in subset:
            before = tuple(one for one in subset if one != driver)
            # The share of the orders in which exactly these came before it.
            weight = 1 / (count * math.comb(count - 1, len(before)))
            added[..., driver] += weight * (value - explained[before])
    return added


def _explained(covariance: NDArray[np.float64], subset: tuple[int, ...]) -> NDArray[np.float64]:
    """R squared of a regression on these drivers; exactly collinear ones count once."""
    import numpy as np

    rows = np.array(subset)
    inner = covariance[..., rows[:, None], rows]
    outer = covariance[..., rows, -1]
    try:
        solved = np.linalg.solve(inner, outer[..., None])[..., 0]
    except np.linalg.LinAlgError:
        solved = (np.linalg.pinv(inner, hermitian=True) @ outer[..., None])[..., 0]
    total: NDArray[np.float64] = (solved * outer).sum(axis=-1) / covariance[..., -1, -1]
    return total


def _measured(
    names: list[str],
    rows: NDArray[np.float64],
    left_out: int,
    warnings: list[str],
    draws: int,
    seed: int,
) -> Drivers:
    import numpy as np

    covariance = np.cov(rows.T)
    added = lmg(covariance)
    explained = float(added.sum())
    shares = added / explained
    low, high = _intervals(rows, draws, seed)
    worth, error, inflation = _regression(covariance, len(rows))
    for name, factor in zip(names, inflation, strict=True):
        if factor >= COLLINEAR:
            warnings.append(
                f"{name} goes along with the others (variance inflation {factor:.1f}): "
                "its share is fair, its worth on its own is uncertain"
            )
    means = rows[:, :-1].mean(axis=0)
    found = [
        Driver(
            name,
            float(shares[place]),
            float(low[place]),
            float(high[place]),
            float(means[place]),
            float(worth[place]),
            float(worth[place] - error[place]),
            float(worth[place] + error[place]),
            float(inflation[place]),
            _advice(shares[place] >= 1 / len(names), means[place] >= means.mean()),
        )
        for place, name in enumerate(names)
    ]
    found.sort(key=lambda driver: -driver.share)
    return Drivers(tuple(found), explained, len(rows), left_out, tuple(warnings))


def _intervals(
    rows: NDArray[np.float64], draws: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The 2.5 and 97.5 % points of each share over rows drawn anew with replacement."""
    import numpy as np

    rng = np.random.default_rng(seed)
    centred = rows - rows.mean(axis=0)
    covariances = []
    for _ in range(draws):
        # How often each row is drawn: the same as drawing rows, and quicker to sum up.
        times = np.bincount(rng.integers(0, len(rows), len(rows)), minlength=len(rows))
        mean = times @ centred / len(rows)
        drawn = (centred * times[:, None]).T @ centred / len(rows) - np.outer(mean, mean)
        # A draw in which something never varies says nothing.
        if (np.diag(drawn) > 0).all():
            covariances.append(drawn)
    added = lmg(np.array(covariances))
    shares = added / added.sum(axis=1, keepdims=True)
    low, high = np.percentile(shares, (2.5, 97.5), axis=0)
    return low, high


def _regression(
    covariance: NDArray[np.float64], n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients, half their 95 % intervals and variance inflation of the whole regression."""
    import numpy as np
    from scipy.special import stdtrit

    inner, outer = covariance[:-1, :-1], covariance[:-1, -1]
    inverse = np.linalg.pinv(inner, hermitian=True)
    coefficients = inverse @ outer
    freedom = n - len(outer) - 1
    residual = max(0.0, covariance[-1, -1] - outer @ coefficients) * (n - 1) / freedom
    half = stdtrit(freedom, 0.975) * np.sqrt(residual * np.diag(inverse) / (n - 1))
    inflation = np.array([_inflation(inner, place) for place in range(len(outer))])
    return coefficients, half, inflation


def _inflation(inner: NDArray[np.float64], place: int) -> float:
    """1 / (1 - R squared) of one driver on all others; infinite where they give it exactly."""
    import numpy as np

    order = [one for one in range(len(inner)) if one != place] + [place]
    shared = float(_explained(inner[np.ix_(order, order)], tuple(range(len(inner) - 1))))
    return math.inf if shared > 1 - 1e-9 else 1 / (1 - shared)


def _advice(matters: bool, does_well: bool) -> str:
    """Importance against performance (Martilla and James 1977)."""
    if matters:
        return "keep up" if does_well else "improve"
    return "enough" if does_well else "watch"


def _rows_lost(names: list[str], table: NDArray[np.float64], complete: int) -> list[str]:
    """A warning where the rows with every answer are a minority, naming who costs the most."""
    import numpy as np

    if not len(table) or complete * 2 >= len(table):
        return []
    missing = np.isnan(table[:, :-1]).mean(axis=0)
    worst = int(missing.argmax())
    return [
        f"only {complete} of {len(table)} rows have every answer; "
        f"{names[worst]} is missing in {missing[worst]:.0%}"
    ]
