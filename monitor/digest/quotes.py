"""Which mentions a manager should read in full: the complaints to answer first, the best praise.

Pure: candidates in, chosen quotes out. The order is a formula, so that it can be argued with.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from urllib.parse import urlsplit

from monitor.digest.model import Quote
from monitor.records import Rating

MOST_COMPLAINTS = 5
MOST_PRAISE = 3
LONGEST = 280
"""Characters of a quote: as much as is read at a glance; the link leads to the rest."""

_ANSWERABLE = ("review", "comment", "post")
# Overrides and embeddings turn the letters after them around, on our page as on the hostile one.
_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_MARKS_IN_A_ROW = 3
"""No script of ours stacks more; whoever does wants to paint over the lines above."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A judged mention of the week, as the store gives it."""

    mention_id: int
    source: str
    kind: str
    language: str
    label: str
    confidence: float
    rating: Rating | None
    day: date
    moment: datetime
    title: str | None
    text: str
    url: str | None
    author: str | None
    location: str | None
    is_answered: bool
    reach: int
    """Likes, shares and comments together."""


def choose(candidates: Iterable[Candidate], label: Literal["negative", "positive"]) -> list[Quote]:
    """The best quotes of that label, best first, at most one an author."""
    most = MOST_COMPLAINTS if label == "negative" else MOST_PRAISE
    ranked = sorted(
        (one for one in candidates if one.label == label and clean(one.text, LONGEST)),
        key=lambda one: (-weight(one), -one.moment.timestamp(), one.mention_id),
    )
    chosen: list[Quote] = []
    seen: set[str | None] = set()
    for one in ranked:
        quote = _quote(one, label)
        if one.author in seen or quote.text in seen:
            continue
        # The same words under two names are one voice, and so are two texts of one author.
        seen |= {quote.text} if one.author is None else {quote.text, one.author}
        chosen.append(quote)
        if len(chosen) == most:
            break
    return chosen


def weight(one: Candidate) -> float:
    """How much a mention deserves to be read, roughly 0..3.

    The model's confidence, plus 1 for a complaint nobody answered, up to 0.5 for length (a reason
    can be answered, "bad!" cannot), up to 0.5 for reach, and 0.5 for a rating that says the same;
    minus 1 for a rating that says the opposite, because then the label is in doubt.
    """
    total = one.confidence
    if one.label == "negative" and one.kind in _ANSWERABLE and not one.is_answered:
        total += 1.0
    total += 0.5 * min(len(one.text), 120) / 120
    total += 0.5 * min(math.log10(1 + max(one.reach, 0)), 3) / 3
    if one.rating is not None:
        agreement = one.rating.share if one.label == "positive" else 1 - one.rating.share
        total += 0.5 if agreement >= 0.75 else -1.0 if agreement <= 0.25 else 0.0
    return total


def clean(text: str, longest: int) -> str:
    """One line without control characters and stacked marks, cut at a word with an ellipsis."""
    text = unicodedata.normalize("NFC", text).translate(_BIDI_CONTROLS)
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    text = re.sub(r"\s+", " ", _without_stacks(text)).strip()
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    at_word = cut.rsplit(" ", 1)[0]
    # A text without spaces is cut where it is.
    return (at_word if len(at_word) > longest // 2 else cut).rstrip(" ,;:.-") + "…"


def direction(text: str) -> Literal["ltr", "rtl"]:
    """The direction of most of a text's letters; of the first where it is a tie."""
    left = right = 0
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        left += kind == "L"
        right += kind in ("R", "AL")
    return "rtl" if right > left else "ltr"


def safe_url(url: str | None) -> str | None:
    """The address if it is a web address, else None: `javascript:` never becomes a link."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _without_stacks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(letter)
    return "".join(kept)


def _quote(one: Candidate, label: Literal["negative", "positive"]) -> Quote:
    text = clean(one.text, LONGEST)
    return Quote(
        mention_id=one.mention_id,
        label=label,
        title=clean(one.title, 90) or None if one.title else None,
        text=text,
        source=one.source,
        url=safe_url(one.url),
        day=one.day,
        language=one.language,
        direction=direction(text),
        rating=one.rating.value if one.rating else None,
        rating_best=one.rating.bounds[1] if one.rating else None,
        is_answered=one.is_answered if one.kind in _ANSWERABLE else None,
        location=clean(one.location, 60) or None if one.location else None,
    )
