"""What a reviewer gave, on the scale it was given on; scales are told apart, never converted."""

from __future__ import annotations

import re

from monitor.normalise.text import ascii_digits, fold
from monitor.records import Rating, RawItem

_NUMBER = re.compile(r"-?\d{1,6}(?:[.,٫]\d{1,6})?")
_FRACTION = re.compile(
    r"(-?\d{1,6}(?:[.,٫]\d{1,6})?)\s*(?:/|\\|out of|of|из|z|ze|ze|از|von)\s*(\d{1,6}(?:[.,٫]\d+)?)"
)
_ASIDE = re.compile(r"\s*\([^()]*\)")  # "4.5 (123 reviews)"
_FULL, _EMPTY, _HALF = "★⭐🌟✭✮", "☆✩⚝", "⯨⯪½"
_STARS = re.compile(f"[{_FULL}{_EMPTY}{_HALF}\\s\ufe0f]+")

_THUMB_WORDS = {
    1.0: "true up yes 1 + like positive recommended thumbs_up ano doporucuje да рекомендую بله 👍",
    0.0: "false down no 0 -1 - dislike negative not_recommended thumbs_down ne nedoporucuje нет "
    "не_рекомендую خیر 👎",
}
_THREE_STEP_WORDS = {
    3.0: "3 yes ano good positive да",
    2.0: "2 yes_but ano_ale average neutral",
    1.0: "1 no ne bad negative нет",
}
_THUMB = {word: value for value, words in _THUMB_WORDS.items() for word in words.split()}
_THREE_STEP = {word: value for value, words in _THREE_STEP_WORDS.items() for word in words.split()}
# Answers that say by themselves on which scale they are; "no" and "yes" are a thumb's.
_ONLY_THUMB = frozenset(("true", "false", "up", "down", "like", "dislike", "yes", "no", "👍", "👎"))
_ONLY_THREE_STEP = frozenset(("yes_but", "ano_ale"))
_WORDS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0}

_MAX_RAW = 40


def parse_rating(item: RawItem) -> Rating | str | None:
    """The item's overall rating; None when it has none; a cause (text) when it cannot be used."""
    return read_rating(item.rating, item.rating_best, item.rating_worst, item.rating_scale)


def read_rating(
    raw: str | None, best: str | None = None, worst: str | None = None, scale: str | None = None
) -> Rating | str | None:
    """A rating as `parse_rating` gives it, from its parts.

    Without other word, best is 5 and worst 1 (schema.org). Zero where the scale starts at one is
    how several sites write "not rated", and gives None.
    """
    if raw is None or not (written := raw.strip()[:_MAX_RAW]):
        return None
    text = ascii_digits(written).casefold()
    word = re.sub(r"[ ,_-]+(?=\w)", "_", fold(written)) if len(written) > 2 else text
    text = _ASIDE.sub("", text)
    if scale == "three-step" or (scale is None and word in _ONLY_THREE_STEP):
        return _step(_THREE_STEP.get(word), "three-step", written)
    if scale == "thumb" or (scale is None and word in _ONLY_THUMB):
        return _step(_THUMB.get(word), "thumb", written)
    if _STARS.fullmatch(text):
        return _stars(text, written, best)
    if word in _WORDS:
        return _on_scale(_WORDS[word], 1.0, 5.0, written)
    return _numeric(text, written, best, worst)


def _step(value: float | None, scale: str, written: str) -> Rating | str:
    if value is None:
        return f"rating {written!r} is not one of the answers of a {scale} scale"
    return Rating(value, scale, written)


def _stars(text: str, written: str, best: str | None) -> Rating | str | None:
    full = sum(text.count(star) for star in _FULL)
    half = sum(text.count(star) for star in _HALF)
    empty = sum(text.count(star) for star in _EMPTY)
    shown = full + half + empty
    top = float(shown) if empty and shown != 5 else _number(best) or max(5.0, float(shown))
    return _on_scale(full + half / 2, 1.0, top, written)


def _numeric(text: str, written: str, best: str | None, worst: str | None) -> Rating | str | None:
    low, high = _number(worst), _number(best)
    numbers = _NUMBER.findall(text)
    if fraction := _FRACTION.search(text):
        value, high = _number(fraction[1]), _number(fraction[2])
    elif re.search(r"[%٪]", text) and len(numbers) == 1:
        value, low, high = _number(numbers[0]), 0.0, 100.0
    elif len(numbers) == 1:
        value = _number(numbers[0])
    else:
        return f"rating {written!r} is not understood"
    if value is None:
        return f"rating {written!r} is not understood"
    if high is None:
        high = 5.0
    if low is None or low == high:
        low = 0.0 if high == 100 or high <= 1 or (value < 1 <= high and value % 1) else 1.0
    return _on_scale(value, low, high, written)


def _on_scale(value: float, worst: float, best: float, written: str) -> Rating | str | None:
    if best < 0 or worst == best:
        return f"rating {written!r} is on a scale from {worst:g} to {best:g}, which is none"
    if value == 0 and min(worst, best) > 0:
        return None
    if not min(worst, best) <= value <= max(worst, best):
        return f"rating {written!r} is outside its scale {worst:g}-{best:g}"
    return Rating(value, f"{worst:g}-{best:g}", written)


def _number(text: str | None) -> float | None:
    """The one number in a text ("4,5", "10.0", "۵"), or None."""
    if text is None:
        return None
    found = _NUMBER.findall(ascii_digits(text))
    return float(re.sub("[,٫]", ".", found[0])) if len(found) == 1 else None
