"""Files of mentions read into raw items: CSV, XLSX, JSON and JSON lines, from any tool's export.

Normalising them is the same as for collected ones; so is what a bad row becomes, a `Reject`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from monitor.errors import UsageError
from monitor.imports.fields import BadValue, Getter, Reader, check_fields
from monitor.imports.guess import guess_mapping
from monitor.imports.json_files import (
    JSON_SUFFIXES,
    SAMPLE,
    Entry,
    paths_of,
    read_document,
    read_lines,
)
from monitor.records import RawItem, Reject
from monitor.tables import TABLE_SUFFIXES, Row, Table, read_table

__all__ = ["IMPORT_SUFFIXES", "guess_mapping", "plan_mapping", "read_items"]

IMPORT_SUFFIXES = (*TABLE_SUFFIXES, *JSON_SUFFIXES)
"""Endings of the file names that `read_items` takes."""

_NAMED = 40
"""Columns named in an error message: enough to find the right one."""


def read_items(
    path: Path,
    source: str,
    mapping: Mapping[str, str] | None,
    fetched_at: str,
    kind: str = "review",
    *,
    items: str | None = None,
    sheet: str | None = None,
) -> Iterator[RawItem | Reject]:
    """The mentions of a file, one by one; a row that is none is a `Reject` with line and cause.

    `mapping` gives the column of a field (`{"text": "Review body"}`; a JMESPath in JSON files);
    what it leaves out is guessed from the headings. An empty column switches a field off, and
    `=10` is the same value for every row (`{"rating_best": "=10"}`). `items` is the JMESPath of
    the list in a JSON file, `sheet` the sheet of a workbook. Raises `UsageError` before the first
    item when the file cannot be read or no column holds the text.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    name = path.name.lower()
    if name.endswith(JSON_SUFFIXES):
        return _from_json(path, source, mapping, fetched_at, kind, items)
    if not name.endswith(TABLE_SUFFIXES):
        known = ", ".join(IMPORT_SUFFIXES)
        raise UsageError(f"{path.name}: mentions are imported from {known}")
    return _from_table(read_table(path, sheet), source, mapping, fetched_at, kind)


def plan_mapping(
    columns: list[str], mapping: Mapping[str, str] | None, file: str
) -> dict[str, str]:
    """Field -> column as it will be used: what is given, the rest guessed.

    Raises `UsageError` for an unknown field, and when no column holds the text.
    """
    given = dict(mapping or {})
    check_fields(given)
    left = [column for column in columns if column not in given.values()]
    plan = {**guess_mapping(left), **given}
    plan = {field: column for field, column in plan.items() if column}
    if "text" not in plan:
        named = ", ".join(columns[:_NAMED]) + (", ..." if len(columns) > _NAMED else "")
        raise UsageError(
            f"{file}: no column looks like the text of a mention. Columns: {named}."
            " Name it with --map text=COLUMN, other fields likewise (--map rating=COLUMN)"
        )
    return plan


def _from_table(
    table: Table, source: str, mapping: Mapping[str, str] | None, fetched_at: str, kind: str
) -> Iterator[RawItem | Reject]:
    file = table.path.name
    plan = plan_mapping(list(table.columns), mapping, file)
    getters = {field: _cell(column, table) for field, column in plan.items()}
    reader = Reader(source, fetched_at, kind, getters)

    def entries() -> Iterator[Entry | Reject]:
        for row in table.rows():
            yield Entry(f"{file}:{row.line}", row.values) if isinstance(row, Row) else row

    return _items(entries(), reader)


def _from_json(
    path: Path,
    source: str,
    mapping: Mapping[str, str] | None,
    fetched_at: str,
    kind: str,
    items: str | None,
) -> Iterator[RawItem | Reject]:
    def is_usable(columns: list[str]) -> bool:
        return "text" in (mapping or {}) or "text" in guess_mapping(columns)

    if path.name.lower().endswith((".json", ".json.gz")):
        open_entries = read_document(path, items, is_usable)
    else:
        if items is not None:
            raise UsageError(f"{path.name}: --items is for JSON files; this one has a line an item")
        open_entries = lambda: read_lines(path)  # noqa: E731
    sample = (entry.value for entry in open_entries() if isinstance(entry, Entry))
    columns = paths_of(list(islice(sample, SAMPLE)))
    plan = plan_mapping(columns, mapping, path.name)
    getters = {field: _path(expression, columns) for field, expression in plan.items()}
    return _items(open_entries(), Reader(source, fetched_at, kind, getters))


def _items(entries: Iterator[Entry | Reject], reader: Reader) -> Iterator[RawItem | Reject]:
    for entry in entries:
        if isinstance(entry, Reject):
            yield replace(entry, source=reader.source)
            continue
        try:
            yield reader.make(entry.value)
        except BadValue as error:
            excerpt = " | ".join(str(value) for value in entry.value.values() if value)[:200]
            yield Reject(reader.source, str(error), entry.place, excerpt)


def _cell(column: str, table: Table) -> Getter:
    if column.startswith("="):
        return _constant(column[1:])
    if column not in table.columns:
        raise UsageError(
            f"{table.path.name} has no column {column!r}; it has"
            f" {', '.join(table.columns[:_NAMED])}"
        )
    return lambda values: values[column]


def _path(expression: str, columns: list[str]) -> Getter:
    if expression.startswith("="):
        return _constant(expression[1:])
    if expression.isidentifier():  # a plain key, in any script; ten times quicker than JMESPath
        return lambda value: value.get(expression)
    quoted = f'"{expression}"'
    try:
        compiled = jmespath.compile(quoted if quoted in columns else expression)
    except JMESPathError as error:
        cause = str(error).splitlines()[0]
        raise UsageError(f"{expression!r} is neither a key nor a JMESPath: {cause}") from error

    def get(value: Any) -> Any:
        try:
            return compiled.search(value)
        except JMESPathError as error:
            raise BadValue(f"{expression}: {str(error).splitlines()[0]}") from error

    return get


def _constant(value: str) -> Callable[[Any], str]:
    return lambda _: value
