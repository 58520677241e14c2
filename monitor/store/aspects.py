"""What each version is about: aspects with their own label, and the clause that says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.records import AspectScore
from monitor.store.connection import Store


def save(
    store: Store, revision: str, found: Iterable[AspectScore], versions: Sequence[int]
) -> None:
    """Replaces what is known of `versions`; one that is about nothing we know has no row."""
    with store.write() as conn:
        conn.executemany(
            "DELETE FROM aspects WHERE version_id = ?", [(version_id,) for version_id in versions]
        )
        conn.executemany(
            "INSERT INTO aspects (version_id, revision, aspect, stage, label, confidence, clause)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    one.version_id,
                    revision,
                    one.aspect,
                    one.stage,
                    one.label,
                    round(one.confidence, 4),
                    one.clause,
                )
                for one in found
            ],
        )
