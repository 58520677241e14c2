"""Tables that people export: CSV, TSV and XLSX files read row by row, faults kept as rejects."""

from __future__ import annotations

from pathlib import Path

from monitor.errors import UsageError
from monitor.tables.delimited import read_delimited
from monitor.tables.model import Row, Table
from monitor.tables.workbook import read_workbook

__all__ = ["TABLE_SUFFIXES", "Row", "Table", "read_table"]

_WORKBOOKS = (".xlsx", ".xlsm")
TABLE_SUFFIXES = (".csv", ".tsv", ".tab", ".txt", *_WORKBOOKS)
"""File names that hold tables."""


def read_table(path: Path, sheet: str | None = None) -> Table:
    """The columns of a file, ready to give its rows one by one.

    Delimiter and encoding of a text file are found out; `sheet` names one of a workbook's sheets,
    by default its first that holds anything. Raises `UsageError` when there is no such file, or
    nothing in it.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    if suffix in _WORKBOOKS:
        return read_workbook(path, sheet)
    if suffix not in TABLE_SUFFIXES:
        known = ", ".join(TABLE_SUFFIXES)
        raise UsageError(f"{path.name}: a table is expected in one of {known}")
    return read_delimited(path)
