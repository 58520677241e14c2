"""Rollups: counts a source and day, kept exact by triggers at every single change of a row.

A figure of a page or a digest is a sum over rollup rows, of which a day has a bounded number,
however many mentions it has. Why triggers, and no pass over the days that changed: whoever writes,
this program or somebody's sqlite3, leaves figures that are right at once for every reader; a
change costs the same in a small store and in a large one; and a write that is rolled back or
killed takes its counts with it.

What one mention, aspect or run adds to the counts is said once, in `figures.py`. A trigger takes
away what a row added before a change and adds what it adds after it; `recount` adds up all rows.
All of it is derived: triggers are laid anew when their text changes, and a store whose rollups were
made by another text is counted anew when it is opened.

Not seen by any trigger: the row that INSERT OR REPLACE throws out (SQLite fires none for it unless
`PRAGMA recursive_triggers` is on). Who does that to mentions or scores runs `monitor rebuild`.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence

from monitor.store.figures import (
    ASPECTS,
    DAYS,
    FIGURES,
    OF_A_LABEL,
    OF_A_MENTION,
    OF_A_TEXT,
    RUNS,
    STAGES,
    STORED,
    TABLES,
    WEEK,
    Figures,
    figure_views,
    stages_sql,
)

_MENTION_COLUMNS = (
    "id",
    "source_id",
    "version_id",
    "kind",
    "language",
    "local_day",
    "published_at",
    "deleted_at",
    "duplicate_of",
    "rating_value",
    "rating_scale",
    "reply_text",
    "reply_at",
    "location",
)
"""Columns of a mention that a figure is made of."""

_RUN_COLUMNS = ("id", "source_id", "local_day", "state")
_SCORE_COLUMNS = ("id", "revision", "negative", "neutral", "positive", "label")


def add(figures: Figures, where: str) -> str:
    """SQL that adds the figures of some rows to their rollup."""
    return _change(figures, where, "")


def take(figures: Figures, where: str) -> str:
    """SQL that takes the figures of some rows out of their rollup."""
    return _change(figures, where, "-")


def _change(figures: Figures, where: str, sign: str, source: str = "") -> str:
    keys, counts = ", ".join(figures.keys), ", ".join(figures.counts)
    signed = ", ".join(sign + count for count in figures.counts)
    sums = ", ".join(f"{count} = {count} + excluded.{count}" for count in figures.counts)
    return (
        f"INSERT INTO {figures.table} ({keys}, week, {counts}) SELECT {keys}, week, {signed}"
        f" FROM {source or figures.view} WHERE {where} ON CONFLICT ({keys}) DO UPDATE SET {sums}"
    )


def triggers() -> dict[str, str]:
    """Name -> SQL of every trigger that keeps the rollups."""
    events = {
        **_of_mentions(),
        **_of_versions_and_scores(),
        **_of_corrections(),
        **_of_aspects(),
        **_of_runs(),
        **_of_settings(),
        **_of_emptied_rows(),
    }
    return {
        f"rollup_{name}": f"CREATE TRIGGER rollup_{name} {name_and_when}\nBEGIN\n"
        + "".join(f"{statement};\n" for statement in statements)
        + "END"
        for name, (name_and_when, statements) in events.items()
    }


Event = tuple[str, Sequence[str]]


def _of_mentions() -> dict[str, Event]:
    when = _moved("mentions", _MENTION_COLUMNS)
    old, new = "mention_id = old.id", "mention_id = new.id"
    added = [*(add(f, new) for f in OF_A_MENTION), _stages("", "m.id = new.id")]
    taken = [*(take(f, old) for f in OF_A_MENTION), _stages("-", "m.id = old.id")]
    has_text = "EXISTS (SELECT 1 FROM mention_versions WHERE id = new.version_id)"
    return {
        "mention_new": ("AFTER INSERT ON mentions", [add(STORED, new)]),
        # The program writes the version after the mention; a restored dump may do it before.
        "mention_new_to_text": (f"AFTER INSERT ON mentions WHEN {has_text}", added[1:]),
        "mention_before": (f"BEFORE {when}", taken),
        "mention_after": (f"AFTER {when}", added),
        "mention_gone": ("BEFORE DELETE ON mentions", taken),
    }


def _of_versions_and_scores() -> dict[str, Event]:
    version = _moved("mention_versions", ("score_id",))
    score = _moved("scores", _SCORE_COLUMNS)
    # Only the version that counts moves a figure; an older one leaves its mention as it is.
    counting = (
        "mention_id = (SELECT id FROM mentions WHERE id = {0}.mention_id AND version_id = {0}.id)"
    )
    old, new = counting.format("old"), counting.format("new")
    scored = (
        "mention_id = (SELECT mention_id FROM mention_versions"
        " WHERE id = {0}.version_id AND score_id = {0}.id)"
    )
    was, now = scored.format("old"), scored.format("new")
    return {
        "version_new": (
            "AFTER INSERT ON mention_versions",
            [*(add(f, new) for f in OF_A_TEXT), _stages("", "v.id = new.id")],
        ),
        "version_before": (f"BEFORE {version}", [take(f, old) for f in OF_A_LABEL]),
        "version_after": (f"AFTER {version}", [add(f, new) for f in OF_A_LABEL]),
        "version_gone": (
            "BEFORE DELETE ON mention_versions",
            [*(take(f, old) for f in OF_A_TEXT), _stages("-", "v.id = old.id")],
        ),
        "score_before": (f"BEFORE {score}", [take(f, was) for f in OF_A_LABEL]),
        "score_after": (f"AFTER {score}", [add(f, now) for f in OF_A_LABEL]),
        # The version must not go on pointing at an id that SQLite gives to somebody's next score.
        "score_gone": (
            "BEFORE DELETE ON scores",
            [
                "UPDATE mention_versions SET score_id = NULL"
                " WHERE id = old.version_id AND score_id = old.id"
            ],
        ),
    }


def _of_corrections() -> dict[str, Event]:
    # A person corrects seldom, and by hand in any manner (OR REPLACE, OR IGNORE, an upsert): the
    # day is counted again, which is right whatever the statement did.
    def again(version: str) -> list[str]:
        mention = (
            f"mentions WHERE id = (SELECT mention_id FROM mention_versions WHERE id = {version})"
        )
        day = (
            f"source_id = (SELECT source_id FROM {mention})"
            f" AND local_day = (SELECT local_day FROM {mention})"
        )
        return [
            f"DELETE FROM rollup_days WHERE {day} AND kind <> ''",
            f"DELETE FROM rollup_locations WHERE {day}",
            *(_summed(figures, day) for figures in OF_A_LABEL),
        ]

    moved = "AFTER UPDATE OF version_id, label ON corrections"
    return {
        "correction_new": ("AFTER INSERT ON corrections", again("new.version_id")),
        "correction_moved": (moved, again("new.version_id")),
        "correction_left": (
            f"{moved} WHEN old.version_id <> new.version_id",
            again("old.version_id"),
        ),
        "correction_gone": ("AFTER DELETE ON corrections", again("old.version_id")),
    }


def _of_aspects() -> dict[str, Event]:
    moved = _moved("aspects", ("id", "version_id", "aspect", "stage", "label"))
    old = "v.id = old.version_id AND a.stage = old.stage"
    new = "v.id = new.version_id AND a.stage = new.stage"
    both = "v.id IN (old.version_id, new.version_id)"
    return {
        "aspect_new": (
            "AFTER INSERT ON aspects",
            [
                add(ASPECTS, "aspect_id = new.id"),
                _stages("-", f"{new} AND a.id <> new.id"),
                _stages("", new),
            ],
        ),
        "aspect_before": (
            f"BEFORE {moved}",
            [take(ASPECTS, "aspect_id = old.id"), _stages("-", both)],
        ),
        "aspect_after": (
            f"AFTER {moved}",
            [add(ASPECTS, "aspect_id = new.id"), _stages("", both)],
        ),
        "aspect_gone": (
            "BEFORE DELETE ON aspects",
            [take(ASPECTS, "aspect_id = old.id"), _stages("-", old)],
        ),
        "aspect_left": ("AFTER DELETE ON aspects", [_stages("", old)]),
    }


def _stages(sign: str, condition: str) -> str:
    # Written out, because SQLite would group all the view and look for the mention afterwards.
    return _change(STAGES, "1", sign, f"({stages_sql(condition)})")


def _of_runs() -> dict[str, Event]:
    moved = _moved("crawl_runs", _RUN_COLUMNS)
    return {
        "run_new": ("AFTER INSERT ON crawl_runs", [add(RUNS, "run_id = new.id")]),
        "run_before": (f"BEFORE {moved}", [take(RUNS, "run_id = old.id")]),
        "run_after": (f"AFTER {moved}", [add(RUNS, "run_id = new.id")]),
        "run_gone": ("BEFORE DELETE ON crawl_runs", [take(RUNS, "run_id = old.id")]),
    }


def _of_settings() -> dict[str, Event]:
    """A brand's first weekday, a source's brand, and from where on a label is unsure."""

    def weeks(brand: str, whose: str) -> list[str]:
        week = f"(SELECT {WEEK.format(day='local_day')} FROM brands b WHERE b.id = {brand})"
        return [f"UPDATE {table} SET week = {week} WHERE source_id {whose}" for table in TABLES]

    keys = ", ".join(DAYS.keys)
    same = " AND ".join(f"f.{key} = rollup_days.{key}" for key in DAYS.keys)
    return {
        "week_moved": (
            "AFTER UPDATE OF week_start ON brands WHEN old.week_start <> new.week_start",
            weeks("new.id", "IN (SELECT id FROM sources WHERE brand_id = new.id)"),
        ),
        "source_moved": (
            "AFTER UPDATE OF brand_id ON sources WHEN old.brand_id <> new.brand_id",
            weeks("new.brand_id", "= new.id"),
        ),
        "unsure_moved": (
            "AFTER UPDATE OF unsure_below ON reading WHEN old.unsure_below <> new.unsure_below",
            [
                "UPDATE rollup_days SET unsure = 0 WHERE unsure <> 0",
                f"UPDATE rollup_days SET unsure = f.n FROM (SELECT {keys}, sum(unsure) AS n"
                f" FROM {DAYS.view} WHERE unsure GROUP BY {keys}) f WHERE {same}",
            ],
        ),
    }


def _of_emptied_rows() -> dict[str, Event]:
    """Rows that stand for nothing any more go, so that counting anew gives the same tables."""
    events: dict[str, Event] = {}
    for table, counts in TABLES.items():
        keys = next(figures.keys for figures in FIGURES if figures.table == table)
        none = " AND ".join(f"new.{count} = 0" for count in counts)
        same = " AND ".join(f"{key} = new.{key}" for key in keys)
        events[f"{table.removeprefix('rollup_')}_emptied"] = (
            f"AFTER UPDATE OF {', '.join(counts)} ON {table} WHEN {none}",
            [f"DELETE FROM {table} WHERE {same}"],
        )
    return events


def _moved(table: str, columns: Sequence[str]) -> str:
    differs = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
    return f"UPDATE OF {', '.join(columns)} ON {table} WHEN {differs}"


def _summed(figures: Figures, where: str) -> str:
    keys = ", ".join(figures.keys)
    names = ", ".join(figures.counts)
    totals = ", ".join(f"sum({count})" for count in figures.counts)
    sums = ", ".join(f"{count} = excluded.{count}" for count in figures.counts)
    return (
        f"INSERT INTO {figures.table} ({keys}, week, {names}) SELECT {keys}, week, {totals}"
        f" FROM {figures.view} WHERE {where} GROUP BY {keys}, week"
        f" ON CONFLICT ({keys}) DO UPDATE SET {sums}"
    )


def recount(conn: sqlite3.Connection, progress: Callable[[int], None] = lambda count: None) -> None:
    """Makes every rollup anew from the rows themselves; `progress` is told of mentions counted.

    To be called in a transaction: readers see the rollups as they were until it ends.
    """
    for table in TABLES:
        conn.execute(f"DELETE FROM {table}")
    # Source by source: the index on source and day gives the rows in the order of the rollups.
    for (source_id,) in conn.execute("SELECT id FROM sources ORDER BY id").fetchall():
        for figures in FIGURES:
            conn.execute(_summed(figures, "source_id = ?"), (source_id,))
        of_source = "SELECT coalesce(sum(stored), 0) FROM rollup_days WHERE source_id = ?"
        progress(conn.execute(of_source, (source_id,)).fetchone()[0])
    conn.execute(
        "INSERT INTO rollup_state (id, made_by) VALUES (1, ?)"
        " ON CONFLICT (id) DO UPDATE SET made_by = excluded.made_by",
        (definition(),),
    )


def definition() -> str:
    """A digest of all that says what the rollups hold."""
    texts = "\n".join([*figure_views().values(), *triggers().values()])
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


def are_made(conn: sqlite3.Connection) -> bool:
    """True when the rollups were made by this definition, and its triggers keep them."""
    if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'rollup_state'").fetchone() is None:
        return False
    made_by = conn.execute("SELECT made_by FROM rollup_state").fetchone()
    return made_by is not None and made_by[0] == definition() and not _to_lay(conn)


def lay(conn: sqlite3.Connection) -> None:
    """Lays the views and triggers of the rollups anew where one is missing or differs."""
    if not _to_lay(conn):
        return
    for kind, name in conn.execute(
        "SELECT type, name FROM sqlite_master WHERE (type = 'trigger' AND name GLOB 'rollup_*')"
        " OR (type = 'view' AND name GLOB '_figures_*')"
    ).fetchall():
        conn.execute(f'DROP {kind} "{name}"')
    for sql in (*figure_views().values(), *triggers().values()):
        conn.execute(sql)


def _to_lay(conn: sqlite3.Connection) -> bool:
    present = dict(conn.execute("SELECT name, sql FROM sqlite_master WHERE type <> 'table'"))
    return not {**figure_views(), **triggers()}.items() <= present.items()
