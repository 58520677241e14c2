"""Digests as written: one a brand, period and recipient, kept whole, with its pending delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr
from sqlite3 import Row

from monitor.errors import UsageError
from monitor.records import Week
from monitor.store.connection import Store
from monitor.store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class NewDigest:
    """A digest ready to be kept; `html` holds its pictures as data, so that it is complete."""

    brand: str
    week: Week
    recipient: str
    language: str
    message_id: str
    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A digest as kept, with its id and when it was made."""

    id: int
    brand: str
    week: Week
    recipient: str
    language: str
    message_id: str
    subject: str
    html: str
    text: str
    created_at: datetime


def save(store: Store, digest: NewDigest, now: datetime) -> int | None:
    """Keeps the digest with one pending delivery to its recipient; returns its id.

    None when this brand, period and recipient has one already: that one stays as it was sent, and
    no second delivery is made. Raises `UsageError` for a brand that is not in the store.
    """
    moment = to_text(now)
    with store.write() as conn:
        brand_id = store.value("SELECT id FROM brands WHERE name = ?", (digest.brand,))
        if brand_id is None:
            raise UsageError(f"no brand is called {digest.brand!r} in the store")
        row = conn.execute(
            "INSERT INTO digests (brand_id, period_start, period_end, recipient, language,"
            " message_id, subject, html, text, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (brand_id, period_start, period_end, recipient) DO NOTHING RETURNING id",
            (
                brand_id,
                digest.week.start.isoformat(),
                digest.week.end.isoformat(),
                mailbox(digest.recipient),
                digest.language,
                digest.message_id,
                digest.subject,
                digest.html,
                digest.text,
                moment,
            ),
        ).fetchone()
        if row is None:
            return None
        digest_id = int(row["id"])
        conn.execute(
            "INSERT INTO deliveries (digest_id, channel, created_at, next_attempt_at)"
            " VALUES (?, ?, ?, ?)",
            (digest_id, f"mailto:{mailbox(digest.recipient)}", moment, moment),
        )
    return digest_id


def find(store: Store, brand: str, week: Week, recipient: str) -> StoredDigest | None:
    """The digest of that brand and week for that recipient, or None."""
    rows = store.rows(
        f"{_SELECT} WHERE b.name = ? AND d.period_start = ? AND d.period_end = ?"
        " AND d.recipient = ?",
        (brand, week.start.isoformat(), week.end.isoformat(), mailbox(recipient)),
    )
    return _stored(rows[0]) if rows else None


def by_id(store: Store, digest_id: int) -> StoredDigest | None:
    """The digest of that id, or None."""
    rows = store.rows(f"{_SELECT} WHERE d.id = ?", (digest_id,))
    return _stored(rows[0]) if rows else None


def mailbox(recipient: str) -> str:
    """`ann@example.com` of `Ann <ann@example.com>`: another display name is no other recipient."""
    return parseaddr(recipient)[1] or recipient


_SELECT = (
    "SELECT d.id, b.name AS brand, d.period_start, d.period_end, d.recipient, d.language,"
    " d.message_id, d.subject, d.html, d.text, d.created_at"
    " FROM digests d JOIN brands b ON b.id = d.brand_id"
)


def _stored(row: Row) -> StoredDigest:
    return StoredDigest(
        id=row["id"],
        brand=row["brand"],
        week=Week(date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])),
        recipient=row["recipient"],
        language=row["language"],
        message_id=row["message_id"],
        subject=row["subject"],
        html=row["html"],
        text=row["text"],
        created_at=from_text(row["created_at"]),
    )
