"""Headings made comparable: `commentText`, `Comment text:` and `COMMENT_TEXT` are one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[\W_]+")
_ARABIC = str.maketrans("يك", "یک")


@lru_cache(maxsize=4096)
def fold(heading: str) -> str:
    """Lower-case words with single spaces, without accents: `Město (pobočka)` -> `mesto pobocka`.

    `ё` becomes `е`, `й` becomes `и`, Arabic forms of ya and kaf become the Persian ones; compare
    folded only with folded.
    """
    text = _CAMEL.sub(" ", unicodedata.normalize("NFKC", heading).translate(_ARABIC))
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", text).strip()


def has_phrase(folded: str, phrase: str) -> bool:
    """True when the words of `phrase` stand in `folded` one after the other."""
    return f" {phrase} " in f" {folded} "
