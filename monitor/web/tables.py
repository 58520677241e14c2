"""A table described once: shown as HTML by `_table.html`, downloaded as CSV from the same rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.responses import Response

Row = Mapping[str, Any]
Kind = Literal[
    "text",
    "id",
    "quote",
    "count",
    "number",
    "signed",
    "interval",
    "percent",
    "day",
    "week",
    "moment",
    "state",
    "label",
    "language",
    "mix",
    "rating",
    "silence",
]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these (OWASP, CSV injection)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the row's key, its heading (a key of the words), how it is written and linked."""

    key: str
    title: str
    kind: Kind = "text"
    link: Callable[[Row], str | None] | None = None

    @property
    def is_number(self) -> bool:
        return self.kind in ("count", "number", "signed", "percent")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with a caption; `name` tells the tables of a page apart in `?format=csv&table=`."""

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    empty: str
    row_header: str = ""
    """Key of the column that names its row (`<th scope="row">`)."""
    extra: Sequence[str] = field(default=())
    """Keys that only the CSV has."""
    stacks: bool = False
    """On a narrow screen each row is a card, for a table that is read row by row."""

    @property
    def keys(self) -> list[str]:
        """Columns of the CSV: pictures of other columns are left out."""
        shown = [c.key for c in self.columns if c.kind not in ("interval", "mix")]
        return [*dict.fromkeys([*shown, *self.extra])]


def csv_response(table: Table, name: str) -> Response:
    """The rows as a download, values as stored; texts cannot become formulas."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(table.keys)
    writer.writerows([_guarded(row[key]) for key in table.keys] for row in table.rows)
    ascii_name = re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-") or "table"
    return Response(
        # The mark in front tells spreadsheets that this is UTF-8: without it Cyrillic is garbage.
        "\ufeff" + file.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{ascii_name}.csv"'},
    )


def _guarded(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
