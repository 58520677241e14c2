"""How often a change is claimed that is none, and how often one is found that is there.

`python benchmarks/false_changes.py [--rounds N]`: weeks of a brand are drawn by lot, twenty rows
(languages, sources, places) a table as `monitor compare` shows them. First all rows stay as they
are: how many of the comparisons, and how many of the tables, claim a change? Then one row of the
twenty really moves: how often is it found? Last line `ratio: X`: the worst share of comparisons
with a false claim, against the limit of 5 %.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date

import numpy as np

from monitor.trends.changes import PASTS, changes, weeks_of

WEEK = date(2026, 11, 16)
ROWS = 20
SIZES = (5, 10, 20, 50, 100, 200, 500, 1000, 5000)
MOVED = (5, 10, 20, 30)  # points of net sentiment
LIMIT = 0.05
SHARES = ((0.2, 0.3, 0.5), (0.05, 0.15, 0.8), (0.6, 0.1, 0.3), (0.3, 0.4, 0.3))


def table(
    rng: np.random.Generator, n: int, past: str, moved: float = 0.0
) -> dict[int, dict[date, tuple[int, int, int]]]:
    """Counts of twenty rows in this week and its past; the first row has moved by some points."""
    rows = {}
    for row in range(ROWS):
        shares = np.array(SHARES[row % len(SHARES)])
        now = shares + np.array([moved, 0, -moved]) / 200 if row == 0 else shares
        weeks = {WEEK: now} | dict.fromkeys(weeks_of(WEEK, past), shares)
        rows[row] = {
            week: tuple(int(x) for x in rng.multinomial(n, share)) for week, share in weeks.items()
        }
    return rows


def claims(
    rng: np.random.Generator, n: int, past: str, rounds: int, moved: float = 0.0
) -> Iterator[list[bool]]:
    """For each table, which of its rows are called a change."""
    for _ in range(rounds):
        found = changes(table(rng, n, past, moved), WEEK, past)
        yield [one.difference.word in ("better", "worse") for one in found.values()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=400)
    rounds = parser.parse_args().rounds
    rng = np.random.default_rng(20261125)
    worst = 0.0
    print(f"no true change: share of rows, and of tables of {ROWS} rows, that claim one")
    print(f"{'n a week':>8}  " + "  ".join(f"{past:>16}" for past in PASTS))
    for n in SIZES:
        cells = []
        for past in PASTS:
            told = np.array(list(claims(rng, n, past, rounds)))
            rows, tables = told.mean(), told.any(axis=1).mean()
            worst = max(worst, rows)
            cells.append(f"{rows:6.2%} {tables:8.2%}")
        print(f"{n:>8}  " + "  ".join(f"{cell:>16}" for cell in cells))
    print(f"\none row of {ROWS} moves: how often that is found (against the eight weeks before)")
    print(f"{'n a week':>8}  " + "  ".join(f"{points:>4} points" for points in MOVED))
    for n in SIZES:
        found = [
            np.mean([told[0] for told in claims(rng, n, "usual", max(50, rounds // 4), points)])
            for points in MOVED
        ]
        print(f"{n:>8}  " + "  ".join(f"{share:>11.0%}" for share in found))
    print(f"ratio: {worst / LIMIT:.2f}")


if __name__ == "__main__":
    main()
