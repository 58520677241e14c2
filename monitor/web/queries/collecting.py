"""How the sources are doing: their health, their runs, what could not be used."""

from __future__ import annotations

from typing import Any

from monitor.store import Store


def health(store: Store, brand: str | None, name: str | None = None) -> list[dict[str, Any]]:
    """`source_health` of a brand's sources, or of the one called `name`."""
    rows = store.rows(
        "SELECT h.*, b.timezone FROM source_health h JOIN brands b ON b.name = h.brand"
        " WHERE (?1 IS NULL OR h.brand = ?1) AND (?2 IS NULL OR h.source = ?2)"
        " ORDER BY h.enabled DESC, h.brand, h.source",
        (brand, name),
    )
    return [dict(row) for row in rows]


def runs(store: Store, source: str, limit: int) -> list[dict[str, Any]]:
    """The last collections of a source, newest first."""
    rows = store.rows(
        "SELECT r.id AS run_id, r.state, r.started_at, r.finished_at, r.items, r.new, r.changed,"
        " r.rejects, r.requests, r.first_error FROM crawl_runs r"
        " JOIN sources s ON s.id = r.source_id WHERE s.name = ? ORDER BY r.id DESC LIMIT ?",
        (source, limit),
    )
    return [dict(row) for row in rows]


def rejects(store: Store, source: str, limit: int) -> list[dict[str, Any]]:
    """What could not be used, with its cause and place, last seen first."""
    rows = store.rows(
        "SELECT cause, place, excerpt, times_seen, first_seen_at, last_seen_at FROM rejects"
        " WHERE source = ? ORDER BY last_seen_at DESC, id DESC LIMIT ?",
        (source, limit),
    )
    return [dict(row) for row in rows]
