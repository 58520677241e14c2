"""XLSX workbooks, read row by row; cells as text a person would recognise, dates as ISO-8601."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from monitor.errors import UsageError
from monitor.records import Reject
from monitor.tables.model import Row, Table, unique_names

_MOST_BYTES = 1_000_000_000
"""What all parts of a workbook may unpack to: a full sheet of a million rows of reviews is less."""


def read_workbook(path: Path, sheet: str | None = None) -> Table:
    """The table of one sheet: the named one, else the first that holds anything.

    Raises `UsageError` for a file that is no workbook, an unknown sheet and an empty one.
    """
    names = _sheet_names(path)
    if sheet is not None and sheet not in names:
        raise UsageError(f"{path.name} has no sheet {sheet!r}; it has {', '.join(names)}")
    for name in [sheet] if sheet is not None else names:
        heading = next(_cells(path, name), None)
        if isinstance(heading, Reject):
            raise UsageError(f"{path.name}: {heading.cause}; save it anew as .xlsx or .csv")
        if heading is not None:
            break
    else:
        raise UsageError(f"{path.name} is empty: there is no row of headings")
    line, texts = heading
    while texts and not texts[-1]:
        texts.pop()
    columns = unique_names(texts)

    def rows() -> Iterator[Row | Reject]:
        return _rows(path, name, line, columns)

    return Table(path, columns, "xlsx", "", 1, rows, sheet=name)


def _rows(path: Path, sheet: str, heading: int, columns: tuple[str, ...]) -> Iterator[Row | Reject]:
    width = len(columns)
    for found in _cells(path, sheet):
        if isinstance(found, Reject):
            yield found
            continue
        line, texts = found
        if line == heading:
            continue
        if any(texts[width:]):
            cause = f"{len(texts)} cells where the headings have {width}"
            excerpt = " | ".join(text for text in texts if text)[:200]
            yield Reject(path.name, cause, f"{path.name}:{line}", excerpt)
            continue
        # A sheet stores no empty cells at the end of a row.
        texts += [""] * (width - len(texts))
        yield Row(line, dict(zip(columns, texts, strict=False)))


def _cells(path: Path, sheet: str) -> Iterator[tuple[int, list[str]] | Reject]:
    """(row number, texts) of the rows that are not blank; a reject where the file is damaged."""
    book = _open(path)
    number = 0
    try:
        worksheet = book[sheet]
        # Some writers declare a size of one cell; without it openpyxl reads what is there.
        if hasattr(worksheet, "reset_dimensions"):
            worksheet.reset_dimensions()
        for number, row in enumerate(worksheet.iter_rows(values_only=True), start=1):
            texts = [as_text(value) for value in row]
            if any(texts):
                yield number, texts
    except Exception as error:
        # Of a damaged file openpyxl raises whatever its XML and ZIP parsers do, in the middle of
        # a sheet too. What was read before stays.
        cause = f"the sheet cannot be read on: {type(error).__name__}: {str(error)[:100]}"
        yield Reject(path.name, cause, f"{path.name}:{number + 1}")
    finally:
        book.close()


def as_text(value: object) -> str:
    """A cell as text: 5 for 5.0, ISO-8601 for dates, `true` and `false`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        # A date without a time is stored as midnight.
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()


def _sheet_names(path: Path) -> list[str]:
    book = _open(path)
    try:
        # Sheets that hold only a chart have no rows.
        return [sheet.title for sheet in book.worksheets]
    finally:
        book.close()


def _refuse_bomb(path: Path) -> None:
    """Raises `UsageError` for a file that unpacks to more than a table of reviews could be.

    A workbook is a ZIP: a few kilobytes may hold gigabytes, and its shared texts are read at once.
    """
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > _MOST_BYTES:
        raise UsageError(
            f"{path.name} unpacks to {unpacked / 1e6:.0f} MB, at most"
            f" {_MOST_BYTES / 1e6:.0f} MB are read; save it as .csv or split it"
        )


def _open(path: Path) -> Any:
    # Imported here: openpyxl takes a fifth of a second that a CSV file should not pay.
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            # It warns of styles and validations that it drops; only values are wanted here.
            warnings.simplefilter("ignore")
            _refuse_bomb(path)
            return load_workbook(path, read_only=True, data_only=True)
    except UsageError:
        raise
    except Exception as error:  # see _cells: any error at all says that this is no workbook
        cause = f"{type(error).__name__}: {str(error)[:100]}"
        raise UsageError(
            f"{path.name} is not a workbook that can be read ({cause}); save it as .xlsx or .csv"
        ) from error
