"""How clearly a share stands out against another, for thousands of phrases at once.

No one figure does it all. `fisher_more` says whether chance explains it: it is exact, also for
five texts against none, where a G test claims too much. `stratified_more` asks the same source by
source: where a forum was blocked, the shop's words have a larger share and nothing has grown.
`log_odds_z` puts in order: its prior keeps a rare phrase from standing above a usual one that grew
as clearly, but for a phrase never seen before it is too cautious to decide with.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def log_odds_z(here: Floats, n_here: int, there: Floats, n_there: int, prior: Floats) -> Floats:
    """z of the log-odds ratio with an informative Dirichlet prior, above 0 for more `here`.

    Monroe, Colaresi and Quinn (2008), doi 10.1093/pan/mpn018, for texts that hold a
    phrase or do not. `prior` is the share of all texts looked at that hold each phrase; it
    weighs as much as one half of both samples.
    """
    import numpy as np

    weight = (n_here + n_there) / 2
    held = prior * weight
    in_here, in_there = here + held, there + held
    odds = np.log(in_here / (n_here + weight - in_here))
    odds -= np.log(in_there / (n_there + weight - in_there))
    z: Floats = odds / np.sqrt(1 / in_here + 1 / in_there)
    return z


def fisher_more(here: Floats, n_here: int, there: Floats, n_there: int) -> Floats:
    """P that chance puts as many of the phrase's texts here; 1 where its share is not larger.

    Fisher's exact test, one-sided, equal to scipy `fisher_exact(alternative="greater")`.
    """
    import numpy as np
    from scipy.special import gammaln

    p = np.ones(len(here))
    more = np.flatnonzero(here * n_there > there * n_here)
    if not len(more):
        return p
    x, total = here[more].astype(float), here[more] + there[more].astype(float)
    everyone = n_here + n_there

    def log_choose(n: Floats | float, k: Floats | float) -> Floats:
        chosen: Floats = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)
        return chosen

    first = log_choose(n_here, x) + log_choose(n_there, total - x) - log_choose(everyone, total)
    term, tail = np.ones(len(x)), np.ones(len(x))
    while (term > 1e-17 * tail).any():
        # From each number of texts to the next; beyond the mean every term is smaller.
        term *= np.maximum(0.0, (total - x) * (n_here - x))
        term /= (x + 1) * np.maximum(1.0, n_there - total + x + 1)
        tail += term
        x += 1
    p[more] = np.minimum(1.0, np.exp(first) * tail)
    return p


def stratified_more(strata: Iterable[tuple[Floats, int, Floats, int]]) -> Floats:
    """P that chance alone, source by source, puts as many of the phrase's texts here.

    Each stratum has (here, n_here, there, n_there). One with nothing on a side says nothing: what
    a new source brings is not new for that. The test of Mantel and Haenszel (1959), one-sided,
    without continuity correction; its z squared is statsmodels `StratifiedTable.test_null_odds`.
    """
    import numpy as np
    from scipy.special import ndtr

    above, variance = np.zeros(1), np.zeros(1)
    for here, n_here, there, n_there in strata:
        n, total = n_here + n_there, here + there
        if not n_here or not n_there:
            continue
        above = above + here - n_here * total / n
        variance = variance + n_here * n_there * total * (n - total) / (n * n * (n - 1))
    z = above / np.sqrt(np.where(variance > 0, variance, np.inf))
    p: Floats = ndtr(-z)
    return p
