"""The mentions behind a number: whatever is counted can be listed, row by row, with its id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from sqlite3 import Row

from monitor.normalise.search_terms import search_query
from monitor.store.connection import Store


@dataclass(frozen=True, slots=True)
class Found:
    """What is wanted; None stands for all. `week` is the first of seven days.

    With an aspect or a stage the label is that of what is said of it, as in `aspect_weekly`.
    """

    words: str | None = None
    brand: str | None = None
    source: str | None = None
    language: str | None = None
    label: str | None = None
    aspect: str | None = None
    stage: str | None = None
    location: str | None = None
    week: date | None = None
    since: date | None = None
    until: date | None = None


def find(store: Store, wanted: Found, limit: int) -> list[Row]:
    """Up to `limit` mentions, newest first: id, brand, source, day, label, rating, text, url."""
    conditions = list(_conditions(wanted))
    where = " AND ".join(condition for condition, _ in conditions)
    values = [value for _, given in conditions for value in given]
    return store.rows(
        "SELECT c.mention_id, c.brand, c.source, c.language, c.local_day, c.label, c.rating_value,"
        " c.rating_scale, c.location, c.title, c.text, c.url FROM current_scores c"
        f" WHERE {where} ORDER BY c.local_day DESC, c.mention_id DESC LIMIT ?",
        [*values, limit],
    )


def _conditions(wanted: Found) -> Iterator[tuple[str, list[object]]]:
    if wanted.words is None:
        yield "c.duplicate_of IS NULL", []
    else:
        # FTS5 refuses an empty expression; "" in quotes is valid and finds nothing.
        words = search_query(wanted.words) or '""'
        yield (
            "c.mention_id IN (SELECT rowid FROM mention_search WHERE mention_search MATCH ?)",
            [words],
        )
    of_text = wanted.aspect is None and wanted.stage is None
    for name in ("brand", "source", "language", "location"):
        if (value := getattr(wanted, name)) is not None:
            yield f"c.{name} = ?", [value]
    if wanted.label is not None and of_text:
        yield "c.label = ?", [wanted.label]
    if not of_text:
        given = {"aspect": wanted.aspect, "stage": wanted.stage, "label": wanted.label}
        said = {name: value for name, value in given.items() if value is not None}
        where = " AND ".join(f"a.{name} = ?" for name in said)
        yield (
            f"c.version_id IN (SELECT a.version_id FROM aspects a WHERE {where})",
            list(said.values()),
        )
    if wanted.week is not None:
        last = wanted.week + timedelta(days=6)
        yield "c.local_day BETWEEN ? AND ?", [wanted.week.isoformat(), last.isoformat()]
    if wanted.since is not None:
        yield "c.local_day >= ?", [wanted.since.isoformat()]
    if wanted.until is not None:
        yield "c.local_day <= ?", [wanted.until.isoformat()]
