"""What a table file is read into: columns, and rows that know their line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from monitor.records import Reject


@dataclass(frozen=True, slots=True)
class Row:
    """One row: column -> trimmed text ("" where empty), and where it stands in the file."""

    line: int
    """1 is the first line of the file, or the first row of the sheet."""
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file of rows under headings; `rows()` reads it anew each time, a row at a time."""

    path: Path
    columns: tuple[str, ...]
    """Unique names: a second `Q1` is `Q1 (2)`, a column without a heading is `column 3`."""
    encoding: str
    """Codec of a text file, `xlsx` for a workbook."""
    delimiter: str
    """Of a text file; empty where every line is one cell, and for a workbook."""
    header_rows: int
    """Rows that are headings: 1, or more where `monitor.surveys.headings` found them."""
    open_rows: Callable[[], Iterator[Row | Reject]] = field(repr=False, compare=False)
    """Gives the rows below the first heading row."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Column -> what it says to people, where that is more than its name."""
    sheet: str | None = None

    def rows(self) -> Iterator[Row | Reject]:
        """Rows in the order of the file; a row that cannot be read is a `Reject` in its place.

        Its `source` is the file's name; blank lines are no rows. Raises nothing for bad rows.
        """
        skip = self.header_rows - 1
        for row in self.open_rows():
            if skip and isinstance(row, Row):
                skip -= 1
                continue
            yield row

    def sample(self, size: int = 200) -> list[Row]:
        """The first readable rows: enough to see what a column holds."""
        found: list[Row] = []
        for row in self.rows():
            if isinstance(row, Row):
                found.append(row)
                if len(found) == size:
                    break
        return found

    def label(self, column: str) -> str:
        return self.labels.get(column, column)


def unique_names(headings: list[str]) -> tuple[str, ...]:
    """Names for columns: trimmed, never empty, never twice."""
    names: list[str] = []
    taken: set[str] = set()
    for position, heading in enumerate(headings, start=1):
        base = " ".join(heading.split()) or f"column {position}"
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base} ({number})"
        taken.add(name)
        names.append(name)
    return tuple(names)
