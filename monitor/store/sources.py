"""Brands and sources as configured, the runs that collected them, and what those runs left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.records import BlindSource, Brand, CrawlRun, Reject, Source
from monitor.store.connection import Store
from monitor.store.times import from_text, local_day, to_text


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source's row: its id, its brand's zone, and when it first gave something."""

    id: int
    name: str
    brand: str
    kind: str
    language: str | None
    timezone: str
    first_collected_at: datetime | None


def sync(store: Store, brands: Sequence[Brand], sources: Sequence[Source]) -> None:
    """Brands and sources as the configuration says; what is no longer there is switched off.

    Writes only when something differs: a command that reads never waits for one that writes.
    """
    if _is_as_configured(store, brands, sources):
        return
    with store.write() as conn:
        zones = _zones(store)
        for brand in brands:
            conn.execute(
                "INSERT INTO brands (name, role, timezone, week_start) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET role = excluded.role,"
                " timezone = excluded.timezone, week_start = excluded.week_start",
                (brand.name, brand.role, brand.timezone, brand.week_start),
            )
        names = [source.name for source in sources]
        marks = ", ".join("?" * len(names))
        conn.execute(
            f"UPDATE sources SET enabled = 0 WHERE interval_seconds IS NOT NULL"
            f" AND name NOT IN ({marks})",
            names,
        )
        for source in sources:
            ensure(store, source)
        for source_id, zone in _zones(store).items():
            if zones.get(source_id, zone) != zone:
                _move_days(store, source_id, zone)


def _is_as_configured(store: Store, brands: Sequence[Brand], sources: Sequence[Source]) -> bool:
    present = {
        Brand(*row) for row in store.rows("SELECT name, role, timezone, week_start FROM brands")
    }
    stored = {
        Source(*row)  # enabled is 0 or 1 there: equal to False and True
        for row in store.rows(
            "SELECT s.name, s.kind, b.name, s.url, s.language, s.interval_seconds, s.enabled"
            " FROM sources s JOIN brands b ON b.id = s.brand_id"
        )
    }
    gone = {
        source.name for source in stored if source.enabled and source.interval_seconds is not None
    } - {source.name for source in sources}
    return not gone and present >= set(brands) and stored >= set(sources)


def ensure(store: Store, source: Source) -> StoredSource:
    """The source's row, made or brought up to date."""
    with store.write() as conn:
        conn.execute(
            "INSERT INTO sources (name, brand_id, kind, url, language, interval_seconds, enabled)"
            " VALUES (?, (SELECT id FROM brands WHERE name = ?), ?, ?, ?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET brand_id = excluded.brand_id, kind = excluded.kind,"
            " url = excluded.url, language = excluded.language,"
            " interval_seconds = excluded.interval_seconds, enabled = excluded.enabled",
            (
                source.name,
                source.brand,
                source.kind,
                source.url,
                source.language,
                source.interval_seconds,
                source.enabled,
            ),
        )
    stored = find(store, source.name)
    assert stored is not None
    return stored


def find(store: Store, name: str) -> StoredSource | None:
    """The source of that name, or None."""
    rows = store.rows(
        "SELECT s.id, s.name, b.name AS brand, s.kind, s.language, b.timezone,"
        " s.first_collected_at FROM sources s JOIN brands b ON b.id = s.brand_id WHERE s.name = ?",
        (name,),
    )
    if not rows:
        return None
    row = rows[0]
    first = row["first_collected_at"]
    return StoredSource(
        id=row["id"],
        name=row["name"],
        brand=row["brand"],
        kind=row["kind"],
        language=row["language"],
        timezone=row["timezone"],
        first_collected_at=from_text(first) if first else None,
    )


def last_finished(store: Store) -> dict[str, datetime]:
    """Source name -> when its last run ended, for sources that ever ran."""
    rows = store.rows(
        "SELECT s.name, max(r.finished_at) AS finished_at FROM crawl_runs r"
        " JOIN sources s ON s.id = r.source_id GROUP BY s.id"
    )
    return {row["name"]: from_text(row["finished_at"]) for row in rows}


def used_to_yield(store: Store, source_id: int) -> bool:
    """True when an earlier run of the source gave items: an empty page is then no good news."""
    return bool(
        store.value(
            "SELECT 1 FROM crawl_runs WHERE source_id = ? AND items > 0 LIMIT 1", (source_id,)
        )
    )


def has_run(store: Store, spool: str) -> bool:
    """True when this spool file was stored already: a crash came between commit and deletion."""
    return bool(store.value("SELECT 1 FROM crawl_runs WHERE spool = ?", (spool,)))


def record_run(store: Store, source: StoredSource, run: CrawlRun, spool: str | None) -> None:
    """Keeps how a collection ended; the first complete one ends the source's back-fill.

    Where no collection is ever complete (more pages than are read at once), the second one does.
    """
    with store.write() as conn:
        is_second = used_to_yield(store, source.id)
        conn.execute(
            "INSERT INTO crawl_runs (source_id, spool, state, started_at, finished_at, local_day,"
            " items, new, changed, rejects, requests, first_error, left_out)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                source.id,
                spool,
                run.state,
                to_text(run.started_at),
                to_text(run.finished_at),
                local_day(run.finished_at, source.timezone).isoformat(),
                run.items,
                run.new,
                run.changed,
                run.rejects,
                run.requests,
                run.first_error,
                run.left_out,
            ),
        )
        if run.items and (run.state == "ok" or is_second):
            end_backfill(store, source.id, run.finished_at)


def end_backfill(store: Store, source_id: int, now: datetime) -> None:
    """From here on what the source gives is news; before, it was history that raises no alarm."""
    with store.write() as conn:
        conn.execute(
            "UPDATE sources SET first_collected_at = coalesce(first_collected_at, ?) WHERE id = ?",
            (to_text(now), source_id),
        )


def validators(store: Store, source_id: int) -> dict[str, dict[str, str]]:
    """URL -> {etag, last_modified} as the source sent them last time."""
    rows = store.rows(
        "SELECT url, etag, last_modified FROM fetch_validators WHERE source_id = ?", (source_id,)
    )
    return {
        row["url"]: {key: row[key] for key in ("etag", "last_modified") if row[key]} for row in rows
    }


def keep_validators(
    store: Store, source_id: int, found: Mapping[str, Mapping[str, str | None]]
) -> None:
    """Called in the transaction that stores the rows: kept earlier, a crash would hide them."""
    with store.write() as conn:
        conn.executemany(
            "INSERT INTO fetch_validators (source_id, url, etag, last_modified)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (source_id, url) DO UPDATE SET"
            " etag = excluded.etag, last_modified = excluded.last_modified",
            [
                (source_id, url, mark.get("etag"), mark.get("last_modified"))
                for url, mark in found.items()
            ],
        )


def keep_rejects(store: Store, rejects: Iterable[Reject], now: datetime) -> None:
    """One row for each source, cause and place; seen again, its count grows."""
    moment = to_text(now)
    with store.write() as conn:
        conn.executemany(
            "INSERT INTO rejects (source, cause, place, excerpt, is_left_out, first_seen_at,"
            " last_seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)"
            " ON CONFLICT (source, cause, place) DO UPDATE SET is_left_out = excluded.is_left_out,"
            " last_seen_at = excluded.last_seen_at, times_seen = times_seen + 1",
            [(r.source, r.cause, r.place, r.excerpt[:500], r.is_left_out, moment) for r in rejects],
        )


def _zones(store: Store) -> dict[int, str]:
    """Source id -> the zone in which its days are counted."""
    rows = store.rows("SELECT s.id, b.timezone FROM sources s JOIN brands b ON b.id = s.brand_id")
    return {row["id"]: row["timezone"] for row in rows}


def _move_days(store: Store, source_id: int, zone: str) -> None:
    # local_day is stored so that views need no zone arithmetic; a new zone moves every day.
    for table, moment in (
        ("mentions", "coalesce(published_at, first_seen_at)"),
        ("crawl_runs", "finished_at"),
    ):
        rows = store.rows(
            f"SELECT id, {moment} AS moment FROM {table} WHERE source_id = ?", (source_id,)
        )
        store.conn.executemany(
            f"UPDATE {table} SET local_day = ? WHERE id = ?",
            [(local_day(from_text(row["moment"]), zone).isoformat(), row["id"]) for row in rows],
        )


def blind(store: Store, states: Sequence[str]) -> list[BlindSource]:
    """Enabled sources whose last run ended in one of `states`, and since which run it is so."""
    marks = ", ".join("?" * len(states))
    rows = store.rows(
        "SELECT s.name, b.name AS brand, last.state, last.first_error, last.requests,"
        " last.rejects, (SELECT min(r.finished_at) FROM crawl_runs r WHERE r.source_id = s.id"
        "  AND r.id > coalesce((SELECT max(g.id) FROM crawl_runs g WHERE g.source_id = s.id"
        f"  AND g.state NOT IN ({marks})), 0)) AS since"
        " FROM sources s JOIN brands b ON b.id = s.brand_id"
        " JOIN crawl_runs last ON last.id ="
        "  (SELECT max(r.id) FROM crawl_runs r WHERE r.source_id = s.id)"
        f" WHERE s.enabled AND last.state IN ({marks}) ORDER BY s.id",
        (*states, *states),
    )
    return [
        BlindSource(
            source=row["name"],
            brand=row["brand"],
            state=row["state"],
            since=from_text(row["since"]),
            first_error=row["first_error"],
            requests=row["requests"],
            rejects=row["rejects"],
        )
        for row in rows
    ]
