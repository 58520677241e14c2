"""How the sources are doing: their health, their runs, what could not be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from monitor.alerts.source_silence import silences, with_silence
from monitor.store import Store


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a source: how many mentions are of it, and whether the source answered then."""

    day: str
    mentions: int
    answered: bool | None
    """None: it was not asked."""


def health(store: Store, brand: str | None, name: str | None = None) -> list[dict[str, Any]]:
    """`source_health` of a brand's sources, or of the one called `name`, with their silences."""
    rows = store.rows(
        "SELECT h.*, b.timezone FROM source_health h JOIN brands b ON b.name = h.brand"
        " WHERE (?1 IS NULL OR h.brand = ?1) AND (?2 IS NULL OR h.source = ?2)"
        " ORDER BY h.enabled DESC, h.brand, h.source",
        (brand, name),
    )
    known = silences(store)
    return [with_silence(dict(row), known) for row in rows]


def pulse(store: Store, source: str, last: date, count: int) -> list[Day]:
    """`count` days of a source up to `last`, in its brand's zone: what came, did it answer."""
    first = last - timedelta(days=count - 1)
    span = (source, first.isoformat(), last.isoformat())
    of_source = "WHERE source_id = (SELECT id FROM sources WHERE name = ?)"
    gave = store.rows(
        f"SELECT local_day, count(*) FROM mentions {of_source} AND local_day BETWEEN ? AND ?"
        " GROUP BY local_day",
        span,
    )
    runs = store.rows(
        "SELECT local_day, max(state IN ('ok', 'unchanged', 'empty', 'partial')) FROM crawl_runs"
        f" {of_source} AND local_day BETWEEN ? AND ? GROUP BY local_day",
        span,
    )
    counts = {row[0]: row[1] for row in gave}
    answers = {row[0]: bool(row[1]) for row in runs}
    days = ((first + timedelta(days=n)).isoformat() for n in range(count))
    return [Day(day, counts.get(day, 0), answers.get(day)) for day in days]


def runs(store: Store, source: str, limit: int) -> list[dict[str, Any]]:
    """The last collections of a source, newest first."""
    rows = store.rows(
        "SELECT r.id AS run_id, r.state, r.started_at, r.finished_at, r.items, r.new, r.changed,"
        " r.left_out, r.rejects, r.requests, r.first_error FROM crawl_runs r"
        " JOIN sources s ON s.id = r.source_id WHERE s.name = ? ORDER BY r.id DESC LIMIT ?",
        (source, limit),
    )
    return [dict(row) for row in rows]


def rejects(store: Store, source: str, limit: int, *, left_out: bool) -> list[dict[str, Any]]:
    """What could not be used, or what was left out, with its cause and place, last seen first."""
    rows = store.rows(
        "SELECT cause, place, excerpt, times_seen, first_seen_at, last_seen_at FROM rejects"
        " WHERE source = ? AND is_left_out = ? ORDER BY last_seen_at DESC, id DESC LIMIT ?",
        (source, left_out, limit),
    )
    return [dict(row) for row in rows]


def left_out_by_cause(store: Store, source: str) -> list[dict[str, Any]]:
    """Why finds were left out, the most frequent cause first."""
    rows = store.rows(
        "SELECT cause, count(*) AS items, max(last_seen_at) AS last_seen_at FROM rejects"
        " WHERE source = ? AND is_left_out GROUP BY cause ORDER BY items DESC, cause",
        (source,),
    )
    return [dict(row) for row in rows]
