"""Alerts as PR works through them."""

from __future__ import annotations

import json
from typing import Any

from monitor.store import Store
from monitor.store.counts import MOMENT

LIMIT = 200

STATES = ("unresolved", "open", "acknowledged", "silenced", "resolved", "all")
"""What the inbox can show; `unresolved` is everything that is not resolved."""


def listed(store: Store, state: str, brand: str | None) -> list[dict[str, Any]]:
    """Up to `LIMIT` alerts, newest first."""
    rows = store.rows(
        "SELECT a.id AS alert_id, b.name AS brand, b.timezone, a.severity, a.rule, a.title,"
        " a.reason, a.state, a.started_at, a.decided_at, a.acknowledged_by, a.resolved_by, a.note,"
        " (SELECT count(*) FROM alert_mentions am WHERE am.alert_id = a.id) AS mentions"
        " FROM alerts a LEFT JOIN brands b ON b.id = a.brand_id"
        " WHERE (?1 = 'all' OR a.state = ?1 OR (?1 = 'unresolved' AND a.state <> 'resolved'))"
        " AND (?2 IS NULL OR b.name = ?2) ORDER BY a.decided_at DESC, a.id DESC LIMIT ?3",
        (state, brand, LIMIT),
    )
    return [dict(row) for row in rows]


def counts(store: Store, brand: str | None) -> dict[str, int]:
    """State -> how many alerts are in it."""
    rows = store.rows(
        "SELECT a.state, count(*) FROM alerts a LEFT JOIN brands b ON b.id = a.brand_id"
        " WHERE ?1 IS NULL OR b.name = ?1 GROUP BY a.state",
        (brand,),
    )
    found = {row[0]: row[1] for row in rows}
    found["all"] = sum(found.values())
    found["unresolved"] = found["all"] - found.get("resolved", 0)
    return found


def one(store: Store, alert_id: int) -> dict[str, Any] | None:
    """An alert with its evidence as a mapping; None for an unknown id."""
    rows = store.rows(
        "SELECT a.*, a.id AS alert_id, b.name AS brand, b.timezone FROM alerts a"
        " LEFT JOIN brands b ON b.id = a.brand_id WHERE a.id = ?",
        (alert_id,),
    )
    if not rows:
        return None
    found = dict(rows[0])
    evidence = json.loads(found["evidence"])
    found["evidence"] = evidence if isinstance(evidence, dict) else {"value": evidence}
    return found


def mentions(store: Store, alert_id: int) -> list[dict[str, Any]]:
    """The mentions that the alert is about, the surest first."""
    rows = store.rows(
        f"SELECT c.*, {MOMENT} AS moment, b.timezone FROM alert_mentions am"
        " JOIN current_scores c ON c.mention_id = am.mention_id JOIN brands b ON b.name = c.brand"
        " WHERE am.alert_id = ? ORDER BY c.confidence DESC, c.mention_id LIMIT 200",
        (alert_id,),
    )
    return [dict(row) for row in rows]


def deliveries(store: Store, alert_id: int) -> list[dict[str, Any]]:
    """How far the alert's messages got, channel by channel."""
    rows = store.rows(
        "SELECT channel, state, attempts, sent_at, last_error FROM deliveries"
        " WHERE alert_id = ? ORDER BY channel",
        (alert_id,),
    )
    return [dict(row) for row in rows]
