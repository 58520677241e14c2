"""Tables of a company's figures to dated values: a column a metric, or a row a metric."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.config.words import did_you_mean
from monitor.errors import UsageError
from monitor.metrics.names import BRAND, DAY, METRICS, NAME, VALUE, Metric, metric_called
from monitor.normalise.dates import day_first, is_month_first, parse_date
from monitor.normalise.text import ascii_digits
from monitor.records import Figure, Reject
from monitor.surveys.words import LOCATION, SEGMENT
from monitor.tables import Row, Table
from monitor.tables.headings import fold

_SAMPLE = 5000
_NUMBER = re.compile(
    r"-?\d{1,3}(?:([ ',.\u00a0\u202f\u066c])\d{3})(?:\1\d{3})*(?:[.,\u066b]\d+)?(?!\d)"
    r"|-?\d+(?:[.,\u066b]\d+)?"
)
_BLANK = frozenset({"", "-", "–", "—", "n/a", "na", "null", "none", "н/д", "ندارد"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; shown to who imports, so that a wrong guess is seen."""

    day: str
    metrics: dict[str, str]
    """Metric -> column, in a file with a column a metric."""
    name: str | None = None
    value: str | None = None
    brand: str | None = None
    location: str | None = None
    segment: str | None = None
    ignored: tuple[str, ...] = ()


def columns_of(table: Table) -> Columns:
    """The columns by their headings. Raises UsageError when there is no day or no metric."""
    folded = {column: fold(column) for column in table.columns}

    def find(words: tuple[str, ...]) -> str | None:
        for word in words:
            for column, text in folded.items():
                if text == fold(word):
                    return column
        return None

    day, name, value = find(DAY), find(NAME), find(VALUE)
    metrics: dict[str, str] = {}
    for column, text in folded.items():
        metric = metric_called(text)
        if metric is not None:
            metrics.setdefault(metric.name, column)
    if day is None:
        raise UsageError(f"{table.path.name}: no column with the day; there are {_listed(table)}")
    is_long = name is not None and value is not None
    if not metrics and not is_long:
        known = ", ".join(METRICS)
        raise UsageError(
            f"{table.path.name}: no column is a metric ({known}), nor are there the columns metric"
            f" and value; there are {_listed(table)}"
        )
    used = [day, find(BRAND), find(LOCATION), find(SEGMENT)]
    used += [name, value] if is_long else list(metrics.values())
    return Columns(
        day=day,
        metrics={} if is_long else metrics,
        name=name if is_long else None,
        value=value if is_long else None,
        brand=used[1],
        location=used[2],
        segment=used[3],
        ignored=tuple(column for column in table.columns if column not in used),
    )


def _listed(table: Table) -> str:
    return ", ".join(map(repr, table.columns[:12]))


def read_figures(
    table: Table, columns: Columns, brand: str, timezone: str, now: datetime
) -> Iterator[Figure | Reject]:
    """Every figure of the file in its order; a reject with line and cause for each that is none."""
    month_first = is_month_first([row.values[columns.day] for row in table.sample(_SAMPLE)])
    source = f"metrics of {brand}"
    for row in table.rows():
        if isinstance(row, Reject):
            yield Reject(source, row.cause, row.place, row.excerpt)
            continue
        place = f"{table.path.name}:{row.line}"
        try:
            day = _day(row.values[columns.day], month_first, timezone, now)
        except ValueError as error:
            yield Reject(source, str(error), place, _excerpt(row))
            continue
        for name, text in _cells(row, columns):
            try:
                figure = _figure(row, columns, brand, day, name, text)
            except ValueError as error:
                yield Reject(source, str(error), place, _excerpt(row))
                continue
            if figure is not None:
                yield figure


def _cells(row: Row, columns: Columns) -> Iterator[tuple[str, str]]:
    if columns.name is not None and columns.value is not None:
        yield row.values[columns.name], row.values[columns.value]
        return
    for name, column in columns.metrics.items():
        yield name, row.values[column]


def _figure(
    row: Row, columns: Columns, brand: str, day: date, name: str, text: str
) -> Figure | None:
    if text.strip().casefold() in _BLANK:
        return None
    metric = metric_called(fold(name))
    if metric is None:
        hint = did_you_mean(name, METRICS) or f"; known: {', '.join(METRICS)}"
        raise ValueError(f"unknown metric {name[:40]!r}{hint}")
    return Figure(
        brand=_cell(row, columns.brand) or brand,
        name=metric.name,
        day=day,
        location=_cell(row, columns.location),
        segment=_cell(row, columns.segment),
        value=_value(metric, text),
    )


def _cell(row: Row, column: str | None) -> str:
    return " ".join(row.values[column].split()) if column else ""


def _day(text: str, month_first: bool, timezone: str, now: datetime) -> date:
    """The day in the brand's zone. Raises ValueError for what is none, or is yet to come."""
    written = day_first(text) if month_first else text
    moment = parse_date(written, zone=timezone, now=now)
    if moment is None:
        raise ValueError(f"no believable day: {text[:40]!r}")
    return moment.astimezone(ZoneInfo(timezone)).date()


def _value(metric: Metric, text: str) -> float:
    """A number as people write it: `1 234,5`, `1,234.5`, `۱۲`, `12 min`. Raises ValueError."""
    found = _NUMBER.match(ascii_digits(text.strip()))
    if found is None:
        raise ValueError(f"{metric.name}: not a number: {text[:40]!r}")
    written, separator = found[0].replace("\u066b", "."), found[1]
    # 45.125 minutes are decimals, 45.125 orders are thousands.
    if separator and not (metric.over == "mean" and separator in ".,"):
        written = written.replace(separator, "")
    value = float(written.replace(",", "."))
    if value < 0:
        raise ValueError(f"{metric.name}: {value:g} is below nought")
    return value


def _excerpt(row: Row) -> str:
    return " | ".join(value for value in row.values.values() if value)[:200]
