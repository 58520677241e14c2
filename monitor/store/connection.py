"""A store opened, brought up to the newest schema, safe for one writer and many readers."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from sqlite_utils import Database

from monitor.store import rollups
from monitor.store.migrations import migrations

BUSY_SECONDS = 30.0
"""How long a writer waits for another one; a weekly digest beside a collection needs seconds."""

TELL_FROM = 200_000
"""Mentions from which an upgrade that counts them all says so: about three seconds."""


class Store:
    """One connection to `monitor.db`; the functions of `monitor.store` take it as their first word.

    `with store.write():` is one transaction: all of it is kept or none.
    """

    def __init__(self, db: Database, path: Path) -> None:
        self.db = db
        self.path = path
        self.conn: sqlite3.Connection = db.conn

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        # IMMEDIATE takes the write lock at once: a transaction that first reads and then writes
        # would otherwise fail, not wait, when another process wrote in between.
        if self.conn.in_transaction:
            yield self.conn
            return
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            yield self.conn
        except BaseException:
            self.conn.rollback()
            raise
        self.conn.execute("COMMIT")

    def rows(self, sql: str, parameters: object = ()) -> list[sqlite3.Row]:
        """Rows of a SELECT, by name and by position."""
        return self.conn.execute(sql, parameters).fetchall()  # type: ignore[arg-type]

    def value(self, sql: str, parameters: object = ()) -> object:
        """First column of the first row, or None."""
        row = self.conn.execute(sql, parameters).fetchone()  # type: ignore[arg-type]
        return None if row is None else row[0]

    def close(self) -> None:
        self.db.close()


def open_store(path: Path | str, *, read_only: bool = False) -> Store:
    """The store at `path`, created and migrated when needed.

    `read_only` opens an existing file for readers (dashboard, analysts): no migration, no write.
    """
    path = Path(path)
    if read_only:
        # as_uri() quotes what would end a path early, such as "?" and "#".
        uri = f"{path.absolute().as_uri()}?mode=ro"
        conn = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        conn = sqlite3.connect(path, timeout=BUSY_SECONDS)
    conn.isolation_level = None
    conn.row_factory = sqlite3.Row
    conn.execute("PRAGMA foreign_keys = ON")
    if not read_only:
        conn.execute("PRAGMA journal_mode = WAL")
        # NORMAL is durable over a killed process; only a power cut may lose the last commits,
        # and their spool files are collected again.
        conn.execute("PRAGMA synchronous = NORMAL")
    db = Database(conn, recursive_triggers=False)
    store = Store(db, path)
    if not read_only and (
        migrations.pending(db) or _views_to_lay(conn) or not rollups.are_made(conn)
    ):
        # In one transaction, and asked again inside it: another process may be doing the same.
        with store.write():
            migrations.apply(db)
            _lay_views(conn)
            if not rollups.are_made(conn):
                rollups.lay(conn)
                _count_rollups(conn)
    return store


def _count_rollups(conn: sqlite3.Connection) -> None:
    """Fills the rollups, and says how far it is where that takes more than a few seconds."""
    mentions = conn.execute("SELECT count(*) FROM mentions").fetchone()[0]
    counted = 0

    def tell(count: int) -> None:
        nonlocal counted
        counted += count
        if mentions >= TELL_FROM:
            print(f"counting {counted:,} of {mentions:,} mentions, once", file=sys.stderr)

    rollups.recount(conn, tell)


def view_scripts() -> dict[str, str]:
    """Name -> SQL of every view, in the order in which they build on each other."""
    folder = resources.files("monitor.store") / "views"
    names = (folder / "ORDER").read_text(encoding="utf-8").split()
    return {name: (folder / f"{name}.sql").read_text(encoding="utf-8") for name in names}


def _views_to_lay(conn: sqlite3.Connection) -> dict[str, str]:
    """Our views when one of them is missing or differs from its file; views of others never count.

    A view has no data, so its text in the package is the truth.
    """
    present = dict(conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'"))
    wanted = {name: script.strip().rstrip(";") for name, script in view_scripts().items()}
    wanted = {name: sql[sql.index("CREATE VIEW") :] for name, sql in wanted.items()}
    return {} if wanted.items() <= present.items() else wanted


def _lay_views(conn: sqlite3.Connection) -> None:
    views = _views_to_lay(conn)
    for name in views:
        conn.execute(f'DROP VIEW IF EXISTS "{name}"')
    for sql in views.values():
        conn.execute(sql)
