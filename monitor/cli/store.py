"""`monitor export | backup | erase | rebuild`: the store as a file that belongs to its owner."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import click

from monitor.cli.common import Bars, console, runtime
from monitor.errors import UsageError
from monitor.store import Store, rollups, view_scripts
from monitor.store.figures import TABLES


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format", "format_", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True
)
@click.pass_context
def export(ctx: click.Context, folder: Path, format_: str) -> None:
    """Write every view as a file into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    with runtime(ctx, secrets=False) as opened:
        for view in view_scripts():
            path = folder / f"{view}.{format_}"
            count = (
                _csv(opened.store, view, path)
                if format_ == "csv"
                else _parquet(opened.store, view, path)
            )
            click.echo(f"{path}: {count} rows")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """Copy the store to FILE; safe while it is in use."""
    if file.exists():
        raise UsageError(f"{file} exists already: name a new file")
    with runtime(ctx, secrets=False) as opened:
        target = sqlite3.connect(file)
        try:
            opened.store.conn.backup(target)
        finally:
            target.close()
    click.echo(f"wrote {file} ({file.stat().st_size / 1e6:.1f} MB)")


@click.command()
@click.option("--author", required=True, help="The author's name, or the pseudonym in the store.")
@click.option("--reason", help="Kept with the tombstone.")
@click.confirmation_option(prompt="Erase everything this author wrote?")
@click.pass_context
def erase(ctx: click.Context, author: str, reason: str | None) -> None:
    """Erase everything one author wrote; collecting again does not bring it back."""
    from monitor.normalise.personal_data import pseudonym
    from monitor.store.erase import erase_author

    with runtime(ctx, secrets=False) as opened:
        names = {author, pseudonym(author, opened.pseudonym_key) or author}
        count = 0
        for name in sorted(names):
            count += erase_author(opened.store, name, reason, opened.clock())
    console.print(f"erased {count} mentions")
    if not count:
        raise UsageError("nobody of that name: the search looks for the exact name or pseudonym")


@click.command()
@click.pass_context
def rebuild(ctx: click.Context) -> None:
    """Count the figures of pages and digests anew, from the mentions themselves.

    They are kept up to date with every write, by whatever program, so this is for a store whose
    rows were put in by INSERT OR REPLACE or with triggers off. Stopped or killed on its way, it
    leaves everything as it was; readers see the figures as they were until it is done.
    """
    with runtime(ctx, secrets=False) as opened, Bars() as bars:
        store = opened.store
        with store.write() as conn:
            total = store.value("SELECT count(*) FROM mentions")
            rollups.recount(conn, bars.stage("mentions", int(str(total))))
        rows = {table: store.value(f"SELECT count(*) FROM {table}") for table in TABLES}
    click.echo(f"counted {total} mentions: " + ", ".join(f"{t} {n} rows" for t, n in rows.items()))


def _csv(store: Store, view: str, path: Path) -> int:
    cursor = store.conn.execute(f"SELECT * FROM {view}")
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(column[0] for column in cursor.description)
        for row in cursor:
            writer.writerow([_safe(value) for value in row])
            count += 1
    return count


def _safe(value: object) -> object:
    # A cell that begins like a formula would be run by a spreadsheet: review text is hostile.
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def _parquet(store: Store, view: str, path: Path) -> int:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError("Parquet needs an extra: pip install 'brand-monitor[analysts]'") from error
    rows = [dict(row) for row in store.conn.execute(f"SELECT * FROM {view}")]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return len(rows)
