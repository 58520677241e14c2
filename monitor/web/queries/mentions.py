"""Mentions found, counted and opened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from monitor.normalise.search_terms import search_query
from monitor.store import Store

COUNT_UP_TO = 100_000
"""Beyond this a heading says "more than": counting ten million rows would take longer than any
other part of the page."""

MOMENT = "coalesce(c.published_at, c.first_seen_at)"


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

    def where(self) -> tuple[str, list[object]]:
        """A condition on `current_scores c` with its parameters."""
        clauses: list[str] = []
        values: list[object] = []
        for column, value in (
            ("brand", self.brand),
            ("source", self.source),
            ("language", self.language),
            ("rating_scale", self.scale),
        ):
            if value is not None:
                clauses.append(f"c.{column} = ?")
                values.append(value)
        if self.label in ("scored", "unscored"):
            clauses.append(f"c.label IS {'NOT ' if self.label == 'scored' else ''}NULL")
        elif self.label is not None:
            clauses.append("c.label = ?")
            values.append(self.label)
        if self.week is not None:
            clauses.append("c.local_day >= ? AND c.local_day < ?")
            values += [self.week.isoformat(), (self.week + timedelta(days=7)).isoformat()]
        if not self.with_duplicates:
            clauses.append("c.duplicate_of IS NULL")
        if self.query is not None:
            clauses.append("c.mention_id IN (SELECT rowid FROM mention_search WHERE words MATCH ?)")
            # FTS5 refuses an empty expression; "" in quotes is valid and finds nothing.
            values.append(search_query(self.query) or '""')
        return " AND ".join(clauses) or "1", values


@dataclass(frozen=True, slots=True)
class Position:
    """After which mention a page begins: its time and id, as the list is ordered by both."""

    moment: str
    mention_id: int


def listed(
    store: Store, wanted: MentionFilter, after: Position | None, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` mentions, newest first; the next page begins after the last of them."""
    where, values = wanted.where()
    if after is not None:
        where += f" AND ({MOMENT}, c.mention_id) < (?, ?)"
        values += [after.moment, after.mention_id]
    rows = store.rows(
        f"SELECT c.*, {MOMENT} AS moment, b.timezone FROM current_scores c"
        f" JOIN brands b ON b.name = c.brand WHERE {where}"
        f" ORDER BY {MOMENT} DESC, c.mention_id DESC LIMIT ?",
        [*values, limit],
    )
    return [dict(row) for row in rows]


def count(store: Store, wanted: MentionFilter) -> int:
    """How many mentions are wanted, counted up to `COUNT_UP_TO` + 1."""
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
