"""Scores of versions, and the queue they come from: what this revision has not looked at yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from monitor.records import LANGUAGES, JudgedMention, ModelErrors, PendingText, Rating, Score
from monitor.store.connection import Store
from monitor.store.times import from_text, to_text

_PENDING = """
FROM mention_versions v JOIN mentions m ON m.id = v.mention_id
WHERE (v.scored_by IS NULL OR v.scored_by < :revision OR v.scored_by > :revision)
"""


def count_pending(store: Store, revision: str) -> int:
    """How many versions wait for this revision of the model."""
    return int(str(store.value(f"SELECT count(*) {_PENDING}", {"revision": revision})))


def pending(store: Store, revision: str, limit: int) -> list[PendingText]:
    """Up to `limit` versions that this revision has not looked at, newest first."""
    rows = store.rows(
        "SELECT v.id, v.title, v.text, m.language, m.kind, v.rating_value, m.rating_scale"
        f" {_PENDING} ORDER BY v.id DESC LIMIT :n",
        {"revision": revision, "n": limit},
    )
    return [
        PendingText(
            version_id=row["id"],
            text="\n".join(part for part in (row["title"], row["text"]) if part),
            language=row["language"],
            kind=row["kind"],
            rating=(
                Rating(row["rating_value"], row["rating_scale"], "")
                if row["rating_value"] is not None and row["rating_scale"] is not None
                else None
            ),
        )
        for row in rows
    ]


def is_readable(text: PendingText) -> bool:
    """True for a text in a language the model reads; the rest stays without a label."""
    return text.language in LANGUAGES and any(char.isalnum() for char in text.text)


def save(
    store: Store,
    revision: str,
    scores: Iterable[Score],
    now: datetime,
) -> None:
    """Stores scores; each is from now on the score of its version."""
    moment = to_text(now)
    with store.write() as conn:
        for score in scores:
            cursor = conn.execute(
                "INSERT INTO scores"
                " (version_id, revision, negative, neutral, positive, label, scored_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (version_id, revision) DO UPDATE SET"
                " negative = excluded.negative, neutral = excluded.neutral,"
                " positive = excluded.positive, label = excluded.label,"
                " scored_at = excluded.scored_at RETURNING id",
                (
                    score.version_id,
                    revision,
                    round(score.negative, 4),
                    round(score.neutral, 4),
                    round(score.positive, 4),
                    score.label,
                    moment,
                ),
            )
            conn.execute(
                "UPDATE mention_versions SET score_id = ? WHERE id = ?",
                (cursor.fetchone()[0], score.version_id),
            )


def set_unsure_below(store: Store, share: float) -> None:
    """Sets which labels count as unsure; writes only when it changes."""
    if store.value("SELECT unsure_below FROM reading") != share:
        with store.write() as conn:
            conn.execute("UPDATE reading SET unsure_below = ?", (share,))


def note_errors(store: Store, revision: str, errors: Iterable[ModelErrors]) -> None:
    """Stores what is known of a model's mistakes; writes only what is not there yet."""
    known = store.value("SELECT count(*) FROM model_errors WHERE revision = ?", (revision,))
    rows = [(revision, e.language, e.kind, e.found, e.false_alarms, e.n) for e in errors]
    if rows and not known:
        with store.write() as conn:
            conn.executemany("INSERT INTO model_errors VALUES (?, ?, ?, ?, ?, ?)", rows)


def mark_read(store: Store, reader: str, versions: Sequence[int]) -> None:
    """Notes that `reader` looked at these versions, also at those it could not read."""
    with store.write() as conn:
        conn.executemany(
            "UPDATE mention_versions SET scored_by = ? WHERE id = ?",
            [(reader, version_id) for version_id in versions],
        )


def not_judged(store: Store) -> list[JudgedMention]:
    """Mentions whose newest version is scored and that no rule has looked at yet.

    Without back-fill as it was found: it is old news and may be a million rows.
    """
    return _judged(store, "sc.judged_at IS NULL AND (m.is_backfill = 0 OR v.number > 1)", ())


def since(store: Store, brand: str, start: datetime) -> list[JudgedMention]:
    """All scored mentions of a brand published, or first seen where undated, since `start`."""
    # local_day is what the index has; a day of any zone begins at most one day earlier.
    return _judged(
        store,
        "s.brand_id = (SELECT id FROM brands WHERE name = ?) AND m.local_day >= ?"
        " AND coalesce(m.published_at, m.first_seen_at) >= ?",
        (brand, (start - timedelta(days=1)).date().isoformat(), to_text(start)),
    )


def corrected(store: Store) -> list[dict[str, str]]:
    """Every text that a person labelled: text, label, language and kind, oldest label first."""
    rows = store.rows(
        "SELECT v.title, v.text, m.language, m.kind, c.label"
        " FROM corrections c JOIN mention_versions v ON v.id = c.version_id"
        " JOIN mentions m ON m.id = v.mention_id ORDER BY c.id",
        (),
    )
    return [
        {
            "text": "\n".join(part for part in (row["title"], row["text"]) if part),
            "label": row["label"],
            "language": row["language"],
            "kind": row["kind"],
        }
        for row in rows
    ]


def mark_judged(store: Store, now: datetime) -> None:
    """Notes that the rules looked at all there is; call it where the decisions are stored."""
    with store.write() as conn:
        conn.execute("UPDATE scores SET judged_at = ? WHERE judged_at IS NULL", (to_text(now),))


def _judged(store: Store, where: str, parameters: Sequence[object]) -> list[JudgedMention]:
    rows = store.rows(
        "SELECT m.id, v.id AS version_id, b.name AS brand, s.name AS source, m.kind, m.language,"
        " coalesce(c.label, sc.label) AS label,"
        " CASE WHEN c.id IS NULL THEN max(sc.negative, sc.neutral, sc.positive) ELSE 1.0 END"
        " AS confidence, m.rating_value, m.rating_scale, m.rating_raw,"
        " coalesce(m.published_at, m.first_seen_at) AS published_at, m.first_seen_at, m.author,"
        " v.title, v.text, m.url, m.reach, m.is_backfill, v.edited_at, v.seen_at,"
        " coalesce(before.label <> coalesce(c.label, sc.label), 0) AS has_turned"
        " FROM scores sc JOIN mention_versions v ON v.id = sc.version_id AND v.score_id = sc.id"
        " JOIN mentions m ON m.version_id = v.id"
        " JOIN sources s ON s.id = m.source_id JOIN brands b ON b.id = s.brand_id"
        " LEFT JOIN corrections c ON c.version_id = v.id"
        " LEFT JOIN mention_versions old ON old.mention_id = m.id AND old.number = v.number - 1"
        " LEFT JOIN scores before ON before.id = old.score_id"
        f" WHERE m.deleted_at IS NULL AND m.duplicate_of IS NULL AND {where}"
        " ORDER BY published_at, m.id",
        parameters,
    )
    return [
        JudgedMention(
            mention_id=row["id"],
            version_id=row["version_id"],
            brand=row["brand"],
            source=row["source"],
            kind=row["kind"],
            language=row["language"],
            label=row["label"],
            confidence=row["confidence"],
            rating=(
                Rating(row["rating_value"], row["rating_scale"], row["rating_raw"] or "")
                if row["rating_scale"]
                else None
            ),
            published_at=from_text(row["published_at"]),
            said_at=from_text(
                row["edited_at"] or row["seen_at"] if row["has_turned"] else row["published_at"]
            ),
            first_seen_at=from_text(row["first_seen_at"]),
            author=row["author"],
            title=row["title"],
            text=row["text"],
            url=row["url"],
            reach=sum(json.loads(row["reach"]).values()),
            is_backfill=bool(row["is_backfill"]) and not row["has_turned"],
        )
        for row in rows
    ]
