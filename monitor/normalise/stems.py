"""The stem of a folded word: what its inflected forms share, for search only.

Russian and English use Snowball. Czech and Persian have small stemmers of our own, because people
write Czech without diacritics and Persian with and without ZWNJ, and both must meet in one stem;
Snowball's Czech needs the diacritics and its Persian the ZWNJ. A stem need not be a word: it is
enough that the forms of one word share it and other words seldom do.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import Stemmer

from monitor.normalise.text import ZWNJ, fold

_MAX_CACHED = 300_000
"""Words remembered per language: about 50 MB at most, more than a year of reviews uses."""


class _Stems(dict[str, str]):
    """word as written -> folded stem, remembered: words repeat, so most look-ups are a hit."""

    def __init__(self, stem: Callable[[str], str]) -> None:
        super().__init__()
        self._stem = stem

    def __missing__(self, word: str) -> str:
        if len(self) >= _MAX_CACHED:
            self.clear()
        stem = self._stem(word)
        self[word] = stem
        return stem


_RUSSIAN = Stemmer.Stemmer("russian", 0)
_ENGLISH = Stemmer.Stemmer("english", 0)


def _by_script(latin: Callable[[str], str]) -> Callable[[str], str]:
    def stem(word: str) -> str:
        folded = fold(word[:64])
        if not folded:
            return ""
        first = folded[0]
        if "\u0400" <= first <= "\u052f":
            return str(_RUSSIAN.stemWord(folded))
        if "\u0600" <= first <= "\u06ff":
            return persian(word)
        return latin(folded)

    return stem


def _english(word: str) -> str:
    return str(_ENGLISH.stemWord(word))


# --- Czech ---------------------------------------------------------------------------------------

# After the light stemmer of Dolamic and Savoy (2009), endings without diacritics, longest first.
_CZECH_ENDINGS = tuple(
    (len(ending), ending)
    for ending in (
        "ejsimi", "ejsich", "ejsiho", "ejsimu",
        "ejsim", "atech", "ovych", "ovymi", "oveho", "ovemu",
        "ejsi", "etem", "atum", "ovem", "ovym",
        "ech", "ich", "ych", "ach", "eho", "emu", "emi", "imi", "ymi", "ami", "ama", "iho", "imu",
        "ove", "ovi", "ovy", "ova", "aty", "ata",
        "em", "im", "ym", "am", "um", "ou", "mi",
        "a", "e", "i", "o", "u", "y",
    )
)  # fmt: skip
# Loan words whose last letters only look like an ending: "problem", not "probl" + "em".
_CZECH_LOAN = re.compile(
    "(.*(?:blem|ystem|gram|klam|trem|lbum|[sz]+nam|rezim|axim|ostym|rozum|zkum|krem))"
    "(?:a|ach|am|ami|e|ech|em|i|ou|ove|ovi|ovy|u|um|y)?"
)
_CZECH_SUPERLATIVE = re.compile("nej.{3,}si(?:ch|ho|m|mi|mu)?")
_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxz")


def czech(word: str) -> str:
    """The stem of a Czech (or Slovak) word folded to ASCII letters: pracce, pracky -> prack."""
    if loan := _CZECH_LOAN.fullmatch(word):
        return loan[1]
    stem = word[3:] if _CZECH_SUPERLATIVE.fullmatch(word) else word
    for size, ending in _CZECH_ENDINGS:
        if len(stem) - size >= 3 and stem.endswith(ending):
            stem = stem[:-size]
            break
    # Past tense and infinitive: cekal, cekali, cekat; verbs are half of what complaints say.
    if len(stem) >= 5 and stem[-1] in "lt" and stem[-2] in "aei" and stem[-3] in _CONSONANTS:
        stem = stem[:-2]
    # The e that comes and goes: objednavek, objednavka.
    if len(stem) >= 5 and stem[-2] == "e" and stem[-1] in "kcblnr" and stem[-3] in _CONSONANTS:
        stem = stem[:-2] + stem[-1]
    if stem[-1] == "c":
        return stem[:-1] + "k"
    if stem[-1] == "z":
        return stem[:-1] + "h"
    return stem


# --- Persian -------------------------------------------------------------------------------------

_PERSIAN_PREFIXES = ("نمی", "می")
_PERSIAN_LOOSE = frozenset(
    ("ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان", "ای", "تر",
     "ترین", "ام", "ات", "اش", "اند", "ایم", "اید", "می", "نمی")
)  # fmt: skip
_PERSIAN_WHOLE = frozenset(
    ("میدان", "میلیون", "میلیارد", "میزان", "میزبان", "میراث", "میهمان", "میانه", "میانگین",
     "تهران", "ایران", "اصفهان", "همان", "چنان", "جهان", "زمان", "درمان", "دندان", "تومان",
     "مردم")
)  # fmt: skip
# (ending, letters that must remain): plural, comparative, possessive, verb person, indefinite.
_PERSIAN_ENDINGS = (
    ("هایشان", 2), ("هایمان", 2), ("هایتان", 2), ("هایی", 2), ("هایم", 2), ("هایت", 2),
    ("هایش", 2), ("های", 2), ("ها", 2), ("ترین", 3), ("تر", 3), ("شان", 3), ("مان", 3), ("تان", 3),
    ("یان", 4), ("ان", 4), ("ات", 4), ("ین", 4), ("یم", 3), ("ید", 3), ("ند", 3), ("ای", 4),
    ("ام", 4), ("اش", 4), ("م", 4), ("ش", 4), ("ی", 4),
)  # fmt: skip
# Past stems end in d or t; with -am, -e and -an they are "I did", "done" and "to do".
_PERSIAN_PAST = re.compile("(.{2,}[دت])[مهن]")
_PERSIAN_AFTER_ZWNJ = _PERSIAN_LOOSE - {"می", "نمی"}


def persian(word: str) -> str:
    """The stem of a Persian word as written, with or without ZWNJ; "" for a loose suffix.

    People write one plural in three ways (joined, with ZWNJ, with a blank): a suffix that stands
    alone is dropped, so all three leave the same stem.
    """
    parts = [fold(part) for part in word.split(ZWNJ)]
    if len(parts) > 1 and parts[0] in _PERSIAN_PREFIXES:
        del parts[0]
    while len(parts) > 1 and parts[-1] in _PERSIAN_AFTER_ZWNJ:
        del parts[-1]
    stem = "".join(parts)
    if stem in _PERSIAN_LOOSE:
        return ""
    if stem in _PERSIAN_WHOLE:
        return stem
    for prefix in _PERSIAN_PREFIXES:
        if stem.startswith(prefix) and len(stem) - len(prefix) >= 3:
            stem = stem[len(prefix) :]
            break
    for _ in range(3):
        shorter = _without_persian_ending(stem)
        if shorter == stem or shorter in _PERSIAN_WHOLE:
            return shorter
        stem = shorter
    return stem


def _without_persian_ending(stem: str) -> str:
    if past := _PERSIAN_PAST.fullmatch(stem):
        return past[1]
    for ending, remaining in _PERSIAN_ENDINGS:
        if len(stem) - len(ending) >= remaining and stem.endswith(ending):
            return stem[: -len(ending)]
    return stem


# --- by language ---------------------------------------------------------------------------------

_AS_WRITTEN = _Stems(_by_script(lambda folded: folded))
_STEMS = {
    "en": _Stems(_by_script(_english)),
    "cs": _Stems(_by_script(czech)),
}
_STEMS.update(sk=_STEMS["cs"], ru=_STEMS["en"], fa=_STEMS["en"], uk=_STEMS["en"])


def stems_for(language: str) -> _Stems:
    """The word -> stem table for texts in a language; words of another script use their own."""
    return _STEMS.get(language, _AS_WRITTEN)


def query_tables() -> tuple[_Stems, ...]:
    """Every table a text may have been stemmed with: a query does not know the language."""
    return (_AS_WRITTEN, _STEMS["en"], _STEMS["cs"])
