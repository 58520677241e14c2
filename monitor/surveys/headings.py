"""Which rows of an export are headings: one for most tools, two for SurveyMonkey, three Qualtrics.

SurveyMonkey writes the question over its first column and the choices below; Qualtrics writes short
names, the questions, and a row of JSON with import ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.tables import Row, Table
from monitor.tables.headings import fold

_FREE = (
    "response",
    "open ended response",
    "ответ",
    "odpoved",
    "odpoved s otevrenym koncem",
    "پاسخ",
)
"""Second headings of SurveyMonkey that say nothing more than the question does."""


def settle(table: Table) -> Table:
    """The table with its real rows, and with labels people know beside short column names."""
    if table.header_rows > 1 or table.labels:
        return table
    first = table.sample(2)
    for position, row in enumerate(first):
        if _is_import_ids(row):
            labels = dict(first[0].values) if position == 1 else {}
            return replace(table, header_rows=position + 2, labels=_said(labels))
    if first and _is_second_heading(table, first[0]):
        return replace(table, header_rows=2, labels=_joined(table.columns, first[0]))
    return table


def _is_import_ids(row: Row) -> bool:
    filled = [value for value in row.values.values() if value]
    return bool(filled) and all(value.startswith('{"ImportId"') for value in filled)


def _is_second_heading(table: Table, row: Row) -> bool:
    # An answer always has an id; the row under the headings has none, but names choices.
    identity = table.columns[0]
    if fold(identity) not in ("respondent id", "id", "respondent") or row.values[identity]:
        return False
    cells = list(row.values.values())[1:]
    says_response = any(fold(cell) in _FREE for cell in cells)
    return says_response or any(_is_unnamed(column) for column in table.columns)


def _is_unnamed(column: str) -> bool:
    return column.startswith("column ") and column[7:].isdigit()


def _joined(columns: Sequence[str], row: Row) -> dict[str, str]:
    labels: dict[str, str] = {}
    question = ""
    for column in columns:
        if not _is_unnamed(column):
            question = column
        choice = row.values[column]
        if choice and fold(choice) not in _FREE:
            labels[column] = f"{question} - {choice}"
        elif column != question:
            labels[column] = question
    return labels


def _said(labels: dict[str, str]) -> dict[str, str]:
    return {column: label for column, label in labels.items() if label and label != column}
