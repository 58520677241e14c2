"""Figures of the company's own systems, and the targets set for measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from monitor.errors import UsageError
from monitor.records import Figure, Reject
from monitor.store.connection import Store
from monitor.store.sources import keep_rejects


@dataclass(frozen=True, slots=True)
class SavedFigures:
    """What became of the figures of a file; the four counts add up to what was given."""

    new: int
    changed: int
    unchanged: int
    rejects: int


def save(
    store: Store, figures: Iterable[Figure | Reject], place: str, now: datetime
) -> SavedFigures:
    """Keeps the figures; a later file corrects an earlier one. One transaction, idempotent.

    A figure of an unknown brand, and a second one of the same day in the same file, is a reject.
    """
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    rejects: list[Reject] = []
    seen: dict[tuple[object, ...], float] = {}
    with store.write() as conn:
        brands = dict(conn.execute("SELECT name, id FROM brands"))
        for figure in figures:
            if isinstance(figure, Reject):
                rejects.append(figure)
                continue
            if figure.brand not in brands:
                rejects.append(_reject(figure, f"there is no brand {figure.brand!r}", place))
                continue
            key = (
                brands[figure.brand],
                figure.name,
                figure.day.isoformat(),
                figure.location,
                figure.segment,
            )
            if key in seen:
                cause = f"{figure.name} stands there twice for one day"
                rejects.append(_reject(figure, cause, place))
                continue
            seen[key] = figure.value
            before = conn.execute(
                "SELECT value FROM metrics WHERE brand_id = ? AND name = ? AND day = ?"
                " AND location = ? AND segment = ?",
                key,
            ).fetchone()
            outcome = "new" if before is None else "changed"
            counts["unchanged" if before and before[0] == figure.value else outcome] += 1
            conn.execute(
                "INSERT INTO metrics (brand_id, name, day, location, segment, value)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                (*key, figure.value),
            )
        keep_rejects(store, rejects, now)
    return SavedFigures(**counts, rejects=len(rejects))


def _reject(figure: Figure, cause: str, place: str) -> Reject:
    where = " ".join(filter(None, [str(figure.day), figure.location, figure.segment]))
    return Reject(f"metrics of {figure.brand}", cause, f"{place}, {where}", f"{figure.value:g}")


@dataclass(frozen=True, slots=True)
class Target:
    """A goal for a measure by a day; `start` is what it was when the target was set."""

    brand: str
    measure: str
    goal: float
    due_on: date
    set_on: date | None
    start: float | None


def set_target(store: Store, target: Target) -> None:
    """Keeps a target; one of the same measure and day is replaced. UsageError: unknown brand."""
    with store.write() as conn:
        found = conn.execute("SELECT id FROM brands WHERE name = ?", (target.brand,)).fetchone()
        if found is None:
            raise UsageError(f"there is no brand {target.brand!r} in the store yet")
        conn.execute(
            "INSERT INTO targets (brand_id, measure, goal, due_on, set_on, start)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (brand_id, measure, due_on) DO UPDATE SET"
            " goal = excluded.goal, set_on = excluded.set_on, start = excluded.start",
            (
                found[0],
                target.measure,
                target.goal,
                target.due_on.isoformat(),
                target.set_on.isoformat() if target.set_on else None,
                target.start,
            ),
        )


def remove_targets(store: Store, brand: str, measure: str) -> int:
    """Forgets the targets of a measure; how many there were."""
    with store.write() as conn:
        done = conn.execute(
            "DELETE FROM targets WHERE measure = ? AND brand_id ="
            " (SELECT id FROM brands WHERE name = ?)",
            (measure, brand),
        )
        return done.rowcount


def targets(store: Store, brand: str | None = None) -> list[Target]:
    """All targets, or a brand's, the next due first."""
    return [
        Target(
            row["brand"],
            row["measure"],
            row["goal"],
            date.fromisoformat(row["due_on"]),
            date.fromisoformat(row["set_on"]) if row["set_on"] else None,
            row["start"],
        )
        for row in store.rows(
            "SELECT b.name AS brand, t.* FROM targets t JOIN brands b ON b.id = t.brand_id"
            " WHERE ?1 IS NULL OR b.name = ?1 ORDER BY t.due_on, b.name, t.measure",
            (brand,),
        )
    ]


_OF_WEEKS = {
    "net_sentiment": "SELECT net_sentiment, week FROM reputation_weekly",
    "negative_share": "SELECT 100 * negative_share, week FROM reputation_weekly",
    "mean_rating_1_5": "SELECT mean_rating_1_5, week FROM reputation_weekly",
    "share_of_voice": "SELECT 100 * share_of_voice, week FROM benchmark_weekly",
    **{
        name: f"SELECT {name}, week FROM metrics_weekly"
        for name in (
            "reply_minutes", "complaints", "repeat_contacts", "orders", "repeat_orders", "churned",
            "active", "complaints_per_1000_orders", "repeat_order_share", "churned_share",
        )
    },
}  # fmt: skip
_OF_WAVES = ("nps", "csat")
MEASURES = (*_OF_WEEKS, *_OF_WAVES)
"""What a target may be set for."""


def latest(store: Store, brand: str, measure: str, before: date) -> tuple[float, str] | None:
    """(value, week or wave) of a measure in the newest whole week before a day, or newest wave."""
    if measure in _OF_WAVES:
        rows = store.rows(
            f"SELECT {measure}, wave FROM nps_by_wave WHERE brand = ? AND {measure} IS NOT NULL"
            " AND starts_on < ? ORDER BY ends_on DESC LIMIT 1",
            (brand, before.isoformat()),
        )
    else:
        rows = store.rows(
            f"SELECT * FROM ({_OF_WEEKS[measure]} WHERE brand = ?1 AND week <= date(?2, '-7 days')"
            " ORDER BY week DESC LIMIT 4) WHERE 1",
            (brand, before.isoformat()),
        )
    return next(((row[0], row[1]) for row in rows if row[0] is not None), None)
