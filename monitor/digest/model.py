"""What a weekly digest says, before it is said in any language.

Sentences are a key and values: the locale files hold the words, so that a rule can be tested by
what it claims and a translation by how it reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from monitor.records import Week
from monitor.trends.compare import Counts
from monitor.trends.measures import Measure

Value = str | int | float | date | datetime | Week | tuple[str, ...]

Word = Literal[
    "better", "worse", "no clear change", "too few", "more", "fewer", "incomplete", "no data"
]
"""The verdict beside a figure. `incomplete`: a source was missing, so a count says nothing."""

State = Literal["answered", "blind", "cut", "not run", "never", "file", "off"]
"""How a source did in the week: `blind` was tried and never answered, `cut` stopped answering,
`not run` was not tried, `never` was never collected so far, `file` is imported by hand, `off` is
switched off."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the locale files by its key, with the values it names."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Headline:
    """The title, what backs it, and what to do; a manager may stop reading here."""

    title: Sentence
    lines: tuple[Sentence, ...]
    actions: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with the figure before it, both n, and the verdict."""

    key: Literal["net_sentiment", "mentions", "rating", "nps"]
    value: float | None
    before: float | None
    n: int
    n_before: int
    word: Word
    low: float | None = None
    high: float | None = None
    period: str | None = None
    """What the figure is of, when it is not this week: the survey wave's name."""
    period_before: str | None = None


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """One of the weeks of the chart."""

    week: Week
    mentions: int
    counts: Counts
    net: Measure
    is_partial: bool
    alerts: int


@dataclass(frozen=True, slots=True)
class Row:
    """One language, source or brand in this week."""

    name: str
    mentions: int
    counts: Counts
    net: Measure
    word: Word
    share: float | None = None
    """Share of voice among the watched brands, 0..1; only for brands."""
    state: State = "answered"
    """Only sources have another one."""
    is_own: bool = False
    is_partial: bool = False
    """A brand of which a source was missing: its share of voice is too small."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A mention in its own words, cleaned of control characters and shortened; still hostile."""

    mention_id: int
    label: Literal["negative", "positive"]
    title: str | None
    text: str
    source: str
    url: str | None
    """Only http and https; None otherwise."""
    day: date
    language: str
    direction: Literal["ltr", "rtl"]
    rating: float | None
    rating_best: float | None
    is_answered: bool | None
    """None where the kind of mention has no owner's replies, such as news."""
    location: str | None


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert decided in this week."""

    severity: Literal["info", "warning", "critical"]
    title: str
    reason: str
    state: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """A source that was missing for the week or a part of it."""

    name: str
    state: State
    last_state: str | None
    """State of its last run: blocked, broken, unreachable."""
    last_answer_at: datetime | None


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that one weekly digest of one brand says, for one language."""

    brand: str
    language: str
    timezone: str
    week: Week
    made_at: datetime
    is_running: bool
    """The week is not over: the figures are those until `made_at`."""
    is_partial: bool
    headline: Headline
    tiles: tuple[Tile, ...]
    weeks: tuple[WeekPoint, ...]
    """Twelve, oldest first; the last is this week."""
    languages: tuple[Row, ...]
    sources: tuple[Row, ...]
    brands: tuple[Row, ...]
    """The brand itself first, then its competitors; empty when it is watched alone."""
    complaints: tuple[Quote, ...]
    praise: tuple[Quote, ...]
    alerts: tuple[AlertLine, ...]
    troubles: tuple[SourceTrouble, ...]
    unscored: int
    rejects: int
