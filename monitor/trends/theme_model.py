"""What a theme is made of and what is told of it: see `monitor.trends.themes`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from monitor.trends.quoting import Quote

Group = Literal["now", "others", "before"]
GROUPS: tuple[Group, ...] = ("now", "others", "before")
"""The period's mentions of the label asked for, its other mentions, those of the label before."""


@dataclass(frozen=True, slots=True)
class Said:
    """A mention to be compared; `week` is the first day of its week."""

    mention_id: int
    language: str
    group: Group
    text: str
    author: str | None = None
    source: str = ""
    week: date | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """In one week, the mentions of the label that hold the theme, of how many."""

    week: date
    mentions: int
    of: int


@dataclass(frozen=True, slots=True)
class Theme:
    """A phrase that stands out, in the form most often written.

    `growth` is share / share_before: None where nothing came before; `share_before` and `is_new`
    are None where there were too few negatives before to know. `others` are the period's other
    mentions with it. `p_value` is corrected for the number of phrases; `score` gives the order.
    `also` are phrases of the same mentions.
    """

    language: str
    phrase: str
    mentions: int
    of: int
    authors: int
    share: float
    others: int
    of_others: int
    mentions_before: int
    of_before: int
    share_before: float | None
    growth: float | None
    is_new: bool | None
    p_value: float
    score: float
    aspect: str | None
    also: tuple[str, ...]
    stems: tuple[str, ...]
    mention_ids: tuple[int, ...]
    examples: tuple[Quote, ...]
    weeks: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at in a language; `silent` says why nothing can be said, "" where it can."""

    language: str
    mentions: int
    others: int
    before: int
    copies: int
    phrases: int
    silent: str


@dataclass(frozen=True, slots=True)
class Found:
    """Themes by language, the clearest first, and what was looked at."""

    themes: tuple[Theme, ...]
    languages: tuple[Looked, ...]
