"""Brands, their weeks, and what the tiles of the overview count."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from monitor.records import Brand
from monitor.store import Store, counts
from monitor.store.times import from_text, local_day, start_of_day, to_text, week_of
from monitor.trends.measures import Sample

_EMPTY_WEEK = {
    "mentions": 0,
    "scored": 0,
    "negative": 0,
    "neutral": 0,
    "positive": 0,
    "net_sentiment": None,
    "net_sentiment_low": None,
    "net_sentiment_high": None,
    "ratings_1_5": 0,
    "mean_rating_1_5": None,
    "blind_sources": 0,
    "is_partial": 0,
}
"""A week before anything was collected."""


def brands(store: Store) -> list[Brand]:
    """Watched brands, the own ones first."""
    rows = store.rows(
        "SELECT name, role, timezone, week_start FROM brands ORDER BY role = 'own' DESC, name"
    )
    return [Brand(*row) for row in rows]


def last_full_week(brand: Brand, now: datetime) -> date:
    """First day of the newest week that is over where the brand lives."""
    return week_of(local_day(now, brand.timezone), brand.week_start).start - timedelta(days=7)


def weeks(store: Store, brand: Brand, last: date, count: int) -> list[dict[str, Any]]:
    """`count` weeks up to the one that starts on `last`, oldest first, empty ones included.

    Columns of `reputation_weekly` and `alerts`: how many alerts began in that week.
    """
    starts = [last - timedelta(days=7 * back) for back in range(count)][::-1]
    found = {
        row["week"]: dict(row)
        for row in store.rows(
            "SELECT * FROM reputation_weekly WHERE brand = ? AND week BETWEEN ? AND ?",
            (brand.name, starts[0].isoformat(), last.isoformat()),
        )
    }
    began = _alerts_by_week(store, brand, starts[0], last)
    result = []
    for start in starts:
        week = start.isoformat()
        row = found.get(week, _EMPTY_WEEK) | {"week": week, "brand": brand.name, "role": brand.role}
        row["unscored"] = row["mentions"] - row["scored"]
        result.append(row | {"alerts": began.get(week, 0)})
    return result


def _alerts_by_week(store: Store, brand: Brand, first: date, last: date) -> dict[str, int]:
    rows = store.rows(
        "SELECT a.started_at FROM alerts a JOIN brands b ON b.id = a.brand_id"
        " WHERE b.name = ? AND a.started_at >= ? AND a.started_at < ?",
        (brand.name, *_span(brand, first, last + timedelta(days=7))),
    )
    found: dict[str, int] = {}
    for row in rows:
        day = local_day(from_text(row["started_at"]), brand.timezone)
        week = week_of(day, brand.week_start).start.isoformat()
        found[week] = found.get(week, 0) + 1
    return found


def _span(brand: Brand, first: date, end: date) -> tuple[str, str]:
    return (
        to_text(start_of_day(first, brand.timezone)),
        to_text(start_of_day(end, brand.timezone)),
    )


def ratings(store: Store, brand: str, week: date) -> Sample:
    """The 1-5 ratings of a week, each once: what `mean_rating_1_5` is the mean of."""
    return Sample.from_sums(*counts.ratings(store, brand, week, week + timedelta(days=7)))


def open_alerts(store: Store, brand: str) -> dict[str, int]:
    """Severity -> alerts of the brand that nobody has taken up."""
    rows = store.rows(
        "SELECT severity, count(*) FROM open_alerts WHERE brand = ? AND state = 'open'"
        " GROUP BY severity",
        (brand,),
    )
    return {row[0]: row[1] for row in rows}


def source_states(store: Store, brand: str) -> dict[str, int]:
    """State -> enabled sources of the brand that are in it."""
    rows = store.rows(
        "SELECT state, count(*) FROM source_health WHERE brand = ? AND enabled"
        " GROUP BY state ORDER BY state",
        (brand,),
    )
    return {row[0]: row[1] for row in rows}
