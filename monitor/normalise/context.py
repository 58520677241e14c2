"""What normalising needs to know of a source, and how it asks for a text's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from monitor.normalise.personal_data import MASKED, Masked
from monitor.normalise.relevance import BrandWords

Identify = Callable[[Sequence[str], Sequence[str | None]], Sequence[tuple[str, float]]]
"""(texts, hints) -> one (language code, confidence 0..1) per text, in order."""


@dataclass(frozen=True, slots=True)
class SourceContext:
    """The settings of one source that decide how its items are read."""

    source: str
    kind: str | None
    """Overrides the kind the spider gave; None keeps it."""
    language: str | None
    """A hint, used where an item brings none of its own."""
    timezone: str
    """IANA name of the zone of dates that carry none."""
    pseudonym_key: bytes
    authors: Literal["pseudonym", "plain", "drop"] = "pseudonym"
    mask: tuple[Masked, ...] = MASKED
    """What is replaced in title, text and reply: e-mail addresses, phone numbers."""
    max_text_chars: int = 20_000
    about: BrandWords | None = None
    """The brand that an item must be about to be kept; None keeps everything."""
    address: str | None = None
    """The source's own address: what stands in it says nothing of an item."""


_NAMES = {
    "ru": "rus russian русский", "cs": "cze ces cz czech cesky čeština čeština",
    "fa": "per fas pes prs persian farsi فارسی", "en": "eng english", "sk": "slk slo slovak",
    "uk": "ukr ukrainian", "de": "deu ger german", "pl": "pol polish",
}  # fmt: skip
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}


def language_code(name: str | None) -> str | None:
    """Two letters for "ru-RU", "fa_IR", "ces" or "Czech"; None for nothing known."""
    if not name:
        return None
    word = name.strip().casefold().replace("_", "-").split("-")[0]
    if word in _CODES:
        return _CODES[word]
    return word if len(word) == 2 and word.isascii() and word.isalpha() else None
