"""Texts as numbers: which language and kind each has, and batches of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from models.deep.tokenizer import PAD
from models.ngram import KINDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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


__all__ = ["KINDS", "LANGUAGES", "batches_by_length", "codes", "padded"]
