"""What customers do not say: subjects that fell silent, people who stopped answering, leavers.

Pure. Every finding carries the numbers it is made of and is tested; what chance explains is not a
finding. A silence is not good news: a stage that nobody mentions any more may be one that nobody
reaches any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

from monitor.trends.changes import benjamini_hochberg
from monitor.trends.compare import share_change
from monitor.trends.measures import CONFIDENCE

Kind = Literal["subject", "segment", "wave", "unasked", "leavers"]

LEAST_BEFORE = 20
"""Mentions of a subject before, or answers of a segment: fewer may stop by chance."""
FALLEN_TO = 0.5
"""A share that is lower, and by less than half, is a change and no silence."""
UNASKED_SHARE = 0.05
WAVE_PATIENCE = 1.25
"""A wave is missing when it is later than this many times the usual gap."""


@dataclass(frozen=True, slots=True)
class Silence:
    """One thing that is not said: `share` and `share_before` of 0..1, of n and n_before."""

    kind: Kind
    what: str
    share: float | None
    share_before: float | None
    n: int
    n_before: int
    p_value: float | None
    """Corrected for all things of its kind that were looked at; None where nothing is tested."""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """How often something is spoken of: in `part` of `n` texts (or answers), and before."""

    part: int
    n: int
    part_before: int
    n_before: int


@dataclass(frozen=True, slots=True)
class SurveyHeard:
    """When a survey's waves ended, and how many of each segment answered in the newest two."""

    ends: Sequence[date]
    segments: Mapping[str, Spoken]


@dataclass(frozen=True, slots=True)
class Heard:
    """All that is known of a brand in some weeks and before them, for `unsaid`."""

    today: date
    subjects: Mapping[str, Spoken]
    surveys: Sequence[SurveyHeard]
    stages: Mapping[str, int]
    """Stage -> mentions that speak of it, of `texts`."""
    texts: int
    asked: Sequence[str]
    """Stages that a survey asks about."""
    churned: float | None
    complaints: float | None


def unsaid(heard: Heard) -> list[Silence]:
    """Everything that is not said."""
    found = fallen_silent(heard.subjects)
    for survey in heard.surveys:
        if missing := missing_wave(survey.ends, heard.today):
            found.append(missing)
        found += fallen_silent(survey.segments, "segment")
    if heard.asked:
        found += never_asked(heard.stages, heard.texts, heard.asked)
    if leavers := left_without_a_word(heard.churned, heard.complaints):
        found.append(leavers)
    return found


def fallen_silent(subjects: Mapping[str, Spoken], kind: Kind = "subject") -> list[Silence]:
    """Subjects (aspects, stages) or segments whose share fell to less than half, surely.

    Corrected over all of them, so that one of fifteen does not fall silent every other week. Where
    all are spoken of less, none is silent: shares are of all texts of the period.
    """
    tested = {
        what: one
        for what, one in subjects.items()
        if one.part_before >= LEAST_BEFORE and one.n and one.n_before
    }
    changes = {
        what: share_change((one.part, one.n), (one.part_before, one.n_before))
        for what, one in tested.items()
    }
    adjusted = benjamini_hochberg([change.p_value for change in changes.values()])
    found = []
    for (what, one), p_value in zip(tested.items(), adjusted, strict=True):
        share, before = one.part / one.n, one.part_before / one.n_before
        if share < FALLEN_TO * before and p_value < 1 - CONFIDENCE:
            found.append(Silence(kind, what, share, before, one.n, one.n_before, p_value))
    return sorted(found, key=lambda one: (one.p_value or 0.0, one.what))


def missing_wave(ends: Sequence[date], today: date) -> Silence | None:
    """The wave that is due and has not come, by the rhythm of those before; None if none is.

    From the ends of at least three waves: their usual gap, and a quarter more of patience.
    """
    past = sorted(ends)
    if len(past) < 3:
        return None
    gap = median((b - a).days for a, b in pairwise(past))
    due = past[-1] + timedelta(days=round(gap))
    if gap < 7 or (today - past[-1]).days <= WAVE_PATIENCE * gap:
        return None
    return Silence("wave", f"due about {due}", None, None, 0, len(past), None, due)


def never_asked(spoken_of: Mapping[str, int], texts: int, asked: Iterable[str]) -> list[Silence]:
    """Stages that reviews speak of and the survey has no question about, the most spoken of first.

    Of at least one text in twenty, and of ten texts.
    """
    unasked = set(spoken_of) - set(asked)
    found = [
        Silence("unasked", what, spoken_of[what] / texts, None, texts, 0, None)
        for what in unasked
        if texts and spoken_of[what] >= max(10, UNASKED_SHARE * texts)
    ]
    return sorted(found, key=lambda one: (-(one.share or 0.0), one.what))


def left_without_a_word(churned: float | None, complaints: float | None) -> Silence | None:
    """Customers who left although nobody complained for them: at least so many said nothing.

    A lower bound: each complaint is taken to be by somebody who left. None where it is not known
    how many left, or as many complained.
    """
    if not churned or complaints is None or complaints >= churned:
        return None
    silent = int(churned - complaints)
    return Silence(
        "leavers", "left without a complaint", silent / churned, None, int(churned), 0, None
    )
