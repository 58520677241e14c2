"""Alerts and the outbox: a decision is a row with its deliveries before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from monitor.errors import UsageError
from monitor.records import Decision, ToldWave
from monitor.store.connection import Store
from monitor.store.times import from_text, to_text


def save(store: Store, decisions: Sequence[Decision], now: datetime) -> list[int]:
    """Stores decisions that are new, with one pending delivery a channel; returns their alert ids.

    A decision whose rule or brand is silenced is kept as `silenced` and sent to nobody. One that
    is stored already is not sent again; mentions that have come to it since are added to it.
    """
    new = []
    with store.write() as conn:
        for decision in decisions:
            state = "silenced" if is_silenced(store, decision, now) else "open"
            row = conn.execute(
                "INSERT INTO alerts (key, rule, brand_id, severity, title, reason, evidence, state,"
                " started_at, decided_at) VALUES (?, ?, (SELECT id FROM brands WHERE name = ?),"
                " ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING id",
                (
                    decision.key,
                    decision.rule,
                    decision.brand,
                    decision.severity,
                    decision.title,
                    decision.reason,
                    json.dumps(dict(decision.evidence), ensure_ascii=False),
                    state,
                    to_text(decision.started_at),
                    to_text(now),
                ),
            ).fetchone()
            conn.executemany(
                "INSERT OR IGNORE INTO alert_mentions (alert_id, mention_id)"
                " SELECT id, ? FROM alerts WHERE key = ?",
                [(mention_id, decision.key) for mention_id in decision.mention_ids],
            )
            if row is None:
                continue
            new.append(row[0])
            if state == "open":
                conn.executemany(
                    "INSERT INTO deliveries (alert_id, channel, created_at, next_attempt_at)"
                    " VALUES (?1, ?2, ?3, ?3)",
                    [(row[0], channel, to_text(now)) for channel in decision.channels],
                )
    return new


def told_waves(store: Store, rule: str, brand: str, start: datetime) -> list[ToldWave]:
    """Alerts of this rule and brand whose last mention was written since `start`, oldest first."""
    rows = store.rows(
        "SELECT a.key, a.started_at, max(coalesce(m.published_at, m.first_seen_at)) AS last_at,"
        " (SELECT json_group_array(d.channel) FROM deliveries d WHERE d.alert_id = a.id) AS sent_to"
        " FROM alerts a JOIN brands b ON b.id = a.brand_id"
        " JOIN alert_mentions am ON am.alert_id = a.id JOIN mentions m ON m.id = am.mention_id"
        " WHERE a.rule = ? AND b.name = ? GROUP BY a.id HAVING last_at >= ? ORDER BY last_at",
        (rule, brand, to_text(start)),
    )
    return [
        ToldWave(
            key=row["key"],
            started_at=from_text(row["started_at"]),
            last_at=from_text(row["last_at"]),
            channels=tuple(json.loads(row["sent_to"])),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """An alert or a digest that a channel has not received yet."""

    id: int
    alert_id: int | None
    digest_id: int | None
    channel: str
    attempts: int
    created_at: datetime


def due(store: Store, now: datetime) -> list[DueDelivery]:
    """Deliveries whose next attempt is due, oldest first."""
    rows = store.rows(
        "SELECT id, alert_id, digest_id, channel, attempts, created_at FROM deliveries"
        " WHERE state = 'pending' AND next_attempt_at <= ? ORDER BY id",
        (to_text(now),),
    )
    return [
        DueDelivery(
            row["id"],
            row["alert_id"],
            row["digest_id"],
            row["channel"],
            row["attempts"],
            from_text(row["created_at"]),
        )
        for row in rows
    ]


def mark_sent(store: Store, ids: Sequence[int], now: datetime) -> None:
    with store.write() as conn:
        conn.executemany(
            "UPDATE deliveries SET state = 'sent', sent_at = ?, attempts = attempts + 1,"
            " last_error = NULL WHERE id = ?",
            [(to_text(now), delivery_id) for delivery_id in ids],
        )


def mark_failed(
    store: Store, ids: Sequence[int], error: str, next_attempt_at: datetime | None
) -> None:
    """Notes a failed attempt; without a next one the delivery is given up and shows in status."""
    with store.write() as conn:
        conn.executemany(
            "UPDATE deliveries SET attempts = attempts + 1, last_error = ?1,"
            " state = CASE WHEN ?2 IS NULL THEN 'failed' ELSE 'pending' END,"
            " next_attempt_at = coalesce(?2, next_attempt_at) WHERE id = ?3",
            [(error, to_text(next_attempt_at), delivery_id) for delivery_id in ids],
        )


def rows(store: Store, ids: Sequence[int]) -> list[Row]:
    """Alerts by id, with their brand, oldest first."""
    marks = ", ".join("?" * len(ids))
    return store.rows(
        "SELECT a.*, b.name AS brand FROM alerts a LEFT JOIN brands b ON b.id = a.brand_id"
        f" WHERE a.id IN ({marks}) ORDER BY a.id",
        tuple(ids),
    )


def mentions_of(store: Store, alert_id: int, limit: int) -> list[Row]:
    """Mentions of an alert, the surest first, to quote from."""
    return store.rows(
        "SELECT c.* FROM alert_mentions am JOIN current_scores c ON c.mention_id = am.mention_id"
        " WHERE am.alert_id = ? ORDER BY c.confidence DESC, c.mention_id LIMIT ?",
        (alert_id, limit),
    )


def listed(store: Store, state: str | None, limit: int) -> list[Row]:
    """Alerts, newest first; `state` None: all that are not resolved."""
    where = "a.state = ?" if state else "a.state <> 'resolved'"
    return store.rows(
        "SELECT a.id, b.name AS brand, a.severity, a.rule, a.title, a.reason, a.state,"
        " a.started_at, a.decided_at, a.acknowledged_by, a.note,"
        " (SELECT count(*) FROM alert_mentions am WHERE am.alert_id = a.id) AS mentions"
        " FROM alerts a LEFT JOIN brands b ON b.id = a.brand_id"
        f" WHERE {where} ORDER BY a.decided_at DESC, a.id DESC LIMIT ?",
        (state, limit) if state else (limit,),
    )


def acknowledge(store: Store, alert_id: int, by: str, note: str | None, now: datetime) -> None:
    _move(
        store,
        alert_id,
        "UPDATE alerts SET state = 'acknowledged', acknowledged_at = ?, acknowledged_by = ?,"
        " note = coalesce(?, note) WHERE id = ? AND state IN ('open', 'silenced')",
        (to_text(now), by, note, alert_id),
    )


def resolve(store: Store, alert_id: int, by: str, note: str | None, now: datetime) -> None:
    _move(
        store,
        alert_id,
        "UPDATE alerts SET state = 'resolved', resolved_at = ?, resolved_by = ?,"
        " note = coalesce(?, note) WHERE id = ? AND state <> 'resolved'",
        (to_text(now), by, note, alert_id),
    )


def resolve_others(store: Store, rule: str, keys: Sequence[str], note: str, now: datetime) -> None:
    """Resolves alerts of the rule whose key is none of `keys`: what they told of is over."""
    with store.write() as conn:
        conn.execute(
            "UPDATE alerts SET state = 'resolved', resolved_at = ?, resolved_by = 'monitor',"
            " note = coalesce(note, ?) WHERE rule = ? AND state <> 'resolved'"
            " AND key NOT IN (SELECT value FROM json_each(?))",
            (to_text(now), note, rule, json.dumps(list(keys))),
        )


def silence(
    store: Store,
    rule: str | None,
    brand: str | None,
    ends_at: datetime,
    by: str,
    note: str | None,
    now: datetime,
) -> None:
    """Until `ends_at` new alerts of this rule and brand (None: any) are sent to nobody."""
    with store.write() as conn:
        conn.execute(
            "INSERT INTO silences (rule, brand, ends_at, created_by, created_at, note)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (rule, brand, to_text(ends_at), by, to_text(now), note),
        )


def is_silenced(store: Store, decision: Decision, now: datetime) -> bool:
    """True when somebody asked not to hear of this rule or brand for now."""
    return bool(
        store.value(
            "SELECT 1 FROM silences WHERE ends_at > ? AND (rule IS NULL OR rule = ?)"
            " AND (brand IS NULL OR brand = ?) LIMIT 1",
            (to_text(now), decision.rule, decision.brand),
        )
    )


def _move(store: Store, alert_id: int, sql: str, parameters: Sequence[object]) -> None:
    with store.write() as conn:
        changed = conn.execute(sql, parameters).rowcount
    if not changed:
        state = store.value("SELECT state FROM alerts WHERE id = ?", (alert_id,))
        if state is None:
            raise UsageError(f"no alert {alert_id}: see `monitor alerts list`")
        raise UsageError(f"alert {alert_id} is {state} already")
