"""Hashed n-grams of folded text, counted with array arithmetic instead of a loop over strings.

Counted are words, two and three words in a row, two words around a third, the first and the last
word, and runs of 3-5 characters inside a word. A batch of texts becomes one array of code points
and every word and run gets a polynomial hash, so that a hundred texts cost hardly more calls than
one. Two texts never share a feature: each is framed by a separator of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHARACTER_RUNS = (3, 4, 5)
# Odd multipliers of 64 bits (from the golden ratio and from Steele's splitmix64 mixer).
_STEP, _MIX, _PAIR = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


@dataclass(frozen=True, slots=True)
class Features:
    """Distinct features of `count` texts: entry k says text `rows[k]` has bucket `buckets[k]`.

    Sorted by text, then bucket.
    """

    count: int
    rows: NDArray[np.int64]
    buckets: NDArray[np.int64]


def hashed_features(folded: Sequence[str], bits: int) -> Features:
    """The distinct hashed features, in 2**bits buckets, of texts that were folded before."""
    import numpy as np

    joined = " \n" + "".join(f" {text} \n" for text in folded)
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    ends = raw == 10
    row_of = np.cumsum(ends) - 1
    gap = (raw == 32) | ends
    codes = np.where(gap, np.uint32(32), raw).astype(np.uint64)
    pieces = [*_words(codes, gap, row_of, bits), *_runs(codes, gap, row_of, bits)]
    keys = np.concatenate(pieces)
    keys.sort()
    if len(keys):
        keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
    return Features(
        len(folded),
        (keys >> np.uint64(bits)).astype(np.int64),
        (keys & np.uint64((1 << bits) - 1)).astype(np.int64),
    )


def _words(
    codes: NDArray[np.uint64], gap: NDArray[np.bool_], row_of: NDArray[np.int64], bits: int
) -> list[NDArray[np.uint64]]:
    """Keys (text, bucket) of words, pairs, triples, pairs with a gap, and the outer words."""
    import numpy as np

    first = np.flatnonzero(~gap[1:] & gap[:-1]) + 1
    if not len(first):
        return []
    before = np.concatenate(([0], first))
    lengths = np.diff(np.concatenate((before, [len(codes)])))
    place = np.arange(len(codes)) - np.repeat(before, lengths)
    with np.errstate(over="ignore"):
        powers = np.cumprod(np.full(int(place.max()) + 1, _STEP, dtype=np.uint64))
        terms = np.where(gap, np.uint64(0), _mixed(codes) * powers[place])
        words = np.add.reduceat(terms, first)
        pairs = words[:-1] * np.uint64(_PAIR) + words[1:]
        triples = pairs[:-1] * np.uint64(_PAIR) + words[2:]
        skips = words[:-2] * np.uint64(_PAIR) + words[2:]
    rows = row_of[first].astype(np.uint64)
    near, far = rows[:-1] == rows[1:], rows[:-2] == rows[2:]
    opens, closes = np.concatenate(([True], ~near)), np.concatenate((~near, [True]))
    return [
        _keys(words, rows, 1, bits),
        _keys(pairs[near], rows[:-1][near], 2, bits),
        _keys(triples[far], rows[:-2][far], 7, bits),
        _keys(skips[far], rows[:-2][far], 8, bits),
        _keys(words[opens], rows[opens], 9, bits),
        _keys(words[closes], rows[closes], 10, bits),
    ]


def _runs(
    codes: NDArray[np.uint64], gap: NDArray[np.bool_], row_of: NDArray[np.int64], bits: int
) -> list[NDArray[np.uint64]]:
    """Keys (text, bucket) of runs of 3-5 characters inside a word framed by spaces."""
    import numpy as np

    gaps_before = np.concatenate(([0], np.cumsum(gap)))
    base = _mixed(codes)
    rolling = base
    keys = []
    with np.errstate(over="ignore"):
        for length in range(2, CHARACTER_RUNS[-1] + 1):
            rolling = rolling[:-1] * np.uint64(_STEP) + base[length - 1 :]
            if length not in CHARACTER_RUNS:
                continue
            starts = np.arange(len(rolling))
            inside = gaps_before[starts + length - 1] == gaps_before[starts + 1]
            found = np.flatnonzero(inside)
            keys.append(_keys(rolling[found], row_of[found + 1].astype(np.uint64), length, bits))
    return keys


def _mixed(codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Code points spread over 64 bits, so that neighbours in the alphabet do not cancel out."""
    import numpy as np

    with np.errstate(over="ignore"):
        spread = (codes + np.uint64(1)) * np.uint64(_MIX)
        return spread ^ (spread >> np.uint64(29))


def _keys(
    hashes: NDArray[np.uint64], rows: NDArray[np.uint64], family: int, bits: int
) -> NDArray[np.uint64]:
    """Row and bucket packed into one number; `family` keeps kinds of feature apart."""
    import numpy as np

    with np.errstate(over="ignore"):
        mixed = (hashes ^ np.uint64(family)) * np.uint64(_PAIR)
        mixed ^= mixed >> np.uint64(31)
        mixed *= np.uint64(_MIX)
    return (rows << np.uint64(bits)) | (mixed >> np.uint64(64 - bits))
