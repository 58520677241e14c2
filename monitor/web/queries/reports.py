"""Survey waves with their answers, and the archive of digests."""

from __future__ import annotations

from typing import Any

from monitor.store import Store

GROUPS = {
    "promoters": "r.nps >= 9",
    "passives": "r.nps >= 7 AND r.nps < 9",
    "detractors": "r.nps < 7",
    "nps": "r.nps IS NOT NULL",
    "comments": "r.comment IS NOT NULL",
}
"""Which answers a number of `nps_by_wave` counts."""


def waves(store: Store, brand: str | None) -> list[dict[str, Any]]:
    """`nps_by_wave`, the newest wave of each survey first."""
    rows = store.rows(
        "SELECT * FROM nps_by_wave WHERE ?1 IS NULL OR brand = ?1"
        " ORDER BY brand, survey, starts_on DESC, wave",
        (brand,),
    )
    return [dict(row) for row in rows]


def wave_exists(store: Store, survey: str, wave: str) -> bool:
    return bool(
        store.value(
            "SELECT 1 FROM survey_waves w JOIN surveys s ON s.id = w.survey_id"
            " WHERE s.name = ? AND w.name = ?",
            (survey, wave),
        )
    )


def responses(
    store: Store, survey: str, wave: str, group: str | None, limit: int
) -> list[dict[str, Any]]:
    """Answers of one wave, newest first; `group` is a key of `GROUPS`."""
    condition = GROUPS[group] if group else "1"
    rows = store.rows(
        "SELECT r.id AS response_id, r.answered_at, r.nps, r.csat, r.ces, r.segment, r.location,"
        " r.language, r.comment, b.timezone FROM survey_responses r"
        " JOIN survey_waves w ON w.id = r.wave_id JOIN surveys s ON s.id = w.survey_id"
        f" JOIN brands b ON b.id = s.brand_id WHERE s.name = ? AND w.name = ? AND {condition}"
        " ORDER BY r.answered_at DESC, r.id DESC LIMIT ?",
        (survey, wave, limit),
    )
    return [dict(row) for row in rows]


def digests(store: Store, brand: str | None, limit: int) -> list[dict[str, Any]]:
    """Digests as they were sent, newest first, without their bodies."""
    rows = store.rows(
        "SELECT d.id AS digest_id, b.name AS brand, b.timezone, d.period_start, d.period_end,"
        " d.recipient, d.language, d.subject, d.created_at,"
        " (SELECT group_concat(state, ', ') FROM deliveries x WHERE x.digest_id = d.id) AS state"
        " FROM digests d JOIN brands b ON b.id = d.brand_id WHERE ?1 IS NULL OR b.name = ?1"
        " ORDER BY d.period_start DESC, d.id DESC LIMIT ?2",
        (brand, limit),
    )
    return [dict(row) for row in rows]


def digest(store: Store, digest_id: int) -> dict[str, Any] | None:
    """One digest with its HTML; None for an unknown id."""
    rows = store.rows(
        "SELECT d.*, d.id AS digest_id, b.name AS brand, b.timezone FROM digests d"
        " JOIN brands b ON b.id = d.brand_id WHERE d.id = ?",
        (digest_id,),
    )
    return dict(rows[0]) if rows else None
