"""Counts of mentions out of the rollups, and where in a large store the newest of them lie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.store.connection import Store
from monitor.store.times import start_of_day, to_text

MOMENT = "coalesce(c.published_at, c.first_seen_at)"
"""When a mention of `current_scores c` was said: the order of every listing, and an index."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mentions; None stands for all. Deleted mentions are never among them."""

    brand: str | None = None
    source: str | None = None
    language: str | None = None
    label: str | None = None
    """`negative`, `neutral`, `positive`, `scored`, `unscored`, or `rated` (on the 1-5 scale)."""
    first: date | None = None
    """From this day of each mention's brand on, up to, without, `end`."""
    end: date | None = None
    with_duplicates: bool = False

    def where(self, is_by_day: bool = False) -> tuple[str, list[object]]:
        """A condition on `current_scores c`, with its parameters.

        A `+` keeps SQLite from an index: it knows nothing of how many rows either would touch, so
        it is told which way to go (see `Stretch`).
        """
        plus = "" if is_by_day else "+"
        clauses, values = [] if self.with_duplicates else ["c.duplicate_of IS NULL"], list[object]()
        for condition, value in (
            (f"{plus}c.brand = ?", self.brand),
            (f"{plus}c.source = ?", self.source),
            ("c.language = ?", self.language),
            (f"{plus}c.local_day >= ?", self.first and self.first.isoformat()),
            (f"{plus}c.local_day < ?", self.end and self.end.isoformat()),
        ):
            if value is not None:
                clauses.append(condition)
                values.append(value)
        if self.label is not None:
            clauses.append(_HAS_LABEL[self.label])
        return " AND ".join(clauses) or "1", values


_HAS_LABEL = {
    "negative": "c.label = 'negative'",
    "neutral": "c.label = 'neutral'",
    "positive": "c.label = 'positive'",
    "scored": "c.label IS NOT NULL",
    "unscored": "c.label IS NULL",
    "rated": "c.rating_scale = '1-5'",
}
_SCORED = "r.negative + r.neutral + r.positive"
_COUNT = {
    None: "r.mentions",
    "negative": "r.negative",
    "neutral": "r.neutral",
    "positive": "r.positive",
    "scored": f"({_SCORED})",
    "unscored": f"(r.mentions - ({_SCORED}))",
    "rated": "r.ratings_1_5",
}


def total(store: Store, wanted: Wanted) -> int:
    """How many mentions are wanted."""
    return _sum(store, wanted, _count(wanted))


def ratings(store: Store, brand: str, first: date, end: date) -> tuple[int, float, float]:
    """How many ratings on the 1-5 scale, their sum and the sum of their squares."""
    wanted = Wanted(brand=brand, first=first, end=end)
    return (
        _sum(store, wanted, "r.ratings_1_5"),
        _sum(store, wanted, "r.rating_thousandths") / 1e3,
        _sum(store, wanted, "r.rating_squares") / 1e6,
    )


def unanswered(store: Store, brand: str, first: date, end: date) -> int:
    """Negative reviews that the owner has not answered in public."""
    wanted = Wanted(brand=brand, first=first, end=end)
    return _sum(
        store, wanted, "CASE r.kind WHEN 'review' THEN r.negative - r.negative_answered END"
    )


def stored(store: Store) -> int:
    """All mentions in the store, deleted ones and near-duplicates too."""
    return int(str(store.value("SELECT coalesce(sum(stored), 0) FROM rollup_days")))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time that holds the mentions to be listed, and how to go through it."""

    low: str
    high: str
    """Moments: at or after the one, before the other."""
    first: str
    last: str
    """Days of the mentions' brands."""
    is_by_day: bool
    """By source and day where little of the stretch is of those sources, else by moment."""

    def where(self) -> tuple[str, list[object]]:
        """A condition on `current_scores c`, with its parameters."""
        by_moment, by_day = ("+", "") if self.is_by_day else ("", "+")
        return (
            f"{by_moment}{MOMENT} >= ? AND {by_moment}{MOMENT} < ?"
            f" AND {by_day}c.local_day >= ? AND {by_day}c.local_day <= ?",
            [self.low, self.high, self.first, self.last],
        )


def newest(store: Store, wanted: Wanted, limit: int) -> list[int]:
    """Ids of the newest `limit` of the wanted mentions, newest first."""
    place = stretch(store, wanted, limit)
    if place is None:
        return []
    (where, values), (inside, bounds) = wanted.where(place.is_by_day), place.where()
    rows = store.rows(
        f"SELECT c.mention_id FROM current_scores c WHERE {where} AND {inside}"
        f" ORDER BY {MOMENT} DESC, c.mention_id DESC LIMIT ?",
        [*values, *bounds, limit],
    )
    return [row[0] for row in rows]


def stretch(
    store: Store, wanted: Wanted, limit: int | None, before: str | None = None
) -> Stretch | None:
    """Where the newest `limit` of the wanted mentions lie, before a moment; None: there are none.

    A listing that looks only there touches about as many rows in a large store as in a small one:
    it begins at the first mention that is wanted, not a day of mentions later. Without a limit it
    is all the time that has wanted mentions.
    """
    if before is not None:
        end = date.fromisoformat(_day(before, 2))
        wanted = replace(wanted, end=min(end, wanted.end or end))
    # Days around `before` may hold mentions of an earlier page: none of them is counted on.
    sure = "9999" if before is None else _day(before, -1)
    days = _newest_days(store, wanted, limit, sure)
    if not days:
        return None
    low, high = _moments(store, wanted.brand, min(days), _day(max(days), 1))
    if before is not None:
        high = min(high, f"{before}!")  # sorts behind that very moment, and before any later one
    # What was said in another zone at these moments may be a day earlier there.
    first, last = _day(min(days), -1), max(days)
    share = 1.0 if limit is None else min(1.0, limit / sum(days.values()))
    return Stretch(low, high, first, last, _is_by_day(store, wanted, first, last, share))


def _moments(store: Store, brand: str | None, first: str, end: str) -> tuple[str, str]:
    """When `first` begins where it begins earliest, and `end` where latest, among the brands."""
    zones = store.rows("SELECT timezone FROM brands WHERE ?1 IS NULL OR name = ?1", (brand,))
    begins, ends = ([_start(day, row["timezone"]) for row in zones] for day in (first, end))
    return min(begins), max(ends)


def _newest_days(store: Store, wanted: Wanted, limit: int | None, sure: str) -> dict[str, int]:
    """Newest days with wanted mentions and how many: enough days for `limit`, where there are."""
    newest = _newest_day(store, wanted)
    if newest is None:
        return {}
    # A few days hold a page of a large store; a source that is seldom heard takes all of its own.
    for back in (8, 64, None) if limit is not None else (None,):
        first = None if back is None else date.fromisoformat(_day(newest, -back))
        is_all = first is None or (wanted.first is not None and first <= wanted.first)
        days = _by_day(store, wanted if is_all else replace(wanted, first=first))
        found = 0
        for place, (day, n) in enumerate(days.items(), 1):
            found += n if day < sure else 0
            if limit is not None and found >= limit:
                return dict(list(days.items())[:place])
        if is_all:
            break
    return days


def _newest_day(store: Store, wanted: Wanted) -> str | None:
    """The newest day with any mention that the brand or source, and the days, leave in question."""
    where, values = _rows(Wanted(brand=wanted.brand, source=wanted.source))
    end = wanted.end.isoformat() if wanted.end else "9999"
    newest = store.value(
        "SELECT max((SELECT max(r.local_day) FROM rollup_days r WHERE r.source_id = s.id"
        f" AND r.local_day < ? AND r.stored > 0)) FROM sources s WHERE {where}",
        [end, *values],
    )
    return None if newest is None else str(newest)


def _by_day(store: Store, wanted: Wanted) -> dict[str, int]:
    """Day -> how many mentions are wanted, newest day first; days without any are left out."""
    where, values = _rows(wanted)
    rows = store.rows(
        f"SELECT r.local_day, sum({_count(wanted)}) AS n FROM sources s"
        f" CROSS JOIN rollup_days r ON r.source_id = s.id WHERE {where}"
        " GROUP BY r.local_day HAVING n > 0 ORDER BY r.local_day DESC",
        values,
    )
    return {row[0]: row[1] for row in rows}


def _start(day: str, zone: str) -> str:
    try:
        return to_text(start_of_day(date.fromisoformat(day), zone))
    except OverflowError:  # the first or the last day there is
        return day


def _is_by_day(store: Store, wanted: Wanted, first: str, last: str, share: float) -> bool:
    """True where all mentions of its sources are fewer than what a walk by moment would touch."""
    if wanted.brand is None and wanted.source is None:
        return False
    begin, end = date.fromisoformat(first), date.fromisoformat(_day(last, 1))
    own = Wanted(wanted.brand, wanted.source, first=begin, end=end, with_duplicates=True)
    everyone = Wanted(first=begin, end=end, with_duplicates=True)
    return total(store, own) < share * total(store, everyone)


def _count(wanted: Wanted) -> str:
    """SQL of how many of the wanted mentions a row of `rollup_days r` holds."""
    count = _COUNT[wanted.label]
    if wanted.with_duplicates and wanted.label != "rated":
        count += f" + {count.replace('r.', 'r.duplicate_')}"
    return count


def _sum(store: Store, wanted: Wanted, expression: str) -> int:
    where, values = _rows(wanted)
    value = store.value(
        f"SELECT coalesce(sum({expression}), 0) FROM sources s"
        f" CROSS JOIN rollup_days r ON r.source_id = s.id WHERE {where}",
        values,
    )
    return int(str(value))


def _rows(wanted: Wanted) -> tuple[str, list[object]]:
    clauses, values = list[str](), list[object]()
    for condition, value in (
        ("s.brand_id = (SELECT id FROM brands WHERE name = ?)", wanted.brand),
        ("s.name = ?", wanted.source),
        ("r.language = ?", wanted.language),
        ("r.local_day >= ?", wanted.first and wanted.first.isoformat()),
        ("r.local_day < ?", wanted.end and wanted.end.isoformat()),
    ):
        if value is not None:
            clauses.append(condition)
            values.append(value)
    return " AND ".join(clauses) or "1", values


def _day(text: str, days: int) -> str:
    """The day some days after the one that a day or moment begins with."""
    try:
        return (date.fromisoformat(text[:10]) + timedelta(days=days)).isoformat()
    except OverflowError:  # the first or the last day there is
        return text[:10]
