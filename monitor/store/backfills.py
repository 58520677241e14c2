"""How far the back-fill of each source is, and what it has still to read."""

from __future__ import annotations

import json
from datetime import date, datetime

from monitor.records import Backfill
from monitor.store.connection import Store
from monitor.store.times import from_text, to_text


def find(store: Store, source_id: int) -> Backfill | None:
    """The last back-fill of a source, finished or not; None if there was none."""
    rows = store.rows("SELECT * FROM backfills WHERE source_id = ?", (source_id,))
    if not rows:
        return None
    row = rows[0]
    return Backfill(
        since=from_text(row["since"]),
        pages=row["pages"],
        items=row["items"],
        oldest_day=date.fromisoformat(row["oldest_day"]) if row["oldest_day"] else None,
        open_requests=tuple(json.loads(row["open_requests"])),
        is_finished=row["finished_at"] is not None,
    )


def keep(store: Store, source_id: int, backfill: Backfill, is_new: bool, now: datetime) -> None:
    """Called in the transaction that stores the items of its pages."""
    moment = to_text(now)
    with store.write() as conn:
        conn.execute(
            "INSERT INTO backfills (source_id, since, started_at, updated_at, finished_at, pages,"
            " items, oldest_day, open_requests) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source_id) DO UPDATE SET since = excluded.since,"
            " started_at = CASE WHEN ? THEN excluded.started_at ELSE started_at END,"
            " updated_at = excluded.updated_at, finished_at = excluded.finished_at,"
            " pages = excluded.pages, items = excluded.items, oldest_day = excluded.oldest_day,"
            " open_requests = excluded.open_requests",
            (
                source_id,
                to_text(backfill.since),
                moment,
                moment,
                moment if backfill.is_finished else None,
                backfill.pages,
                backfill.items,
                backfill.oldest_day.isoformat() if backfill.oldest_day else None,
                json.dumps(backfill.open_requests, ensure_ascii=False),
                is_new,
            ),
        )
