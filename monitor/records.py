"""The nouns that travel between the stages: frozen, typed, without behaviour that needs I/O.

Read from top to bottom this is the way of one review: a spider yields a `RawItem`, normalising
makes it a `Mention` (or a `Reject` that says why not), a model gives it a `Score`, the rules make
`Decision`s of scored mentions, and a decision becomes messages on channels.

Times are aware datetimes in UTC; only `RawItem` carries times as the source wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

LANGUAGES = ("ru", "cs", "fa", "en")
"""The languages that are scored. Other texts are stored with their own code, or `other`."""

KINDS = ("review", "post", "comment", "news", "interview")
"""What a mention can be; `interview` covers notes of calls, focus groups and visits."""

LABELS = ("negative", "neutral", "positive")

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING


@dataclass(frozen=True, slots=True)
class Brand:
    """What is watched; days and weeks are counted in its zone."""

    name: str
    role: str
    """`own` or `competitor`."""
    timezone: str
    week_start: int
    """0 Sunday, 1 Monday, 6 Saturday: as SQLite's `strftime('%w')` counts."""


@dataclass(frozen=True, slots=True)
class Source:
    """One place to collect from; `interval_seconds` is None for files that are imported."""

    name: str
    kind: str
    brand: str
    url: str | None = None
    language: str | None = None
    interval_seconds: int | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class RawItem:
    """One review or post exactly as a source wrote it; a line of the spool file.

    Spiders fill what the page says and nothing else: no guessed date, no computed rating.
    Ratings are strings because sources write "4,5", "4 of 5", "★★★★☆" and "yes_but".
    """

    source: str
    fetched_at: str
    kind: str = "review"
    native_id: str | None = None
    url: str | None = None
    title: str | None = None
    text: str = ""
    is_html: bool = False
    author: str | None = None
    rating: str | None = None
    rating_best: str | None = None
    rating_worst: str | None = None
    rating_scale: str | None = None
    """`thumb` or `three-step` where the source has no numbers; else None."""
    sub_ratings: dict[str, str] = field(default_factory=dict)
    published: str | None = None
    edited: str | None = None
    language: str | None = None
    reply_text: str | None = None
    reply_published: str | None = None
    reach: dict[str, int] = field(default_factory=dict)
    parent_id: str | None = None
    location: str | None = None
    subject: str | None = None
    """What is reviewed: the product, shop or place as the page names it."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that could not be used: the cause, the place (URL, line, field) and a piece."""

    source: str
    cause: str
    place: str
    excerpt: str = ""
    is_left_out: bool = False
    """It was understood and is not wanted: about something else, or its author opted out. That
    says nothing against the page it came from."""


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as given: 4 on `1-5`, 7.5 on `0-10`, 1 on `thumb` (0-1), 2 on `three-step` (1-3).

    Scales are never averaged together silently; `share` (0..1) is for display of one rating.
    """

    value: float
    scale: str
    raw: str

    @property
    def bounds(self) -> tuple[float, float]:
        """Worst and best value of the scale."""
        if self.scale == "thumb":
            return 0.0, 1.0
        if self.scale == "three-step":
            return 1.0, 3.0
        worst, _, best = self.scale.rpartition("-")
        return float(worst), float(best)

    @property
    def share(self) -> float:
        """Position on the scale, 0 (worst) to 1 (best)."""
        worst, best = self.bounds
        return (self.value - worst) / (best - worst)


@dataclass(frozen=True, slots=True)
class Mention:
    """One review, post, comment or article in a form that can be stored and compared."""

    source: str
    identity: str
    """Stable over edits and repeated collection: native id, else URL and author, else text."""
    raw_digest: str
    """Of everything in the raw item but the time of fetching: equal means nothing to do."""
    kind: str
    url: str | None
    title: str | None
    text: str
    language: str
    language_confidence: float
    author: str | None
    """A keyed hash of the name, unless the configuration says otherwise."""
    rating: Rating | None
    published_at: datetime | None
    edited_at: datetime | None
    fetched_at: datetime
    fingerprint: int | None
    """64-bit similarity hash, signed; None for texts too short to compare."""
    search_text: str
    """Folded and stemmed words: what full-text search looks at."""
    sub_ratings: Mapping[str, Rating] = field(default_factory=_nothing)
    reply_text: str | None = None
    reply_at: datetime | None = None
    reach: Mapping[str, int] = field(default_factory=_nothing)
    parent: str | None = None
    location: str | None = None
    subject: str | None = None
    masked: int = 0
    """How many e-mail addresses and phone numbers were masked in title, text and reply."""


@dataclass(frozen=True, slots=True)
class PendingText:
    """A version that the current model revision has not judged yet, with what its author gave."""

    version_id: int
    text: str
    language: str
    kind: str
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class ModelErrors:
    """How often a model takes texts of a language and kind ('' any) for negative, 0..1.

    `found` of the negative ones, `false_alarms` of the others, on `n` labelled texts.
    """

    language: str
    kind: str
    found: float
    false_alarms: float
    n: int


@dataclass(frozen=True, slots=True)
class Score:
    """One model revision's judgement of one version; the three probabilities sum to 1."""

    version_id: int
    negative: float
    neutral: float
    positive: float

    @property
    def label(self) -> str:
        values = (self.negative, self.neutral, self.positive)
        return LABELS[values.index(max(values))]

    @property
    def confidence(self) -> float:
        return max(self.negative, self.neutral, self.positive)


@dataclass(frozen=True, slots=True)
class AspectScore:
    """One aspect of one version: which part of the experience, how it was, and the clause."""

    version_id: int
    aspect: str
    stage: str | None
    """The part of the customer's journey; None for an aspect of the company's own."""
    label: str
    confidence: float
    clause: str


@dataclass(frozen=True, slots=True)
class JudgedMention:
    """What a rule sees: a mention with its current label (a correction wins over a score)."""

    mention_id: int
    version_id: int
    brand: str
    source: str
    kind: str
    language: str
    label: str
    confidence: float
    rating: Rating | None
    published_at: datetime
    said_at: datetime
    """When it was published, or edited so that its label is another one: that is news."""
    first_seen_at: datetime
    author: str | None
    title: str | None
    text: str
    url: str | None
    reach: int
    """Likes, shares and views together, as far as the source tells."""
    is_backfill: bool
    """Seen in the first collection of its source: old news, no alarm until its label turns."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule decided and why; written as an alert before anything is sent.

    `key` makes it unique: the same decision taken twice is one alert.
    """

    rule: str
    key: str
    brand: str
    severity: str
    title: str
    reason: str
    started_at: datetime
    evidence: Mapping[str, Any]
    mention_ids: tuple[int, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldWave:
    """A wave that is an alert already: from its first to its last mention, and who was told."""

    key: str
    started_at: datetime
    last_at: datetime
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrawlRun:
    """How one collection of one source ended, with its counts."""

    source: str
    state: str
    """ok, unchanged, empty, partial, blocked, broken or unreachable."""
    started_at: datetime
    finished_at: datetime
    items: int
    new: int
    changed: int
    rejects: int
    requests: int
    first_error: str | None
    left_out: int = 0
    """Items that were understood and are not wanted: not about the brand, or opted out."""
    backfill: Backfill | None = None
    """How far a back-fill is; None for a usual collection."""


@dataclass(frozen=True, slots=True)
class Backfill:
    """How far a back-fill of a source is, over all the runs that it took."""

    since: datetime
    """It reads back to here: what was published earlier is left out."""
    pages: int = 0
    items: int = 0
    oldest_day: date | None = None
    """The oldest day of publication reached; None when no item had a date."""
    is_finished: bool = False
    """False: it stopped on its way, and the next one goes on there."""
    open_requests: tuple[Mapping[str, Any], ...] = ()
    """Asked for and not yet read, as the crawl process wants them back."""


@dataclass(frozen=True, slots=True)
class BlindSource:
    """A source that gives nothing although it should: since when, and how its last run ended."""

    source: str
    brand: str
    state: str
    since: datetime
    first_error: str | None
    requests: int
    rejects: int


@dataclass(frozen=True, slots=True)
class SourceRhythm:
    """When a source gave something, in days of its brand's zone, and when it last answered at all.

    `days` are those of its mentions, also from before it was collected; `heard` is the day on
    which a run last brought something new, or on which its back-fill ended.
    """

    source: str
    brand: str
    days: Sequence[date]
    heard_at: datetime
    heard: date
    answered: date


@dataclass(frozen=True, slots=True)
class SurveyResponse:
    """One person's answer in one wave; scores as given, `nps` 0-10, `csat` and stages 1-5."""

    respondent: str
    answered_at: datetime
    nps: float | None = None
    csat: float | None = None
    ces: float | None = None
    stages: Mapping[str, float] = field(default_factory=_nothing)
    segment: str | None = None
    location: str | None = None
    language: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of the company's own on one day, of a place and a segment where it is known."""

    brand: str
    name: str
    day: date
    location: str
    segment: str
    value: float


@dataclass(frozen=True, slots=True)
class Week:
    """A week in the brand's zone: its first day, and the next week's first day."""

    start: date
    end: date
