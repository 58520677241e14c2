"""Mentions and their versions: to collect twice, or again after a crash, changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from sqlite3 import Connection, Row
from typing import Any, TypeVar

from monitor.records import Mention
from monitor.store.connection import Store
from monitor.store.sources import StoredSource
from monitor.store.times import from_text, local_day, to_text

T = TypeVar("T")

BATCH = 500
"""Rows looked up at once; SQLite takes up to 32,766 parameters a statement."""


@dataclass(slots=True)
class Saved:
    """What became of a batch, and the ids of what is new (for linking near-duplicates)."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    new_ids: dict[str, int] = field(default_factory=dict)

    def add(self, other: Saved) -> None:
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.new_ids.update(other.new_ids)


def known_digests(store: Store, source_id: int, identities: Sequence[str]) -> dict[str, str]:
    """Identity -> digest of the raw item as last stored, for those of `identities` in the store.

    An equal digest means that nothing about the item changed, so no text work is needed.
    """
    found: dict[str, str] = {}
    for part in _parts(identities):
        found.update(
            store.conn.execute(
                "SELECT identity, raw_digest FROM mentions WHERE source_id = ?"
                f" AND identity IN ({_marks(part)})",
                (source_id, *part),
            ).fetchall()
        )
    return found


def oldest(store: Store, source_id: int, identities: Sequence[str]) -> datetime | None:
    """When the oldest of these mentions was published; None if none has a date."""
    moments = [
        store.value(
            "SELECT min(published_at) FROM mentions WHERE source_id = ?"
            f" AND identity IN ({_marks(part)})",
            (source_id, *part),
        )
        for part in _parts(identities)
    ]
    return min((from_text(str(moment)) for moment in moments if moment), default=None)


def touch(store: Store, source_id: int, identities: Sequence[str], now: datetime) -> None:
    """Notes that unchanged mentions were seen again."""
    with store.write() as conn:
        for part in _parts(identities):
            conn.execute(
                "UPDATE mentions SET last_seen_at = ?, deleted_at = NULL WHERE source_id = ?"
                f" AND identity IN ({_marks(part)})",
                (to_text(now), source_id, *part),
            )


def save(store: Store, source: StoredSource, mentions: Sequence[Mention], now: datetime) -> Saved:
    """Stores new mentions, adds a version to edited ones, refreshes the rest; one transaction.

    A version is added when title, text or rating changed; a new reply or reach only updates the
    mention. Erased authors (tombstones) do not come back.
    """
    saved = Saved()
    with store.write() as conn:
        for part in _parts(mentions):
            saved.add(_save_part(conn, source, _without_erased(conn, source, part), now))
    return saved


def _save_part(
    conn: Connection, source: StoredSource, part: Sequence[Mention], now: datetime
) -> Saved:
    rows = conn.execute(
        "SELECT m.id, m.identity, v.id AS version_id, v.number, v.title, v.text, v.rating_value"
        " FROM mentions m JOIN mention_versions v ON v.id = m.version_id"
        f" WHERE m.source_id = ? AND m.identity IN ({_marks(part)})",
        (source.id, *(mention.identity for mention in part)),
    ).fetchall()
    present: dict[str, Row] = {row["identity"]: row for row in rows}
    fresh: dict[str, Mention] = {}
    known: dict[str, Mention] = {}
    for mention in part:  # the last one wins where a batch holds the same mention twice
        (known if mention.identity in present else fresh)[mention.identity] = mention
    edited = [m for m in known.values() if _is_edit(present[m.identity], m)]
    saved = Saved(new=len(fresh), changed=len(edited), unchanged=len(known) - len(edited))
    saved.new_ids = _insert(conn, source, list(fresh.values()), now)
    for mention in known.values():
        _refresh(conn, present[mention.identity]["id"], mention, now)
    for mention in edited:
        _add_version(conn, present[mention.identity], mention, now)
    return saved


def _is_edit(row: Row, mention: Mention) -> bool:
    rating = mention.rating.value if mention.rating else None
    return (row["title"], row["text"], row["rating_value"]) != (mention.title, mention.text, rating)


def _insert(
    conn: Connection, source: StoredSource, mentions: Sequence[Mention], now: datetime
) -> dict[str, int]:
    last = dict(conn.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    first_id = 1 + last.get("mentions", 0)
    first_version = 1 + last.get("mention_versions", 0)
    ids = {mention.identity: first_id + i for i, mention in enumerate(mentions)}
    moment = to_text(now)
    is_backfill = source.first_collected_at is None
    mention_rows = []
    version_rows = []
    for i, mention in enumerate(mentions):
        day = local_day(mention.published_at or now, source.timezone).isoformat()
        values = {
            "id": first_id + i,
            "source_id": source.id,
            "identity": mention.identity,
            "first_seen_at": moment,
            "last_seen_at": moment,
            "local_day": day,
            "is_backfill": is_backfill,
            "version_id": first_version + i,
            **_columns(mention),
        }
        mention_rows.append(values)
        version_rows.append(_version(first_version + i, first_id + i, 1, mention, moment))
    if not mention_rows:
        return ids
    names = list(mention_rows[0])
    conn.executemany(
        f"INSERT INTO mentions ({', '.join(names)})"
        f" VALUES ({', '.join(':' + name for name in names)})",
        mention_rows,
    )
    conn.executemany(_INSERT_VERSION, version_rows)
    conn.executemany(
        "INSERT INTO mention_search (rowid, words) VALUES (?, ?)",
        [(ids[mention.identity], mention.search_text) for mention in mentions],
    )
    return ids


_INSERT_VERSION = (
    "INSERT INTO mention_versions"
    " (id, mention_id, number, seen_at, edited_at, title, text, rating_value, masked)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def _version(
    version_id: int | None, mention_id: int, number: int, mention: Mention, moment: str
) -> tuple[Any, ...]:
    return (
        version_id,
        mention_id,
        number,
        moment,
        to_text(mention.edited_at),
        mention.title,
        mention.text,
        mention.rating.value if mention.rating else None,
        mention.masked,
    )


def _columns(mention: Mention) -> dict[str, Any]:
    """Columns that follow the newest version; the rest is set once."""
    return {
        "raw_digest": mention.raw_digest,
        "kind": mention.kind,
        "url": mention.url,
        "author": mention.author,
        "published_at": to_text(mention.published_at),
        "language": mention.language,
        "language_confidence": round(mention.language_confidence, 3),
        "rating_value": mention.rating.value if mention.rating else None,
        "rating_scale": mention.rating.scale if mention.rating else None,
        "rating_raw": mention.rating.raw if mention.rating else None,
        "sub_ratings": _json(
            {
                name: {"value": rating.value, "scale": rating.scale}
                for name, rating in mention.sub_ratings.items()
            }
        ),
        "reply_text": mention.reply_text,
        "reply_at": to_text(mention.reply_at),
        "reach": _json(dict(mention.reach)),
        "parent": mention.parent,
        "location": mention.location,
        "subject": mention.subject,
        "fingerprint": mention.fingerprint,
    }


def _refresh(conn: Connection, mention_id: int, mention: Mention, now: datetime) -> None:
    # published_at (and with it local_day) stays as first seen: sites that bump the date on an
    # edit must not move a review from the week in which it was written.
    columns = {k: v for k, v in _columns(mention).items() if k != "published_at"}
    conn.execute(
        f"UPDATE mentions SET {', '.join(f'{name} = :{name}' for name in columns)},"
        " last_seen_at = :last_seen_at, deleted_at = NULL WHERE id = :id",
        {**columns, "last_seen_at": to_text(now), "id": mention_id},
    )


def _add_version(conn: Connection, row: Row, mention: Mention, now: datetime) -> None:
    cursor = conn.execute(
        _INSERT_VERSION, _version(None, row["id"], row["number"] + 1, mention, to_text(now))
    )
    conn.execute("UPDATE mentions SET version_id = ? WHERE id = ?", (cursor.lastrowid, row["id"]))
    conn.execute(
        "UPDATE mention_search SET words = ? WHERE rowid = ?", (mention.search_text, row["id"])
    )


def _without_erased(
    conn: Connection, source: StoredSource, part: Sequence[Mention]
) -> list[Mention]:
    erased = {tuple(row) for row in conn.execute("SELECT kind, key FROM tombstones").fetchall()}
    if not erased:
        return list(part)
    return [
        mention
        for mention in part
        if ("author", mention.author) not in erased
        and ("mention", f"{source.name} {mention.identity}") not in erased
    ]


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _marks(part: Sequence[object]) -> str:
    return ", ".join("?" * len(part))


def _parts(rows: Iterable[T]) -> Iterator[list[T]]:
    rows = iter(rows)
    while part := list(islice(rows, BATCH)):
        yield part
