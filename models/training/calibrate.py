"""Temperatures and offsets fitted on held-out texts, per language and kind."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
