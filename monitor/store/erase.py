"""One person's words taken out of the store, with a tombstone so that they do not come back."""

from __future__ import annotations

from datetime import datetime

from monitor.store.connection import Store
from monitor.store.times import to_text


def erase_author(store: Store, author: str, reason: str | None, now: datetime) -> int:
    """Deletes every mention of an author (as stored) and returns how many there were.

    Versions, scores, search words and links to alerts go with them, and the addresses in those
    alerts. A near-duplicate by somebody else stays and stands alone.
    """
    # Deleted rows stay readable in the file's free pages unless they are overwritten.
    store.conn.execute("PRAGMA secure_delete = ON")
    with store.write() as conn:
        conn.execute(
            "UPDATE alerts SET evidence = json_remove(evidence, '$.url') WHERE id IN (SELECT"
            " am.alert_id FROM alert_mentions am JOIN mentions m ON m.id = am.mention_id"
            " WHERE m.author = ?)",
            (author,),
        )
        count = conn.execute("DELETE FROM mentions WHERE author = ?", (author,)).rowcount
        if count:
            conn.execute(
                "INSERT INTO tombstones (kind, key, erased_at, reason) VALUES ('author', ?, ?, ?)"
                " ON CONFLICT (kind, key) DO UPDATE SET erased_at = excluded.erased_at",
                (author, to_text(now), reason),
            )
        conn.execute("INSERT INTO mention_search (mention_search) VALUES ('optimize')")
    store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return count
