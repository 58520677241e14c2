"""What an answer cell says: a number, a number with words, stars, or words of a known scale.

Which scale a column uses is decided by all its answers together: "very satisfied" is the best
answer where "extremely satisfied" does not occur, and the second best where it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from monitor.surveys.scales import BLANK, SCALES, scale_words
from monitor.tables.headings import fold

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789.")
_NUMBER = re.compile(r"([-−]?\d+(?:[.,]\d+)?)\s*(.*)", re.S)
_OF = re.compile(r"(?:/|of|out of|из|z|ze|از)\s*(\d+)\b\s*(.*)", re.S)
_LAST = re.compile(r"\D*[\s(:–—-](\d+)\)?", re.S)
_STARS = re.compile(r"[★⭐]+[☆\ufe0f\s]*")

BOUNDS = {"nps": (0.0, 10.0), "csat": (1.0, 5.0), "ces": (1.0, 7.0), "stage": (1.0, 5.0)}
"""Lowest and highest answer of each measure."""


class BadAnswer(ValueError):
    """An answer that is none of its scale; the message is the reject's cause."""


def is_blank(text: str) -> bool:
    """True for an empty cell and for ways to write that there is no answer."""
    folded = fold(text)
    return folded in BLANK or not (folded or _STARS.match(text))


def read_answer(text: str, measure: str, scale: Mapping[str, float] | None = None) -> float | None:
    """The number an answer stands for, None for no answer; `measure` is a key of `BOUNDS`.

    `scale` gives the words of its column (`choose_scale`). Raises `BadAnswer` for an answer out of
    range and for words that are not understood.
    """
    if is_blank(text):
        return None
    low, high = BOUNDS[measure]
    value = _number(text, high)
    if value is None:
        words = scale if scale is not None else choose_scale([text], measure)
        value = words.get(scale_words(text))
    if value is None:
        raise BadAnswer(f"not understood as {low:g} to {high:g}: {text[:60]!r}")
    if not low <= value <= high:
        raise BadAnswer(f"{value:g} is not between {low:g} and {high:g}")
    return value


def choose_scale(texts: Iterable[str], measure: str) -> Mapping[str, float]:
    """Words -> numbers of the scale that knows most of the different answers of a column."""
    said = {scale_words(text) for text in texts if not is_blank(text)}
    return max(SCALES[measure], key=lambda scale: len(said & scale.keys()))


@lru_cache(maxsize=4096)
def _number(text: str, high: float) -> float | None:
    """A leading number ("10 - Extremely likely", "4 из 5"), a last one ("Likely (8)"), stars."""
    text = text.translate(_DIGITS).strip()
    if _STARS.fullmatch(text):
        return float(text.count("★") + text.count("⭐"))
    match = _NUMBER.match(text)
    if match is None:
        last = _LAST.fullmatch(text)
        return float(last[1]) if last else None
    rest = match[2]
    if of := _OF.match(rest):
        if float(of[1]) != high:
            raise BadAnswer(f"on another scale: {text[:60]!r}")
        rest = of[2]
    # "1-2 days" and "80 %" are numbers of something else.
    if "%" in rest or any(character.isdigit() for character in rest):
        return None
    return float(match[1].replace(",", ".").replace("−", "-"))
