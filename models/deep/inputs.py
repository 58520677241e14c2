"""Texts as numbers: which language and kind each has, and batches of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from models.deep.tokenizer import PAD
from models.ngram import KINDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SILENT = (0.1, 0.8, 0.1)
LANGUAGES = ("", "ru", "cs", "fa", "en", "sk")  # "" is any other, or not known


def codes(given: Sequence[str] | None, known: Sequence[str], count: int) -> NDArray[np.int64]:
    """The place of each given name in `known`, 0 where it is not there or nothing was given.

    Raises ValueError when there are not `count` of them.
    """
    import numpy as np

    if given is not None and len(given) != count:
        raise ValueError("languages and kinds must be as many as the texts")
    places = {name: place for place, name in enumerate(known)}
    return np.array([places.get(name, 0) for name in given or [""] * count], dtype=np.int64)


def probabilities(
    logits: NDArray[np.float32],
    degrees: Sequence[float] | None,
    groups: NDArray[np.int64],
    empty: Sequence[bool],
) -> NDArray[np.float32]:
    """Probabilities (n, 3) of logits, tempered by the degree of each text's language and kind.

    A text without a single word (`empty`) says nothing either way.
    """
    import numpy as np

    if degrees is not None:
        logits = logits / np.asarray(degrees, np.float32)[groups][:, None]
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: NDArray[np.float32] = exponents / exponents.sum(axis=1, keepdims=True)
    result[list(empty)] = _SILENT
    return result


def batches_by_length(lengths: Sequence[int], tokens: int, most: int) -> Iterator[list[int]]:
    """Places of texts, the longest first, in batches of at most `tokens` pieces with padding.

    A batch costs as much as its longest text; `most` bounds how many short ones go together.
    """
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    start = 0
    while start < len(order):
        longest = max(1, lengths[order[start]])
        end = start + max(1, min(most, tokens // longest))
        yield order[start:end]
        start = end


def padded(rows: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Ids of several texts as one array, shape (texts, longest), filled up with padding."""
    import numpy as np

    result = np.full((len(rows), max(len(row) for row in rows)), PAD, dtype=np.int64)
    for place, row in enumerate(rows):
        result[place, : len(row)] = row
    return result


__all__ = ["KINDS", "LANGUAGES", "batches_by_length", "codes", "padded", "probabilities"]
