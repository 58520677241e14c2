"""Russian and Persian as they are typed in Latin letters, where a keyboard has no others.

Russian goes letter by letter. Persian does not write its short vowels, so no rule gives them back:
the commonest words and those that judge stand in finglish.tsv with the spellings that people use;
the rest is spelt with an `a` or `e` between consonants, as a hurried typist would guess.
"""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "finglish.tsv"
_WORD = re.compile("[\u0621-\u06cc\u200c]+")

_CONSONANTS = {
    **dict(zip("بپتجدرزسفکگلمنه", "bptjdrzsfkglmnh", strict=True)),
    **{"ث": "s", "ح": "h", "ذ": "z", "ژ": "zh", "ص": "s", "ض": "z", "ط": "t", "ظ": "z", "چ": "ch"},
    **{"خ": "kh", "ش": "sh", "غ": "gh", "ق": "gh", "ئ": "y", "ء": ""},
}
_VOWELS = {"ا": "a", "آ": "a", "أ": "a", "ی": "i", "ي": "i", "و": "o", "ع": "a", "ؤ": "o"}
_LETTERS = {"ك": "ک", "ة": "ه", "ى": "ی"}
_ENDINGS = (("ها", "ha"), ("های", "haye"), ("هام", "ham"), ("ترین", "tarin"), ("تر", "tar"))
_BEGINNINGS = (("نمی", "nemi"), ("می", "mi"), ("بی", "bi"), ("نا", "na"))
_SHORTEST_REST = 2

_RUSSIAN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True))
    | {"ё": "e", "ж": "zh", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu"}
    | {"я": "ya", "ъ": "", "ь": ""}
)


def in_latin_letters(text: str, language: str, rng: random.Random) -> str:
    """A Russian or Persian text in Latin letters and lower case; others as they are."""
    if language == "ru":
        return text.lower().translate(_RUSSIAN)
    return finglish(text, rng) if language == "fa" else text


def finglish(text: str, rng: random.Random) -> str:
    """The text with every Persian word in Latin letters; what is not Persian stays."""
    return _WORD.sub(lambda match: _words(match.group(), rng), text)


def _words(run: str, rng: random.Random) -> str:
    return " ".join(_word(word, rng) for word in run.split("\u200c") if word)


def _word(word: str, rng: random.Random) -> str:
    for foreign, own in _LETTERS.items():
        word = word.replace(foreign, own)
    table = _spellings()
    if word in table:
        return rng.choice(table[word])
    for start, written in _BEGINNINGS:
        rest = word.removeprefix(start)
        if rest != word and len(rest) > _SHORTEST_REST:
            return written + _word(rest, rng)
    for end, written in _ENDINGS:
        rest = word.removesuffix(end)
        if rest != word and len(rest) >= _SHORTEST_REST:
            return _word(rest, rng) + written
    return _spelt(word, rng)


def _spelt(word: str, rng: random.Random) -> str:
    """Letter by letter, with a vowel where two consonants would begin or three meet."""
    written, open_consonants = "", 0
    for place, letter in enumerate(word):
        is_last = place == len(word) - 1
        if letter == "ه" and is_last and len(word) > _SHORTEST_REST:
            written += "e"
        elif letter in _VOWELS:
            begins = place == 0 and letter in "یو"
            written += {"ی": "y", "و": "v"}.get(letter, "a") if begins else _VOWELS[letter]
            open_consonants = 0
        elif letter in _CONSONANTS:
            if open_consonants and (open_consonants > 1 or place < 2 or is_last):
                written += rng.choice("aaeeo")
                open_consonants = 0
            written += _CONSONANTS[letter]
            open_consonants += 1
        else:
            written += letter
    return written


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line)
    return {word: tuple(spellings.split("/")) for word, spellings in rows}
