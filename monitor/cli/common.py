"""What every command shares: the runtime of the chosen configuration, tables, JSON, progress."""

from __future__ import annotations

import csv
import json
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from sqlite3 import Row
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from monitor.runtime import Runtime, open_runtime

console = Console(highlight=False)
SHORT = 24
"""Letters up to which a cell is kept on one line."""

as_json = click.option("--json", "json_out", is_flag=True, help="Print JSON for scripts.")
DAY = click.DateTime(["%Y-%m-%d"])
"""The type of an option that takes a day."""
as_csv = click.option("--csv", "csv_out", is_flag=True, help="Print CSV.")

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_STATE_STYLES = {
    "ok": "green",
    "unchanged": "green",
    "empty": "yellow",
    "partial": "yellow",
    "never": "dim",
    "blocked": "red",
    "broken": "red",
    "unreachable": "red",
    "negative": "red",
    "positive": "green",
    "critical": "bold red",
    "warning": "yellow",
}


@contextmanager
def runtime(ctx: click.Context, secrets: bool = True) -> Iterator[Runtime]:
    """The runtime of `--config`; its store is closed at the end."""
    with open_runtime(ctx.find_root().obj["config"], secrets=secrets) as opened:
        yield opened


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set, in place of ending the process where it is."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
        if threading.current_thread() is threading.main_thread()
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def tell_checkpoint(scorer: object) -> None:
    """Says of a public checkpoint, on stderr, what it may be used for and which languages it
    reads; the embedded model says nothing."""
    passed = getattr(scorer, "probed", None)
    if passed is None:
        return
    from models.probe import described

    licence = getattr(scorer, "licence", "unstated")
    said = f"checkpoint, licence {licence}; plain sentences read rightly: {described(passed)}"
    if not getattr(scorer, "native_neutral", True):
        said += "; neutral is a band around one half"
    click.echo(said, err=True)


def print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], empty: str = "nothing yet"
) -> None:
    """A table on the terminal; numbers to the right, states in colour, texts never as markup."""
    rows = [list(row) for row in rows]
    if not rows:
        console.print(f"{title}: {empty}")
        return
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    cells = [[_cell(value) for value in row] for row in rows]
    for index, column in enumerate(columns):
        values = [row[index] for row in rows]
        is_number = any(value is not None for value in values) and all(
            isinstance(value, int | float | None) for value in values
        )
        widest = max(len(row[index]) for row in cells)
        table.add_column(
            column.replace("_", " "),
            justify="right" if is_number else "left",
            overflow="fold",
            # Names and figures stay whole on a narrow terminal; headings and texts are folded.
            min_width=widest if widest <= SHORT else None,
        )
    for row in cells:
        table.add_row(*row)
    console.print(table)


def print_block(head: str, *lines: str | None) -> None:
    """A heading with indented lines below, for entries too wordy for a table."""
    console.print(Text(head, style="bold"))
    for line in lines:
        if line:
            console.print(Padding(Text(line), (0, 0, 0, 3)))


def rows_as_dicts(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def _cell(value: object) -> Text:
    if value is None:
        return Text("–", style="dim")
    if isinstance(value, float):
        return Text(f"{value:g}")
    text = str(value)
    if _MOMENT.fullmatch(text):
        text = text[:16].replace("T", " ")
    return Text(text, style=_STATE_STYLES.get(text, ""))


class Bars:
    """Progress bars on a terminal, nothing where the output goes to a file."""

    def __init__(self) -> None:
        self.progress = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )

    def __enter__(self) -> Bars:
        self.progress.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.progress.stop()

    def say(self, text: str) -> None:
        """A line on stderr, above the bars where there are any."""
        if self.progress.disable:
            click.echo(text, err=True)
        else:
            self.progress.console.print(text, markup=False)

    def stage(self, name: str, total: int | None = None) -> Callable[[int], None]:
        task = self.progress.add_task(name, total=total)

        def advance(count: int) -> None:
            self.progress.advance(task, count)

        return advance
