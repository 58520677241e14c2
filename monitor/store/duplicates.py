"""Near-duplicates linked: the same story in two feeds counts once, and both stay readable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from sqlite3 import Row

from monitor.store.connection import Store
from monitor.store.times import from_text

WINDOW = timedelta(days=14)
"""Reprints and cross-posts follow within days; the same words a year later are another story."""

Bands = Callable[[int], Sequence[int]]
IsNear = Callable[[int, int], bool]


def link(store: Store, mention_ids: Sequence[int], bands: Bands, is_near: IsNear) -> int:
    """Links new mentions to an older one of the same brand and another source; returns how many.

    `bands` gives the lookup keys of a fingerprint, `is_near` compares two: both are pure functions
    of `monitor.normalise.near_duplicates`. Within one source equal texts are left alone: two people
    may write the same, and a source that repeats itself is caught by identity.
    """
    linked = 0
    with store.write() as conn:
        for start in range(0, len(mention_ids), 500):
            part = mention_ids[start : start + 500]
            marks = ", ".join("?" * len(part))
            rows = conn.execute(
                "SELECT m.id, m.fingerprint, m.source_id, s.brand_id,"
                " coalesce(m.published_at, m.first_seen_at) AS moment"
                " FROM mentions m JOIN sources s ON s.id = m.source_id"
                f" WHERE m.id IN ({marks}) AND m.fingerprint IS NOT NULL ORDER BY m.id",
                part,
            ).fetchall()
            keys = {row["id"]: bands(row["fingerprint"]) for row in rows}
            conn.executemany(
                "INSERT OR IGNORE INTO fingerprint_bands (band, mention_id) VALUES (?, ?)",
                [(band, mention_id) for mention_id, found in keys.items() for band in found],
            )
            candidates = _candidates(store, {band for found in keys.values() for band in found})
            for row in rows:
                near = [
                    other
                    for band in keys[row["id"]]
                    for other in candidates[band]
                    if other["id"] < row["id"]
                    and other["source_id"] != row["source_id"]
                    and other["brand_id"] == row["brand_id"]
                    and is_near(other["fingerprint"], row["fingerprint"])
                    and abs(from_text(other["moment"]) - from_text(row["moment"])) <= WINDOW
                ]
                if near:
                    first = min(near, key=lambda other: int(other["id"]))
                    root = first["duplicate_of"] or first["id"]
                    conn.execute(
                        "UPDATE mentions SET duplicate_of = ? WHERE id = ?", (root, row["id"])
                    )
                    linked += 1
    return linked


def _candidates(store: Store, bands: set[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    ordered = sorted(bands)
    for start in range(0, len(ordered), 5000):
        part = ordered[start : start + 5000]
        marks = ", ".join("?" * len(part))
        for row in store.conn.execute(
            "SELECT f.band, m.id, m.fingerprint, m.source_id, s.brand_id, m.duplicate_of,"
            " coalesce(m.published_at, m.first_seen_at) AS moment"
            " FROM fingerprint_bands f JOIN mentions m ON m.id = f.mention_id"
            f" JOIN sources s ON s.id = m.source_id WHERE f.band IN ({marks})",
            part,
        ):
            found[row["band"]].append(row)
    return found
