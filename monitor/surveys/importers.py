"""Survey files read into responses: every row comes out as a response or as a reject.

Exports of SurveyMonkey, Qualtrics, Typeform, Google Forms and LimeSurvey, and plain tables.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from monitor.normalise.context import language_code
from monitor.normalise.dates import day_first, is_month_first, parse_date
from monitor.normalise.personal_data import MASKED, Masked, mask
from monitor.records import Reject, SurveyResponse
from monitor.surveys.answers import BadAnswer, choose_scale, is_blank, read_answer
from monitor.surveys.headings import settle
from monitor.surveys.mapping import SurveyMapping, guess_mapping, resolve
from monitor.tables import Row, Table, read_table
from monitor.tables.headings import fold

_SAMPLE = 5000
"""Rows that decide on a column's scale of words and on its order of day and month."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the answers of one file are read.

    `default_at` is the moment of answers in a file without dates: give a stable one (the wave's
    last day, the file's own time), so that importing the file again changes nothing.
    """

    source: str
    """Name of the survey; rejects carry it."""
    timezone: str
    """IANA name of the zone of times that carry none."""
    now: datetime
    default_at: datetime | None = None
    language: str | None = None
    """Of the answers, where the file does not say."""
    mask: tuple[Masked, ...] = MASKED
    """What is replaced in comments: e-mail addresses, phone numbers."""


def read_survey(path: Path, sheet: str | None = None) -> Table:
    """The table of a survey's file, its second and third heading rows understood."""
    return settle(read_table(path, sheet))


def read_responses(
    table: Table, mapping: SurveyMapping | None, reading: Reading
) -> Iterator[SurveyResponse | Reject]:
    """One response or reject for each row, in the order of the file.

    Without a mapping columns are guessed. A response without any score is one too: it says that
    somebody answered. Raises `UsageError` when a mapped column is not there.
    """
    table = settle(table)
    mapping = guess_mapping(table) if mapping is None else resolve(mapping, table)
    return _responses(table, _Columns.of(table, mapping), reading)


def _responses(
    table: Table, columns: _Columns, reading: Reading
) -> Iterator[SurveyResponse | Reject]:
    seen: Counter[str] = Counter()
    for row in table.rows():
        if isinstance(row, Reject):
            yield Reject(reading.source, row.cause, row.place, row.excerpt)
            continue
        try:
            yield _response(row, columns, reading, seen)
        except BadAnswer as error:
            place = f"{table.path.name}:{row.line}"
            yield Reject(reading.source, str(error), place, _excerpt(row))


@dataclass(frozen=True, slots=True)
class _Columns:
    """A mapping with what was learnt from whole columns."""

    mapping: SurveyMapping
    scored: tuple[tuple[str, str, str, Mapping[str, float]], ...]
    """(field, measure, column, words of its scale)"""
    month_first: bool
    zone: str | None
    """The zone that the heading of the time itself names."""

    @classmethod
    def of(cls, table: Table, mapping: SurveyMapping) -> _Columns:
        rows = table.sample(_SAMPLE)
        wanted = [(name, name, getattr(mapping, name)) for name in ("nps", "csat", "ces")]
        wanted += [(stage, "stage", column) for stage, column in mapping.stages.items()]
        scored = tuple(
            (name, measure, column, choose_scale([r.values[column] for r in rows], measure))
            for name, measure, column in wanted
            if column
        )
        at = mapping.answered_at
        times = [row.values[at] for row in rows] if at else []
        in_utc = at is not None and fold(table.label(at)).endswith((" utc", " gmt"))
        return cls(mapping, scored, is_month_first(times), "UTC" if in_utc else None)


def _response(row: Row, columns: _Columns, reading: Reading, seen: Counter[str]) -> SurveyResponse:
    mapping = columns.mapping
    scores: dict[str, float | None] = {}
    stages: dict[str, float] = {}
    for name, measure, column, scale in columns.scored:
        try:
            value = read_answer(row.values[column], measure, scale)
        except BadAnswer as error:
            raise BadAnswer(f"{name}: {error}") from error
        if measure != "stage":
            scores[name] = value
        elif value is not None:
            stages[name] = value
    comment = _text(row, mapping.comment)
    if comment:
        comment = mask(comment, reading.mask)[0]
    language = language_code(_text(row, mapping.language)) or reading.language
    return SurveyResponse(
        respondent=_text(row, mapping.respondent) or _digest(row, seen),
        answered_at=_answered_at(row, columns, reading),
        nps=scores.get("nps"),
        csat=scores.get("csat"),
        ces=scores.get("ces"),
        stages=stages,
        segment=_text(row, mapping.segment),
        location=_text(row, mapping.location),
        language=language,
        comment=comment,
    )


def _text(row: Row, column: str | None) -> str | None:
    text = row.values[column] if column else ""
    return None if is_blank(text) else text


def _digest(row: Row, seen: Counter[str]) -> str:
    """A name for an answer without one: the same at every import of the same row.

    Two equal rows are two people, so the second is told apart by its number.
    """
    said = json.dumps(list(row.values.values()), ensure_ascii=False)
    digest = blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest()
    seen[digest] += 1
    return f"row-{digest}" if seen[digest] == 1 else f"row-{digest}-{seen[digest]}"


def _answered_at(row: Row, columns: _Columns, reading: Reading) -> datetime:
    column = columns.mapping.answered_at
    if column is None:
        return reading.default_at or reading.now
    raw = row.values[column]
    if is_blank(raw):
        raise BadAnswer(f"no time of the answer in {column!r}: not finished?")
    written = day_first(raw) if columns.month_first else raw
    moment = parse_date(
        written,
        zone=columns.zone or reading.timezone,
        now=reading.now,
        language=reading.language,
    )
    if moment is None:
        raise BadAnswer(f"no believable time of the answer: {raw[:60]!r}")
    return moment


def _excerpt(row: Row) -> str:
    return " | ".join(value for value in row.values.values() if value)[:200]
