"""Folded texts as hurried people would have typed them, for training on.

Case, Arabic letter forms, joiners and stretched letters are already gone from folded text: there
only their marks are added or lost. What folding cannot undo is made here: Czech without accents,
slips of the finger, words run together as where a joiner or a space was left out, Russian and
Persian in Latin letters.
"""

from __future__ import annotations

import random
from itertools import pairwise

from models.text import CAPS, STRETCH, without_diacritics
from models.training.latin import in_latin_letters

IN_LATIN = frozenset({"ru", "fa"})
ACCENTED = frozenset({"cs", "sk"})
_MARKS = str.maketrans("", "", CAPS + STRETCH)


def corrupt(text: str, language: str, rng: random.Random) -> str:
    """The text changed in one or two ways; its meaning stays."""
    if language in ACCENTED and rng.random() < 0.6:
        text = without_diacritics(text)
        if rng.random() < 0.5:
            return text
    if language in IN_LATIN and rng.random() < 0.1:
        return in_latin_letters(text, language, rng)
    return rng.choice((_slips, _slips, _run_together, _shouted, _plain))(text, rng)


def _slips(text: str, rng: random.Random) -> str:
    """One slip for about every forty letters: a letter lost, doubled or swapped."""
    letters = list(text)
    for _ in range(1 + len(letters) // 40):
        place = rng.randrange(max(1, len(letters) - 1))
        if len(letters) < 4 or not (letters[place].isalpha() and letters[place + 1].isalpha()):
            continue
        way = rng.random()
        if way < 0.4:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif way < 0.75:
            del letters[place]
        else:
            letters.insert(place, letters[place])
    return "".join(letters)


def _run_together(text: str, rng: random.Random) -> str:
    """One space in fifteen left out: what is read where a joiner was dropped, not typed as one."""
    words = text.split(" ")
    joined = [words[0]]
    for before, word in pairwise(words):
        both = before[-1:].isalpha() and word[:1].isalpha()
        joined.append(word if both and rng.random() < 1 / 15 else " " + word)
    return "".join(joined)


def _shouted(text: str, rng: random.Random) -> str:
    """Capitals on every word, or one word stretched."""
    words = text.translate(_MARKS).split(" ")
    if rng.random() < 0.5:
        return " ".join(word + CAPS if len(word) > 2 and word.isalpha() else word for word in words)
    place = rng.randrange(len(words))
    if words[place].isalpha():
        words[place] += STRETCH
    return " ".join(words)


def _plain(text: str, rng: random.Random) -> str:
    """Without any mark of capitals or stretching, and at times without a last full stop."""
    text = text.translate(_MARKS)
    return text.rstrip(" .") if rng.random() < 0.5 else text
