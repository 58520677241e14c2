"""Mentions found, counted and opened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from monitor.normalise.search_terms import search_query
from monitor.store import Store, counts
from monitor.store.counts import MOMENT, Wanted

COUNT_UP_TO = 100_000
"""Beyond this a heading says "more than" where mentions are counted one by one: those found by
words. What the rollups know is counted to the last one."""


@dataclass(frozen=True, slots=True)
class MentionFilter:
    """What is wanted; None stands for all. Deleted mentions are never listed."""

    query: str | None = None
    brand: str | None = None
    source: str | None = None
    language: str | None = None
    label: str | None = None
    """`negative`, `neutral`, `positive`, `scored` or `unscored`."""
    scale: str | None = None
    """Only mentions rated on this scale, such as `1-5`."""
    week: date | None = None
    """First of seven days, counted in each mention's brand's zone."""
    with_duplicates: bool = False
    """Near-duplicates are counted once everywhere, so they are left out unless asked for."""

    def counted(self) -> Wanted | None:
        """The same, as the rollups count it; None for what they do not tell apart."""
        is_rated = self.scale == "1-5" and self.label is None and not self.with_duplicates
        if self.query is not None or (self.scale is not None and not is_rated):
            return None
        return self._wanted("rated" if is_rated else self.label)

    def nearly(self) -> Wanted:
        """What the rollups know of it: these mentions, and maybe others."""
        return self.counted() or self._wanted(self.label)

    def _wanted(self, label: str | None) -> Wanted:
        end = self.week + timedelta(days=7) if self.week else None
        return Wanted(
            self.brand, self.source, self.language, label, self.week, end, self.with_duplicates
        )

    def where(self, is_by_day: bool = False) -> tuple[str, list[object]]:
        """A condition on `current_scores c` with its parameters."""
        where, values = self.nearly().where(is_by_day)
        if self.scale is not None:
            where += " AND c.rating_scale = ?"
            values.append(self.scale)
        if self.query is not None:
            where += " AND c.mention_id IN (SELECT rowid FROM mention_search WHERE words MATCH ?)"
            # FTS5 refuses an empty expression; "" in quotes is valid and finds nothing.
            values.append(search_query(self.query) or '""')
        return where, values


@dataclass(frozen=True, slots=True)
class Position:
    """After which mention a page begins: its time and id, as the list is ordered by both."""

    moment: str
    mention_id: int


def listed(
    store: Store, wanted: MentionFilter, after: Position | None, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` mentions, newest first; the next page begins after the last of them."""
    counted = wanted.counted()
    place = counts.stretch(
        store, wanted.nearly(), limit if counted else None, after.moment if after else None
    )
    if place is None:
        return []
    (where, values), (inside, bounds) = wanted.where(place.is_by_day), place.where()
    where, values = f"{where} AND {inside}", [*values, *bounds]
    if after is not None:
        where += f" AND ({MOMENT}, c.mention_id) < (?, ?)"
        values += [after.moment, after.mention_id]
    # The ids first: sorting whole rows with their texts takes several times as long. CROSS JOIN
    # keeps that order of work.
    rows = store.rows(
        f"SELECT c.*, {MOMENT} AS moment, b.timezone FROM (SELECT c.mention_id AS id"
        f" FROM current_scores c WHERE {where} ORDER BY {MOMENT} DESC, c.mention_id DESC LIMIT ?)"
        " found CROSS JOIN current_scores c ON c.mention_id = found.id"
        f" JOIN brands b ON b.name = c.brand ORDER BY +{MOMENT} DESC, c.mention_id DESC",
        [*values, limit],
    )
    return [dict(row) for row in rows]


def count(store: Store, wanted: MentionFilter) -> int:
    """How many mentions are wanted; found by words, counted up to `COUNT_UP_TO` + 1."""
    counted = wanted.counted()
    if counted is not None:
        return counts.total(store, counted)
    where, values = wanted.where()
    value = store.value(
        f"SELECT count(*) FROM (SELECT 1 FROM current_scores c WHERE {where} LIMIT ?)",
        [*values, COUNT_UP_TO + 1],
    )
    return int(str(value))


def sources(store: Store) -> list[str]:
    """Names of all sources, those that are switched off too: their mentions stay."""
    return [row[0] for row in store.rows("SELECT name FROM sources ORDER BY name")]


def one(store: Store, mention_id: int) -> dict[str, Any] | None:
    """Everything of one mention, a deleted one too; None for an unknown id."""
    rows = store.rows(
        "SELECT m.*, m.id AS mention_id, coalesce(m.published_at, m.first_seen_at) AS moment,"
        " b.name AS brand, b.timezone, s.name AS source FROM mentions m"
        " JOIN sources s ON s.id = m.source_id JOIN brands b ON b.id = s.brand_id WHERE m.id = ?",
        (mention_id,),
    )
    if not rows:
        return None
    found = dict(rows[0])
    found["reach"] = json.loads(found["reach"])
    found["sub_ratings"] = json.loads(found["sub_ratings"])
    # Asked for on its own: joined, the view would be made for every mention first.
    judged = store.rows(
        f"SELECT {', '.join(_JUDGEMENT)} FROM current_scores WHERE mention_id = ?", (mention_id,)
    )
    return found | (dict(judged[0]) if judged else dict.fromkeys(_JUDGEMENT))


_JUDGEMENT = ("label", "label_by", "confidence", "negative", "neutral", "positive", "revision")


def versions(store: Store, mention_id: int) -> list[dict[str, Any]]:
    """What it said at each time, newest first, with the label that counts for each version."""
    rows = store.rows(
        "SELECT v.number, v.seen_at, v.edited_at, v.title, v.text, v.rating_value, v.masked,"
        " coalesce(c.label, s.label) AS label, c.corrected_by, s.negative, s.neutral, s.positive,"
        " s.revision, s.scored_at FROM mention_versions v LEFT JOIN scores s ON s.id = v.score_id"
        " LEFT JOIN corrections c ON c.version_id = v.id"
        " WHERE v.mention_id = ? ORDER BY v.number DESC",
        (mention_id,),
    )
    return [dict(row) for row in rows]


def near_duplicates(
    store: Store, mention_id: int, duplicate_of: int | None
) -> list[dict[str, Any]]:
    """The other mentions that tell the same story, the first of them first."""
    root = duplicate_of or mention_id
    rows = store.rows(
        f"SELECT c.*, {MOMENT} AS moment, b.timezone FROM current_scores c"
        " JOIN brands b ON b.name = c.brand WHERE c.mention_id IN"
        " (SELECT id FROM mentions WHERE duplicate_of = ?1 UNION SELECT ?1)"
        " AND c.mention_id <> ?2 ORDER BY c.mention_id LIMIT 100",
        (root, mention_id),
    )
    return [dict(row) for row in rows]


def alerts_with(store: Store, mention_id: int) -> list[dict[str, Any]]:
    """Alerts that name this mention, newest first."""
    rows = store.rows(
        "SELECT a.id AS alert_id, a.severity, a.title, a.state, a.decided_at"
        " FROM alert_mentions am JOIN alerts a ON a.id = am.alert_id"
        " WHERE am.mention_id = ? ORDER BY a.id DESC LIMIT 50",
        (mention_id,),
    )
    return [dict(row) for row in rows]
