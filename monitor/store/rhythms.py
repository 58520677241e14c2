"""When each source gave something: what its silence is judged by."""

from __future__ import annotations

from datetime import date

from monitor.records import SourceRhythm
from monitor.store.connection import Store
from monitor.store.times import from_text, local_day


def rhythms(store: Store, most_days: int) -> list[SourceRhythm]:
    """The rhythm of every source that is collected on a schedule and has answered.

    Its newest `most_days` days with something; what the first collection brought is its past.
    """
    rows = store.rows(
        "SELECT s.id, s.name, b.name AS brand, b.timezone, s.first_collected_at,"
        " max(r.local_day) AS answered,"
        " max(r.finished_at) FILTER (WHERE r.new > 0) AS last_new_at"
        " FROM sources s JOIN brands b ON b.id = s.brand_id"
        " JOIN crawl_runs r ON r.source_id = s.id"
        "  AND r.state IN ('ok', 'unchanged', 'empty', 'partial')"
        " WHERE s.enabled AND s.interval_seconds IS NOT NULL AND s.first_collected_at IS NOT NULL"
        " GROUP BY s.id ORDER BY s.id"
    )
    found = []
    for row in rows:
        heard_at = from_text(max(row["first_collected_at"], row["last_new_at"] or ""))
        days = store.rows(
            # No day that has not been when the source last answered: a date may be mistyped.
            "SELECT local_day FROM rollup_days WHERE source_id = ? AND local_day <= ?"
            " AND stored > 0 ORDER BY local_day DESC LIMIT ?",
            (row["id"], row["answered"], most_days),
        )
        found.append(
            SourceRhythm(
                source=row["name"],
                brand=row["brand"],
                days=tuple(date.fromisoformat(day["local_day"]) for day in days),
                heard_at=heard_at,
                heard=local_day(heard_at, row["timezone"]),
                answered=date.fromisoformat(row["answered"]),
            )
        )
    return found
