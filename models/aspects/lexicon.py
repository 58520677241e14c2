"""Which aspects the words of a clause name: a list of stems a language, read from a text file.

A file of `lexicons/` has a heading in square brackets for each aspect and below it terms,
separated by commas or line ends:

    [price]
    cena, cen*        a word, or every word that begins so
    worth the money   words in a row
    cost #            # stands for a number
    cheap +, pricey - the term itself says something good or bad of the aspect
    item ?            weak: counts only where the clause names nothing else
    !price tag*       never this aspect, though a shorter term would match inside it

Headings in round brackets hold words that judge whatever a clause names: `(good)`, `(bad)`, or,
depending on the aspect, `(high)`, `(low)`, `(long)`, `(cold)`, `(small)`, `(large)`; what they
mean of each aspect is said in `models.aspects.statements`.

Terms under `[*]` are guards against every aspect. Case, accents, yo, Arabic letter shapes and
joiners do not matter; a joiner (U+200C) inside a term also stands for nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from models.text import fold, without_diacritics

LANGUAGES = ("ru", "cs", "fa", "en")
_ANY = "*"
_WORD = re.compile(r"\w+")
_MARKS = {"+": 1, "-": -1, "?": 0}
_MEMORY = 200_000  # words remembered with what they may begin; then it starts anew


@dataclass(frozen=True, slots=True)
class Hit:
    """Words `start` to `end` (exclusive) of a clause name `aspect`; `polarity` is -1, 0 or 1."""

    aspect: str
    start: int
    end: int
    polarity: int
    weak: bool


@dataclass(frozen=True, slots=True)
class _Term:
    aspect: str
    parts: tuple[tuple[str, bool], ...]  # (word, is it only the beginning of one)
    polarity: int
    guard: bool
    weak: bool

    @property
    def weight(self) -> tuple[int, int, bool]:
        """Longer terms win over shorter ones, guards over their equals."""
        return len(self.parts), sum(len(word) for word, _ in self.parts), self.guard


def words(folded: str) -> list[str]:
    """The words of a text that `models.text.fold` returned, without accents and marks."""
    return _WORD.findall(without_diacritics(folded))


@dataclass(frozen=True, slots=True)
class _Begins:
    """The terms that a word may begin: of one word, and longer ones by how the next word starts."""

    alone: tuple[_Term, ...]
    longer: Mapping[str, Sequence[_Term]]


class Lexicon:
    """The aspect terms of one language, with those of the company's own configuration."""

    def __init__(self, terms: Iterable[_Term]) -> None:
        self._exact: dict[str, list[_Term]] = {}
        self._prefix: dict[str, list[_Term]] = {}
        for term in set(terms):
            word, is_prefix = term.parts[0]
            (self._prefix if is_prefix else self._exact).setdefault(word, []).append(term)
        self._memory: dict[str, _Begins | None] = {}

    @classmethod
    def open(cls, language: str, extra: Mapping[str, Sequence[str]] | None = None) -> Lexicon:
        """The lexicon of `language`, empty if not of LANGUAGES, and `extra`: aspect -> terms.

        Raises ValueError for a term that is empty or cannot be read.
        """
        terms = list(_shipped(language)) if language in LANGUAGES else []
        for aspect, own in (extra or {}).items():
            terms += [term for written in own for term in _terms(aspect, written)]
        return cls(terms)

    def find(self, clause: Sequence[str]) -> list[Hit]:
        """The aspects that the words of a clause name, in order, each term once."""
        memory = self._memory
        found: list[tuple[_Term, int]] = []
        last = len(clause) - 1
        for place, word in enumerate(clause):
            begins = memory[word] if word in memory else self._remember(word)
            if begins is None:
                continue
            found += [(term, place) for term in begins.alone]
            if begins.longer and place < last:
                following = clause[place + 1]
                for key in (_key(following), ""):
                    for term in begins.longer.get(key, ()):
                        if _continues(term, clause, place):
                            found.append((term, place))
        return _without_overlaps(found) if found else []

    def _remember(self, word: str) -> _Begins | None:
        """What may begin with `word`, kept for the next time it comes; None for nothing."""
        terms = list(self._exact.get(word, ()))
        if word.isdigit():
            terms += self._exact.get("#", ())
        for length in range(2, min(len(word), 24) + 1):
            terms += self._prefix.get(word[:length], ())
        longer: dict[str, list[_Term]] = {}
        for term in terms:
            if len(term.parts) > 1:
                part, is_prefix = term.parts[1]
                key = "" if is_prefix and len(part) < 2 else "#" if part == "#" else part[:2]
                longer.setdefault(key, []).append(term)
        alone = tuple(term for term in terms if len(term.parts) == 1)
        if len(self._memory) >= _MEMORY:
            self._memory.clear()
        self._memory[word] = _Begins(alone, longer) if terms else None
        return self._memory[word]


def _key(word: str) -> str:
    return "#" if word.isdigit() else word[:2]


def _continues(term: _Term, clause: Sequence[str], place: int) -> bool:
    """Whether the second and later words of a term stand behind its first one."""
    if place + len(term.parts) > len(clause):
        return False
    for word, (part, is_prefix) in zip(clause[place + 1 :], term.parts[1:], strict=False):
        if part == "#":
            if not word.isdigit():
                return False
        elif not (word.startswith(part) if is_prefix else word == part):
            return False
    return True


def _without_overlaps(found: list[tuple[_Term, int]]) -> list[Hit]:
    """Hits of the longest terms; of one aspect no word is counted twice, guards give nothing."""
    hits = []
    taken: set[tuple[str, int]] = set()
    for term, start in sorted(found, key=lambda pair: pair[0].weight, reverse=True):
        places = range(start, start + len(term.parts))
        if any((aspect, place) in taken for aspect in (term.aspect, _ANY) for place in places):
            continue
        taken.update((term.aspect, place) for place in places)
        if not term.guard:
            hits.append(Hit(term.aspect, start, places.stop, term.polarity, term.weak))
    return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.aspect))


@cache
def _shipped(language: str) -> tuple[_Term, ...]:
    folder = resources.files("models.aspects") / "lexicons"
    return tuple(parse((folder / f"{language}.txt").read_text(encoding="utf-8")))


def parse(text: str) -> list[_Term]:
    """The terms of a lexicon file; raises ValueError with the line that cannot be read."""
    terms: list[_Term] = []
    aspect = ""
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.partition("//")[0].strip()
        if line.startswith(("[", "(")):
            aspect = line.strip("[] ")
            continue
        for written in filter(None, map(str.strip, line.split(","))):
            if not aspect:
                raise ValueError(f"line {number}: {written!r} stands under no [aspect]")
            try:
                terms += _terms(aspect, written)
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from None
    return terms


def _terms(aspect: str, written: str) -> list[_Term]:
    """One written term; two when it holds joiners, which also stand for nothing."""
    guard = written.startswith("!")
    bare = written.removeprefix("!").strip()
    mark = bare[-1:] if bare[-2:-1].isspace() else ""
    if mark in _MARKS:
        bare = bare[:-1].strip()
    variants = sorted({bare, bare.replace("\u200c", "")})
    return [
        _Term(aspect, tuple(_parts(variant, written)), _MARKS.get(mark, 0), guard, mark == "?")
        for variant in variants
    ]


def _parts(bare: str, written: str) -> Iterable[tuple[str, bool]]:
    pieces = bare.replace("\u200c", " ").split()
    if not pieces:
        raise ValueError(f"the term {written!r} is empty")
    for place, piece in enumerate(pieces):
        is_prefix = piece.endswith("*")
        if piece == "#":
            yield "#", False
            continue
        inner = words(fold(piece.removesuffix("*")))
        if not inner or "*" in piece[:-1] or (is_prefix and not place and len(inner[-1]) < 2):
            raise ValueError(f"the term {written!r} cannot be read")
        yield from ((word, False) for word in inner[:-1])
        yield inner[-1], is_prefix
