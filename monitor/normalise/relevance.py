"""Whether a text is about the brand, or about a namesake, another word, or nothing of the kind.

A search finds more than it should: "Mall" finds every mall, "Vesta" the goddess. `decide` keeps a
mention when (1) a term of the brand stands in it as a word, in any form of the four languages, in a
hashtag, a handle or an address; (2) none of the brand's `exclude` words stands near that term, or
the term stands elsewhere too; (3) one of its `context` words stands anywhere, if it has any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.normalise.name_forms import forms_of
from monitor.normalise.stems import query_tables
from monitor.normalise.text import fold
from monitor.normalise.words import Compound, Word, address_words, words_of

_NOT = "not about "
"""How the cause of every mention begins that is left out here."""

NEAR_WORDS = 8
"""An exclusion counts this close to the term: about a clause. On our own texts
(tests/normalise/relevance) 4 keeps a namesake that is described before it is named; from 8 to 15
nothing changes, and a review that mentions the other one in passing should stay."""

_AFTER_NAME = frozenset(
    ("app", "care", "club", "com", "cz", "cesko", "de", "eu", "fa", "fans", "global", "group",
     "help", "hq", "info", "io", "ir", "news", "official", "online", "review", "reviews", "ru",
     "sale", "service", "shop", "sk", "store", "support", "team", "uk", "us",
     "магазин", "отзывы", "рф")
)  # fmt: skip
_BEFORE_NAME = frozenset(
    ("anti", "ask", "bojkot", "boycott", "boykot", "get", "go", "hello", "ilove", "love", "my",
     "no", "stop", "team", "the", "we", "бойкот")
)  # fmt: skip
"""What people and brands join to a name in a handle, a hashtag or a domain: @zelvanocz."""


@dataclass(frozen=True, slots=True)
class BrandWords:
    """What the configuration says of a brand: how it is called, and how to tell it from others."""

    name: str
    terms: tuple[str, ...] = ()
    """Its names in every script; its `name` where none is given."""
    exclude: tuple[str, ...] = ()
    """Words that stand beside a namesake: `banka` for the Mall that is no bank."""
    context: tuple[str, ...] = ()
    """Words of its trade, one of which must occur, for a name that is also a common word."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a mention is about the brand, and why."""

    is_about: bool
    reason: str


def decide(
    brand: BrandWords,
    text: str,
    title: str | None = None,
    url: str | None = None,
    subject: str | None = None,
    source_address: str | None = None,
) -> Decision:
    """Whether a mention with this text, title and address is about the brand.

    `subject` is the title of what it belongs to (the story that a comment answers). Words that the
    source's own address has prove nothing: every item of a page `/tags/zelvano` has them.
    """
    rules = _rules_of(brand)
    words, compounds = words_of("\n".join(filter(None, (title, subject, text))))
    known = {word.folded for word in address_words(source_address)[0]} if source_address else set()
    in_address, host = address_words(url) if url else ([], [])
    # Apart from the text: what stands at its end is not near what the address begins with.
    words += [Word("", "", "")] * (NEAR_WORDS + 1)
    compounds += [
        Compound(one.at + len(words), one.text, one.count) for one in host if one.text not in known
    ]
    words += [Word("", "", "") if word.folded in known else word for word in in_address]

    found = [hit for term in rules.terms for hit in term.hits(words, compounds)]
    if not found:
        return Decision(False, f"{_NOT}{brand.name}: no term")
    unwanted = [
        (place, phrase.written) for phrase in rules.exclude for place in phrase.places(words)
    ]
    free = [hit for hit in found if not _near(hit, unwanted)]
    if not free:
        beside = _near(found[0], unwanted)
        return Decision(False, f"{_NOT}{brand.name}: excluded by {beside!r}")
    stands_alone = not rules.context or any(hit.is_address for hit in free)
    if not stands_alone and not any(any(phrase.places(words)) for phrase in rules.context):
        return Decision(False, f"{_NOT}{brand.name}: no context word")
    return Decision(True, f"term {free[0].term!r}")


@dataclass(frozen=True, slots=True)
class _Hit:
    first: int
    last: int
    term: str
    is_address: bool


def _near(hit: _Hit, unwanted: Sequence[tuple[range, str]]) -> str | None:
    """The exclusion that stands near a hit; None if none does."""
    for place, written in unwanted:
        if max(place[0] - hit.last, hit.first - place[-1]) <= NEAR_WORDS:
            return written
    return None


class _Term:
    """One name of the brand; a name of several words must stand in this order, side by side."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.is_address = "." in written.strip(".") and " " not in written.strip()
        words, _ = words_of(written.lstrip("#@"))
        self._forms = [forms_of(word.raw) for word in words]
        start = "".join(word.folded for word in words[:-1])
        self._joined = {start + form for form in self._forms[-1]} if words else set()
        self._base = start + words[-1].folded if words else ""

    def hits(self, words: Sequence[Word], compounds: Sequence[Compound]) -> Iterator[_Hit]:
        size = len(self._forms)
        if not size:
            return
        for at in range(len(words) - size + 1):
            if words[at].folded in self._forms[0] and self._follows(words[at : at + size]):
                yield _Hit(at, at + size - 1, self.written, self.is_address)
        for compound in compounds:
            if self._is_in(compound.text):
                last = compound.at + compound.count - 1
                yield _Hit(compound.at, last, self.written, self.is_address)

    def _follows(self, words: Sequence[Word]) -> bool:
        pairs = zip(words[1:], self._forms[1:], strict=True)
        return all(word.folded in forms and word.is_close for word, forms in pairs)

    def _is_in(self, joined: str) -> bool:
        """True for @zelvanocz and #mallgroup, not for #smallbusiness."""
        joined = joined.strip("0123456789") if not self._base[-1:].isdigit() else joined
        if joined in self._joined:
            return True
        before, _, after = joined.partition(self._base)
        if before == joined or len(self._base) < 3:
            return False
        return (not before or before in _BEFORE_NAME) and (not after or after in _AFTER_NAME)


class _Phrase:
    """Words of an exclusion or a context, found in any inflected form."""

    def __init__(self, written: str) -> None:
        self.written = written
        self._words = [_stems(word.raw) for word in words_of(written)[0]]
        self._forms = [forms_of(word.raw) for word in words_of(written)[0]]

    def places(self, words: Sequence[Word]) -> Iterator[range]:
        size = len(self._words)
        for at in range(len(words) - size + 1 if size else 0):
            if all(self._is_form(words[at + i], i) for i in range(size)):
                yield range(at, at + size)

    def _is_form(self, word: Word, position: int) -> bool:
        if not word.folded:
            return False
        if word.folded in self._forms[position]:
            return True
        # Each language's stem with its own: an English stem says nothing of a Czech one.
        pairs = zip(_stems(word.raw), self._words[position], strict=True)
        return any(one and one == other for one, other in pairs)


def _stems(word: str) -> tuple[str, ...]:
    return tuple(stems[word] for stems in query_tables())


@dataclass(frozen=True, slots=True)
class _Rules:
    terms: tuple[_Term, ...]
    exclude: tuple[_Phrase, ...]
    context: tuple[_Phrase, ...]


@lru_cache(maxsize=256)
def _rules_of(brand: BrandWords) -> _Rules:
    return _Rules(
        tuple(map(_Term, brand.terms or (brand.name,))),
        tuple(map(_Phrase, brand.exclude)),
        tuple(_Phrase(word) for word in brand.context if fold(word)),
    )
