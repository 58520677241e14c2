"""The phrases of texts: one to four words within a clause, inflected forms and word orders as one.

A phrase is known by the stems of its words in alphabetical order, stop words inside left out:
"delivery of the parcel" and "parcel delivery" are one, and so are "курьер опоздал" and "опоздали
курьеры". It never crosses punctuation or the name of a brand, and neither begins nor ends with a
stop word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.normalise.name_forms import forms_of
from monitor.normalise.personal_data import EMAIL_MASK, PHONE_MASK
from monitor.normalise.stems import stems_for
from monitor.normalise.text import ZWNJ, fold
from monitor.normalise.words import words_of
from monitor.trends.stop_words import negations, stop_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_WORDS = 4
LONGEST_TEXT = 4_000
"""Characters of a text that are read: what an article is about stands at its beginning."""
_MOST_STEMS = 65_535
"""Four of these fit one 64-bit number; more that occur five times no language writes."""

_BREAK, _STOP = -1, 0

_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d"
_WORD = rf"[^\W_](?:[\w{_MARKS}]|['’ʼ-](?=[^\W_]))*"
# Persian prefixes and suffixes that are written apart belong to their word.
_LOOSE = "ها(?:[یي](?:[یيمتش]|مان|تان|شان)?)?|تر(?:[یي]ن)?|ا[یيمتش]|ا[یي][مد]|اند"
_PERSIAN_WORD = rf"(?:ن?م[یي][ {ZWNJ}])?{_WORD}(?:[ ](?:{_LOOSE})(?!\w))*"
_APART = (
    rf"https?://\S+|www\.\S+|\S+@\S+|(?:[A-Za-z0-9-]+\.)+[A-Za-z]{{2,12}}(?![\w-])"
    rf"|{re.escape(EMAIL_MASK)}|{re.escape(PHONE_MASK)}"
)
_TOKENS = {
    language: re.compile(rf"{_APART}|{word}|\n|[^\s\w]+|_+")
    for language, word in (("fa", _PERSIAN_WORD), ("", _WORD))
}
_IS_WORD = re.compile(r"[^\W_][^.@:/]*")
_NOT_PERSIAN = re.compile(rf"نم[یي][ {ZWNJ}]?(?=\w\w)")


class Words(dict[str, int]):
    """A token as written -> the number of its stem; 0 for a stop word, -1 for what breaks a clause.

    One of these serves all texts of a language: words repeat, so most look-ups are a hit. `names`
    are the brands': no phrase holds a name of one word, and none is made of a name's words alone.
    """

    def __init__(self, language: str, names: Iterable[str] = ()) -> None:
        super().__init__()
        self._token = _TOKENS.get(language, _TOKENS[""])
        self._stem_of = stems_for(language)
        self._stop, self._not = stop_words(language), negations(language)
        self._is_persian = language == "fa"
        self.stems: list[str] = [""]
        """By number; the first stands for stop words."""
        self.weak: set[int] = set()
        """Numbers of stems that are no phrase alone: negations, figures, two letters."""
        self.negations: set[int] = set()
        self._numbers: dict[str, int] = {}
        self._names: frozenset[str] = frozenset()
        long_names = []
        for name in names:
            written = [word.raw for word in words_of(name.lstrip("#@"))[0]]
            if len(written) == 1:
                self._names |= forms_of(written[0])
            elif written:
                long_names.append(written)
        self.long_names = [
            {number for word in written if (number := self[word]) > _STOP} for written in long_names
        ]
        """The numbers of the words of each name that has several."""

    def __missing__(self, token: str) -> int:
        number = self[token] = self._number(token)
        return number

    def read(self, text: str) -> list[int]:
        """The numbers of a text's words in order, with -1 where a clause ends."""
        return list(map(self.__getitem__, self._token.findall(text[:LONGEST_TEXT])))

    def places(self, text: str, stems: Sequence[str]) -> list[tuple[int, int]]:
        """Where a phrase of these stems stands in a text, in any form and order."""
        wanted = sorted(self._numbers.get(stem, _BREAK) for stem in stems)
        found = [
            (self[match[0]], match.span()) for match in self._token.finditer(text[:LONGEST_TEXT])
        ]
        places = []
        for first in range(len(found)):
            for last in range(first, min(first + MOST_WORDS, len(found))):
                part = [number for number, _ in found[first : last + 1]]
                if part[-1] == _BREAK:
                    break
                is_edged = part[0] > _STOP and part[-1] > _STOP
                if is_edged and sorted(one for one in part if one > _STOP) == wanted:
                    places.append((found[first][1][0], found[last][1][1]))
        return places

    def holds(self, text: str, stems: Sequence[str]) -> bool:
        """Whether a phrase of these stems stands in a text."""
        self.read(text)
        return bool(self.places(text, stems))

    def _number(self, token: str) -> int:
        if not _IS_WORD.fullmatch(token):
            return _BREAK
        folded = fold(token.replace("’", "'").replace("ʼ", "'"))
        if folded in self._names or folded.removesuffix("'s") in self._names:
            return _BREAK
        if folded in self._not:
            return self._known("not:" + folded, is_negation=True)
        if folded in self._stop or len(folded) < 2:
            return _STOP
        stem = self._stem(token)
        if not stem:
            return _STOP
        return self._known(stem, is_weak=len(folded) < 3 or not folded.strip("0123456789-'"))

    def _stem(self, token: str) -> str:
        if not self._is_persian:
            return self._stem_of[token.replace("’", "'")]
        # "does not work" and "works" share a stem for search; for us they are two.
        stem = self._stem_of[token.replace(" ", ZWNJ)]
        return f"not:{stem}" if stem and _NOT_PERSIAN.match(token) else stem

    def _known(self, stem: str, *, is_negation: bool = False, is_weak: bool = False) -> int:
        number = self._numbers.get(stem)
        if number is None:
            number = self._numbers[stem] = len(self.stems)
            self.stems.append(stem)
            if is_negation:
                self.negations.add(number)
            if is_negation or is_weak:
                self.weak.add(number)
        return number


@dataclass(frozen=True)
class Phrases:
    """Phrases and the texts each stands in: those of phrase i are texts[starts[i] : starts[i + 1]].

    `stems` gives the stems of a phrase by its place.
    """

    words: Words
    numbers: NDArray[np.int64]
    """A row a phrase: the numbers of its stems, 0 where it has fewer than four."""
    starts: NDArray[np.int64]
    texts: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.numbers)

    def stems(self, place: int) -> tuple[str, ...]:
        return tuple(self.words.stems[number] for number in self.numbers[place] if number > _STOP)

    def texts_of(self, place: int) -> NDArray[np.int32]:
        return self.texts[self.starts[place] : self.starts[place + 1]]

    def counts(self, which: NDArray[np.bool_]) -> NDArray[np.int64]:
        """In how many of the texts marked in `which` each phrase stands."""
        import numpy as np

        ends = np.concatenate(([0], np.cumsum(which[self.texts])))
        counted: NDArray[np.int64] = ends[self.starts[1:]] - ends[self.starts[:-1]]
        return counted

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """How many words each has, stop words not counted."""
        sizes: NDArray[np.int64] = (self.numbers > _STOP).sum(axis=1)
        return sizes


def phrases(texts: Sequence[str], words: Words, least: int, counted: NDArray[np.bool_]) -> Phrases:
    """All phrases that stand in at least `least` of the texts marked in `counted`.

    Which other texts they stand in is told too. A phrase counts once a text.
    """
    import numpy as np

    read = [words.read(text) for text in texts]
    lengths = np.fromiter((len(one) + 1 for one in read), np.int64, len(read))
    flat = np.fromiter(_joined(read), np.int32, int(lengths.sum()))
    text_of = np.repeat(np.arange(len(read), dtype=np.int32), lengths)
    flat = np.append(flat, np.full(MOST_WORDS, _BREAK, np.int32))  # the last window ends here
    text_of = np.append(text_of, np.zeros(MOST_WORDS, np.int32))
    del read
    flat, stems = _usual(flat, text_of, least, counted)
    is_weak = np.isin(stems, list(words.weak))
    is_negation = np.isin(stems, list(words.negations))
    keys, at = [], []
    for count in range(1, MOST_WORDS + 1):  # one after the other: the whole would need more memory
        key, text = _once_a_text(*_windows(flat, text_of, count, is_weak, is_negation))
        is_kept = _are_usual(key, counted[text], least)
        keys.append(key[is_kept])
        at.append(text[is_kept])
    all_keys = np.concatenate(keys)
    # Phrases of fewer words have smaller numbers: they are in order already.
    starts = _starts(all_keys)
    columns = all_keys[starts[:-1], None] >> np.array([48, 32, 16, 0], np.uint64) & np.uint64(
        0xFFFF
    )
    return Phrases(words, stems[columns.astype(np.int64)], starts, np.concatenate(at))


def _joined(read: list[list[int]]) -> Iterator[int]:
    for one in read:
        yield from one
        yield _BREAK


def _usual(
    flat: NDArray[np.int32], text_of: NDArray[np.int32], least: int, counted: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The words numbered anew from 1 by how often they occur, and the stem of each new number.

    A word in fewer than `least` texts makes no phrase in as many: it becomes a break.
    """
    import numpy as np

    here = (flat > _STOP) & counted[text_of]
    pairs = np.unique(flat[here].astype(np.int64) << 32 | text_of[here])
    numbers, counts = np.unique(pairs >> 32, return_counts=True)
    usual = numbers[counts >= least]
    order = np.argsort(-counts[counts >= least], kind="stable")
    usual = usual[order][:_MOST_STEMS]
    new = np.full(max(int(flat.max(initial=0)), int(usual.max(initial=0))) + 2, _BREAK, np.int32)
    new[_STOP] = _STOP
    new[usual] = np.arange(1, len(usual) + 1, dtype=np.int32)
    return new[flat], np.concatenate(([_STOP], usual)).astype(np.int64)


def _windows(
    flat: NDArray[np.int32],
    text_of: NDArray[np.int32],
    count: int,
    is_weak: NDArray[np.bool_],
    is_negation: NDArray[np.bool_],
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """The phrases of `count` words that are no stop words, as a number each, and their texts."""
    import numpy as np

    keys, texts = [], []
    for size in range(count, MOST_WORDS + 1):
        first, last = flat[: len(flat) - size + 1], flat[size - 1 :]
        good = (first > _STOP) & (last > _STOP) & ~is_negation[last]
        for inner in range(1, size - 1):
            good &= flat[inner : len(flat) - size + 1 + inner] >= _STOP
        places = np.flatnonzero(good)
        columns = np.stack([flat[places + step].astype(np.uint16) for step in range(size)], axis=1)
        says = ((columns > _STOP) & ~is_weak[columns]).any(axis=1)
        says &= (columns > _STOP).sum(axis=1) == count
        columns = np.sort(columns[says], axis=1)
        key = np.zeros(len(columns), np.uint64)
        for step in range(size):
            key = key << np.uint64(16) | columns[:, step].astype(np.uint64)
        keys.append(key)
        texts.append(text_of[places[says]])
    return np.concatenate(keys), np.concatenate(texts)


def _once_a_text(
    key: NDArray[np.uint64], text: NDArray[np.int32]
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """The pairs sorted by phrase, then text, each once."""
    import numpy as np

    order = np.lexsort((text, key))
    key, text = key[order], text[order]
    new = np.ones(len(key), np.bool_)
    new[1:] = (key[1:] != key[:-1]) | (text[1:] != text[:-1])
    return key[new], text[new]


def _are_usual(
    key: NDArray[np.uint64], is_counted: NDArray[np.bool_], least: int
) -> NDArray[np.bool_]:
    """Of which pairs the phrase stands in at least `least` of the counted texts."""
    import numpy as np

    starts = _starts(key)
    running = np.concatenate(([0], np.cumsum(is_counted)))
    usual: NDArray[np.bool_] = np.repeat(np.diff(running[starts]) >= least, np.diff(starts))
    return usual


def _starts(key: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Where each phrase begins among the sorted pairs, and where the last one ends."""
    import numpy as np

    if not len(key):
        return np.zeros(1, np.int64)
    new = np.flatnonzero(key[1:] != key[:-1]) + 1
    return np.concatenate(([0], new, [len(key)])).astype(np.int64)
