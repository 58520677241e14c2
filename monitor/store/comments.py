"""Comments of surveys: the queue for the models, and what they said of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.store.connection import Store
from monitor.store.times import to_text

_PENDING = """
FROM survey_responses r LEFT JOIN comment_scores c ON c.response_id = r.id
WHERE r.comment IS NOT NULL AND c.readers IS NOT :readers
"""


@dataclass(frozen=True, slots=True)
class PendingComment:
    """A comment that these revisions have not looked at; `language` is what the file said."""

    response_id: int
    text: str
    language: str | None


@dataclass(frozen=True, slots=True)
class ScoredComment:
    """What the models said of a comment; `row` is None in a language that nobody reads."""

    response_id: int
    language: str
    row: tuple[float, float, float] | None
    label: str | None
    aspects: Sequence[tuple[str, str | None, str, float, str]] = ()
    """(aspect, stage, label, confidence, clause)"""


def count_pending(store: Store, readers: str) -> int:
    """How many comments wait for these revisions."""
    return int(str(store.value(f"SELECT count(*) {_PENDING}", {"readers": readers})))


def pending(store: Store, readers: str, limit: int) -> list[PendingComment]:
    """Up to `limit` comments that wait for these revisions, newest first."""
    rows = store.rows(
        f"SELECT r.id, r.comment, r.language {_PENDING} ORDER BY r.id DESC LIMIT :n",
        {"readers": readers, "n": limit},
    )
    return [PendingComment(row["id"], row["comment"], row["language"]) for row in rows]


def save(store: Store, readers: str, scored: Iterable[ScoredComment], now: datetime) -> None:
    """Replaces what is known of these comments."""
    moment = to_text(now)
    with store.write() as conn:
        for one in scored:
            conn.execute("DELETE FROM comment_scores WHERE response_id = ?", (one.response_id,))
            row = (None, None, None) if one.row is None else [round(p, 4) for p in one.row]
            conn.execute(
                "INSERT INTO comment_scores (response_id, readers, language, negative, neutral,"
                " positive, label, scored_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (one.response_id, readers, one.language, *row, one.label, moment),
            )
            conn.executemany(
                "INSERT INTO comment_aspects"
                " (response_id, aspect, stage, label, confidence, clause)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [(one.response_id, *aspect) for aspect in one.aspects],
            )
