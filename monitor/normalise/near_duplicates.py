"""Fingerprints that are close when texts are: a syndicated story, a review pasted on two sites.

A 64-bit simhash (Charikar 2002) over the pairs of neighbouring words. Texts that differ only in
case, punctuation, diacritics or blanks have equal fingerprints. With one word of a text replaced,
the fingerprint stays within 3 bits for 3 in 4 texts of over 120 words, 1 in 3 of 50 to 120 words,
and seldom for shorter ones: this finds copies, not paraphrases. Pairs, because single words call
long English texts alike that are not, and triples miss more copies. Texts within 3 bits
share at least one of four 16-bit bands, so that candidates are found by an index and not by
comparing everything (Manku et al. 2007).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from monitor.normalise.text import fold

_MIN_WORDS = 8
_MIN_CHARS = 40
"""Shorter texts ("great shop, fast delivery, thank you") are alike by chance."""

_MAX_WORDS = 2_000
_BANDS = 4
_BAND_BITS = 16

_WORD = re.compile(r"[^\W_][\w\u0300-\u036f\u064b-\u0652\u200c\u200d]*")
_U64 = npt.NDArray[np.uint64]


class _WordHashes(dict[str, int]):
    """word as written -> 64-bit hash of its folded form, the same in every process."""

    def __missing__(self, word: str) -> int:
        if len(self) >= 300_000:
            self.clear()
        folded = fold(word).encode("utf-8", "backslashreplace")
        value = int.from_bytes(blake2b(folded, digest_size=8).digest(), "little")
        self[word] = value
        return value


_HASHES = _WordHashes()


def fingerprint(text: str) -> int | None:
    """The signed 64-bit simhash of a text; None under 8 different words or 40 characters."""
    return fingerprints([text])[0]


def fingerprints(texts: Sequence[str]) -> list[int | None]:
    """The fingerprint of each text, in order: many at once cost a fraction of one by one."""
    found: list[int | None] = []
    chunk = 256  # bounds the bit matrix: 256 texts of 2,000 words are 33 MB
    for start in range(0, len(texts), chunk):
        found += _fingerprints(texts[start : start + chunk])
    return found


def _fingerprints(texts: Sequence[str]) -> list[int | None]:
    result: list[int | None] = [None] * len(texts)
    hashes: list[int] = []
    places: list[int] = []
    lengths: list[int] = []
    for place, text in enumerate(texts):
        if len(text) < _MIN_CHARS:
            continue
        words = _WORD.findall(text[: _MAX_WORDS * 20])[:_MAX_WORDS]
        if len(set(words)) >= _MIN_WORDS:
            places.append(place)
            lengths.append(len(words))
            hashes += map(_HASHES.__getitem__, words)
    if not places:
        return result
    for place, value in zip(places, _simhash(hashes, lengths), strict=True):
        result[place] = int(value)
    return result


def _simhash(hashes: list[int], lengths: list[int]) -> npt.NDArray[np.int64]:
    """One signed simhash per run of word hashes, each different pair of words counted once."""
    words = np.array(hashes, dtype=np.uint64)
    text_of = np.repeat(np.arange(len(lengths)), lengths)
    inside = text_of[:-1] == text_of[1:]  # a pair never reaches into the next text
    pairs = _mix(words[:-1] * np.uint64(3) + words[1:])[inside]
    text_of = text_of[:-1][inside]
    first = np.unique(pairs ^ _mix(text_of.astype(np.uint64)), return_index=True)[1]
    first.sort()
    pairs, text_of = pairs[first], text_of[first]
    starts = np.searchsorted(text_of, np.arange(len(lengths)))
    bits = np.unpackbits(pairs.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1)
    ones = np.add.reduceat(bits, starts, axis=0, dtype=np.int32)
    majority = ones * 2 > np.bincount(text_of)[:, None]
    packed: npt.NDArray[np.int64] = np.packbits(majority, axis=1).view("<i8").ravel()
    return packed


def _mix(values: _U64) -> _U64:
    """splitmix64's finaliser: every input bit moves every output bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: _U64 = values ^ (values >> np.uint64(31))
    return mixed


def bands(value: int) -> tuple[int, ...]:
    """Four keys for an index: fingerprints within 3 bits of each other share at least one.

    The number of the band is part of its key, so one indexed column holds all four.
    """
    unsigned = value & 0xFFFF_FFFF_FFFF_FFFF
    return tuple(
        number << _BAND_BITS | unsigned >> number * _BAND_BITS & 0xFFFF for number in range(_BANDS)
    )


def is_near(a: int, b: int, max_bits: int = 3) -> bool:
    """Whether two fingerprints differ in at most `max_bits` of 64 bits."""
    return ((a ^ b) & 0xFFFF_FFFF_FFFF_FFFF).bit_count() <= max_bits
