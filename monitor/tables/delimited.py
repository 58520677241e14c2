"""CSV and TSV as they come: any of four delimiters, quoted line breaks, broken rows.

A broken row (a quotation mark that is never closed, too many or too few cells) costs itself only:
reading goes on at the next line of the file.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from monitor.errors import UsageError
from monitor.records import Reject
from monitor.tables.encoding import detect
from monitor.tables.model import Row, Table, unique_names

DELIMITERS = (",", ";", "\t", "|")

NONE = "\x1f"
"""Given to the csv module where every line is one cell: a character that text does not hold."""

SNIFF_LINES = 60
"""Lines that decide on the delimiter."""

EXCERPT = 200


def read_delimited(path: Path) -> Table:
    """The table of a text file; raises `UsageError` when it is empty."""
    encoding = detect(path)
    with _open(path, encoding) as file:
        head = list(islice(_Lines(file), SNIFF_LINES))
    first = next((number for number, line in enumerate(head, 1) if line.strip()), None)
    if first is None:
        raise UsageError(f"{path.name} is empty: there is no row of headings")
    declared = _declared(head[first - 1])
    if declared:
        first += 1
    delimiter = declared or sniff(head[first - 1 :])

    def records() -> Iterator[tuple[int, list[str]] | Reject]:
        return _records(path, encoding, delimiter or NONE, first)

    heading = next((row for row in records() if not isinstance(row, Reject)), None)
    if heading is None:
        raise UsageError(f"{path.name}: the row of headings in line {first} cannot be read")
    columns = unique_names(heading[1])

    def rows() -> Iterator[Row | Reject]:
        return _rows(path, encoding, delimiter or NONE, heading[0], columns)

    return Table(path, columns, encoding, delimiter, 1, rows)


def sniff(lines: list[str]) -> str:
    """The delimiter that cuts most rows into as many cells as the headings; "" if none does."""
    best, best_points = "", (0.5, 1)
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not rows:
            continue
        width = len(rows[0])
        body = rows[1:] or rows
        share = sum(len(row) >= width and not any(row[width:]) for row in body) / len(body)
        points = (round(share, 1), width)
        if width > 1 and points >= best_points:
            best, best_points = delimiter, points
    return best


def _declared(line: str) -> str:
    """Excel's own way to say it: a first line `sep=;`."""
    text = line.strip().strip('"')
    return text[4:] if text.lower().startswith("sep=") and text[4:] in DELIMITERS else ""


def _rows(
    path: Path, encoding: str, delimiter: str, heading: int, columns: tuple[str, ...]
) -> Iterator[Row | Reject]:
    width = len(columns)
    for record in _records(path, encoding, delimiter, heading, width):
        if isinstance(record, Reject):
            yield record
            continue
        line, cells = record
        if line == heading:
            continue
        yield Row(line, dict(zip(columns, map(str.strip, cells), strict=False)))


def _records(
    path: Path, encoding: str, delimiter: str, first: int, width: int | None = None
) -> Iterator[tuple[int, list[str]] | Reject]:
    """(line, cells) from line `first` on; with `width`, rows of another width are rejects."""
    with _open(path, encoding) as file:
        lines = _Lines(file)
        for _ in range(first - 1):
            next(lines)
        reader = csv.reader(lines, delimiter=delimiter)
        while True:
            start = lines.number + 1
            lines.taken.clear()
            try:
                cells = next(reader)
                cause = _fault(cells, width, lines.taken, delimiter)
            except StopIteration:
                return
            except csv.Error as error:
                cells, cause = [], f"not readable as a row: {error}"
            if len(lines.taken) == 1 and not lines.taken[0].strip():
                continue
            if cause is None:
                yield start, cells[:width]
                continue
            yield Reject(path.name, cause, f"{path.name}:{start}", lines.taken[0].strip()[:EXCERPT])
            # A quotation mark that is not closed swallows the rows after it: give them back.
            lines.give_back(lines.taken[1:])
            reader = csv.reader(lines, delimiter=delimiter)


def _fault(cells: list[str], width: int | None, lines: list[str], delimiter: str) -> str | None:
    if len(lines) > 1 and not _properly_quoted(lines, delimiter):
        return "a quotation mark is not closed"
    if width is None or len(cells) == width:
        return None
    if len(cells) > width and not any(cells[width:]):
        return None
    return f"{len(cells)} cells where the headings have {width}"


def _properly_quoted(lines: list[str], delimiter: str) -> bool:
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


def _open(path: Path, encoding: str) -> IO[str]:
    # newline="": a carriage return inside quotes belongs to the cell. Bytes that the codec does
    # not know become U+FFFD, which costs a letter and not a file.
    return path.open(encoding=encoding, errors="replace", newline="")


class _Lines:
    """Lines of a file for the csv module; counts them, remembers them, takes some back."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._file)
        if "\0" in line:
            line = line.replace("\0", "")
        self.number += 1
        self.taken.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)
