"""Thin queries for a digest: rows of the views in, small frozen records out, no judgement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, cast

from monitor.digest.model import AlertLine
from monitor.digest.quotes import Candidate
from monitor.records import Rating, Week
from monitor.store import Store, counts
from monitor.store.counts import Wanted
from monitor.store.times import from_text, start_of_day, to_text
from monitor.trends.compare import Counts
from monitor.trends.measures import Sample

NEWEST = 500
CANDIDATES = 300
"""Quotes are chosen from the surest 300 of a label's newest 500: a week of a hundred thousand
mentions is not read to its end."""

TEXTS = 2000
"""Texts of each group compared for what complaints share; more would not change the words."""

_ANSWERED = "('ok', 'unchanged', 'empty', 'partial')"


@dataclass(frozen=True, slots=True)
class BrandRow:
    """A watched brand as stored."""

    name: str
    role: str
    timezone: str


@dataclass(frozen=True, slots=True)
class DayCount:
    """A row of `reputation_daily`."""

    brand: str
    source: str
    language: str
    day: date
    mentions: int
    negative: int
    neutral: int
    positive: int


@dataclass(frozen=True, slots=True)
class SourceFact:
    """A source, and when it last ran and last answered until now, also after the week."""

    name: str
    is_scheduled: bool
    is_enabled: bool
    last_run_at: datetime | None
    last_answer_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceWeek:
    """One source's runs in one week, by the position of the week in the list asked for."""

    position: int
    source: str
    last_run_at: datetime
    last_answer_at: datetime | None
    last_state: str


@dataclass(frozen=True, slots=True)
class Wave:
    """A row of `nps_by_wave`, newest first."""

    survey: str
    name: str
    counts: Counts
    """Detractors, passives, promoters."""


def brands(store: Store) -> dict[str, BrandRow]:
    """All watched brands by name."""
    rows = store.rows("SELECT name, role, timezone FROM brands ORDER BY name")
    return {row["name"]: BrandRow(row["name"], row["role"], row["timezone"]) for row in rows}


def day_counts(store: Store, names: Sequence[str], first: date, end: date) -> list[DayCount]:
    """Counts of those brands for the days from `first` up to, without, `end`."""
    marks = ", ".join("?" * len(names))
    rows = store.rows(
        "SELECT brand, source, language, day, mentions, negative, neutral, positive"
        f" FROM reputation_daily WHERE brand IN ({marks}) AND day >= ? AND day < ?",
        (*names, first.isoformat(), end.isoformat()),
    )
    return [
        DayCount(
            brand=row["brand"],
            source=row["source"],
            language=row["language"],
            day=date.fromisoformat(row["day"]),
            mentions=row["mentions"],
            negative=row["negative"],
            neutral=row["neutral"],
            positive=row["positive"],
        )
        for row in rows
    ]


def rating_sample(store: Store, brand: str, week: Week) -> Sample:
    """The week's ratings on the scale 1-5, as much as a test of their mean needs."""
    return Sample.from_sums(*counts.ratings(store, brand, week.start, week.end))


def waves(store: Store, brand: str, before: date) -> list[Wave]:
    """Survey waves with NPS answers that began before that day, newest first."""
    rows = store.rows(
        "SELECT survey, wave, detractors, passives, promoters FROM nps_by_wave"
        " WHERE brand = ? AND starts_on < ? AND nps_n > 0 ORDER BY starts_on DESC, wave DESC",
        (brand, before.isoformat()),
    )
    return [Wave(row[0], row[1], (row[2], row[3], row[4])) for row in rows]


def sources(store: Store, brand: str, before: datetime) -> list[SourceFact]:
    """The brand's sources by name; runs after `before` are not looked at."""
    rows = store.rows(
        "SELECT s.name, s.interval_seconds IS NOT NULL AS is_scheduled, s.enabled,"
        " max(r.finished_at) AS last_run_at,"
        f" max(r.finished_at) FILTER (WHERE r.state IN {_ANSWERED}) AS last_answer_at"
        " FROM sources s JOIN brands b ON b.id = s.brand_id"
        " LEFT JOIN crawl_runs r ON r.source_id = s.id AND r.finished_at < ?"
        " WHERE b.name = ? GROUP BY s.id ORDER BY s.name",
        (to_text(before), brand),
    )
    return [
        SourceFact(
            row["name"],
            bool(row["is_scheduled"]),
            bool(row["enabled"]),
            _moment(row["last_run_at"]),
            _moment(row["last_answer_at"]),
        )
        for row in rows
    ]


def source_weeks(
    store: Store, brand: str, weeks: Sequence[Week], timezone: str
) -> list[SourceWeek]:
    """How each source's runs of each week ended; weeks begin at midnight in the brand's zone."""
    values: list[object] = []
    for position, week in enumerate(weeks):
        values += [
            position,
            to_text(start_of_day(week.start, timezone)),
            to_text(start_of_day(week.end, timezone)),
        ]
    # A bare column beside max() is taken from the row that holds the maximum: SQLite says so.
    rows = store.rows(
        f"WITH weeks (position, a, b) AS (VALUES {', '.join(['(?, ?, ?)'] * len(weeks))})"
        " SELECT w.position, s.name, max(r.finished_at) AS last_run_at, r.state,"
        " (SELECT max(g.finished_at) FROM crawl_runs g WHERE g.source_id = s.id"
        f"  AND g.finished_at >= w.a AND g.finished_at < w.b AND g.state IN {_ANSWERED})"
        " FROM weeks w JOIN sources s JOIN brands br ON br.id = s.brand_id"
        " JOIN crawl_runs r ON r.source_id = s.id AND r.finished_at >= w.a AND r.finished_at < w.b"
        " WHERE br.name = ? GROUP BY w.position, s.id",
        (*values, brand),
    )
    return [SourceWeek(row[0], row[1], from_text(row[2]), _moment(row[4]), row[3]) for row in rows]


def candidates(
    store: Store, brand: str, week: Week, label: Literal["negative", "positive"]
) -> list[Candidate]:
    """Mentions of that label in the week, the surest first."""
    rows = store.rows(
        "SELECT c.*, m.reply_text IS NOT NULL AS is_answered, m.reach FROM json_each(?) j"
        " CROSS JOIN current_scores c ON c.mention_id = j.value JOIN mentions m ON m.id = j.value"
        " ORDER BY c.confidence DESC, c.mention_id DESC LIMIT ?",
        (_newest(store, brand, week.start, week.end, label, NEWEST), CANDIDATES),
    )
    return [
        Candidate(
            mention_id=row["mention_id"],
            source=row["source"],
            kind=row["kind"],
            language=row["language"],
            label=row["label"],
            confidence=row["confidence"],
            rating=Rating(row["rating_value"], row["rating_scale"], "")
            if row["rating_scale"]
            else None,
            day=date.fromisoformat(row["local_day"]),
            moment=from_text(row["published_at"] or row["first_seen_at"]),
            title=row["title"],
            text=row["text"],
            url=row["url"],
            author=row["author"],
            location=row["location"],
            is_answered=bool(row["is_answered"]),
            reach=sum(json.loads(row["reach"]).values()),
        )
        for row in rows
    ]


def unanswered(store: Store, brand: str, week: Week) -> int:
    """Negative reviews of the week that the owner has not answered in public."""
    return counts.unanswered(store, brand, week.start, week.end)


def alerts(store: Store, brand: str, since: datetime, until: datetime) -> list[AlertLine]:
    """The brand's alerts decided in that time, the worst first, then the newest."""
    rows = store.rows(
        "SELECT a.severity, a.title, a.reason, a.state, a.started_at FROM alerts a"
        " JOIN brands b ON b.id = a.brand_id WHERE b.name = ? AND a.started_at >= ?"
        " AND a.started_at < ? ORDER BY"
        " CASE a.severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,"
        " a.started_at DESC, a.id DESC",
        (brand, to_text(since), to_text(until)),
    )
    return [
        AlertLine(
            severity=row["severity"],
            title=row["title"],
            reason=row["reason"],
            state=row["state"],
            started_at=from_text(row["started_at"]),
        )
        for row in rows
    ]


def rejects(store: Store, brand: str, since: datetime, until: datetime) -> int:
    """How many items of the brand's sources could not be used and were last seen in that time."""
    value = store.value(
        "SELECT count(*) FROM rejects j JOIN sources s ON s.name = j.source"
        " JOIN brands b ON b.id = s.brand_id"
        " WHERE b.name = ? AND j.last_seen_at >= ? AND j.last_seen_at < ?",
        (brand, to_text(since), to_text(until)),
    )
    return cast(int, value)


def _newest(store: Store, brand: str, first: date, end: date, label: str, limit: int) -> str:
    wanted = Wanted(brand=brand, label=label, first=first, end=end)
    return json.dumps(counts.newest(store, wanted, limit))


def twelve_weeks(week: Week) -> tuple[Week, ...]:
    """The week and the eleven before it, oldest first."""
    return tuple(
        Week(week.start - timedelta(weeks=back), week.end - timedelta(weeks=back))
        for back in range(11, -1, -1)
    )


def _moment(text: str | None) -> datetime | None:
    return from_text(text) if text else None
