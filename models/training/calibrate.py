"""Temperatures and offsets fitted on held-out texts, per language and kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.sentiment import Errors

Floats = NDArray[np.float32]

FEW = 150  # with fewer held-out texts a language and kind borrows the language's temperature
TEMPERATURES = np.geomspace(0.5, 3.0, 37)


def temperature(logits: Floats, truth: NDArray[np.int64], binary: NDArray[np.bool_]) -> float:
    """The temperature of least log-loss on these texts; rows of binary sets ignore neutral."""
    masked = logits.astype(np.float64).copy()
    masked[binary, 1] = -1e9
    rows = np.arange(len(truth))
    losses = []
    for degree in TEMPERATURES:
        cooled = masked / degree
        cooled -= cooled.max(axis=1, keepdims=True)
        losses.append(float((np.log(np.exp(cooled).sum(axis=1)) - cooled[rows, truth]).mean()))
    return float(TEMPERATURES[int(np.argmin(losses))])


def temperatures(
    logits: Floats,
    truth: NDArray[np.int64],
    binary: NDArray[np.bool_],
    groups: NDArray[np.int64],
    kinds: int,
    group_count: int,
) -> list[float]:
    """One temperature a group (language * kinds + kind); few texts borrow from wider groups."""
    overall = temperature(logits, truth, binary)
    result = []
    for group in range(group_count):
        own = groups == group
        language = groups // kinds == group // kinds
        chosen = next((mask for mask in (own, language) if mask.sum() >= FEW), None)
        if chosen is None:
            result.append(overall)
        else:
            result.append(temperature(logits[chosen], truth[chosen], binary[chosen]))
    return result


def error_rates(
    chosen: NDArray[np.int64],
    truth: NDArray[np.int64],
    languages: Sequence[str],
    kinds: Sequence[str],
    datasets: Sequence[str],
) -> list[Errors]:
    """How often texts are taken for negative, by language and kind, as `Sentiment.errors`.

    Means over the sets, so that a large set does not speak for the others; sets of fewer than FEW
    texts say nothing, and a language and kind without a set is left out.
    """
    of_set: dict[tuple[str, str], list[tuple[float, float, int]]] = {}
    names = np.array([f"{code}/{name}" for code, name in zip(languages, datasets, strict=True)])
    for name in sorted(set(names.tolist())):
        rows = np.flatnonzero(names == name)
        negative = truth[rows] == 0
        if len(rows) < FEW or not 0 < negative.sum() < len(rows):
            continue
        called = chosen[rows] == 0
        rates = float(called[negative].mean()), float(called[~negative].mean()), len(rows)
        code, kind = languages[rows[0]], kinds[rows[0]]
        for key in {(code, kind), (code, "")}:
            of_set.setdefault(key, []).append(rates)
    return [
        (
            code,
            kind,
            round(float(np.mean([found for found, _, _ in rates])), 4),
            round(float(np.mean([wrong for _, wrong, _ in rates])), 4),
            sum(n for _, _, n in rates),
        )
        for (code, kind), rates in sorted(of_set.items())
    ]
