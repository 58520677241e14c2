"""Tests of shares for many phrases at once: equal to scipy and statsmodels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.contingency_tables import StratifiedTable

from monitor.trends.stand_out import fisher_more, log_odds_z, stratified_more


def test_fisher_is_scipys() -> None:
    here = np.array([5, 5, 12, 40, 300, 1, 4.0])
    there = np.array([0, 3, 2, 20, 900, 0, 31.0])
    n_here, n_there = 400, 3000
    expected = [
        fisher_exact([[a, n_here - a], [b, n_there - b]], alternative="greater").pvalue
        for a, b in zip(here, there, strict=True)
    ]
    p = fisher_more(here, n_here, there, n_there)
    assert p[:-1] == pytest.approx(expected[:-1], rel=1e-6, abs=1e-300)
    assert p[-1] == 1.0  # 1 % against 1.03 %: nothing has grown


def test_stratified_is_mantel_and_haenszels() -> None:
    strata = [((20, 100), (20, 200)), ((3, 50), (5, 300)), ((0, 10), (0, 40))]
    tables = [np.array([[a, n - a], [b, m - b]], float) for (a, n), (b, m) in strata[:2]]
    expected = StratifiedTable(tables).test_null_odds(correction=False)
    p = stratified_more(
        [
            (np.array([float(a)]), n, np.array([float(b)]), m)
            for (a, n), (b, m) in [*strata, ((9, 9), (0, 0)), ((0, 0), (1, 9))]
        ]
    )
    assert 2 * p[0] == pytest.approx(expected.pvalue, rel=1e-6)
    nothing = stratified_more([(np.array([9.0]), 9, np.array([0.0]), 0)])
    assert float(nothing[0]) == 0.5


def test_log_odds_is_the_worked_example_of_the_docs() -> None:
    z = log_odds_z(np.array([12.0]), 52, np.array([4.0]), 204, np.array([16.5 / 297]))
    held = 16.5 / 297 * 128  # 7.11
    odds = math.log((12 + held) / (40 + 128 - held)) - math.log((4 + held) / (200 + 128 - held))
    assert z[0] == pytest.approx(odds / math.sqrt(1 / (12 + held) + 1 / (4 + held)))
    assert z[0] == pytest.approx(3.27, abs=0.01)
    swapped = log_odds_z(np.array([4.0]), 204, np.array([12.0]), 52, np.array([16.5 / 297]))
    assert swapped[0] == pytest.approx(-z[0])
