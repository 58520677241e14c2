"""Which column of a survey holds what: named by the configuration, or guessed.

A guess needs both: a heading that says so, in one of four languages, and answers that fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from monitor.errors import UsageError
from monitor.surveys.answers import BadAnswer, choose_scale, is_blank, read_answer
from monitor.surveys.words import (
    ANSWERED_AT,
    COMMENT,
    COMPUTED,
    EFFORT,
    LANGUAGE,
    LOCATION,
    OVERALL,
    RECOMMEND,
    RESPONDENT,
    SATISFACTION,
    SEGMENT,
    STAGES,
    WHY,
)
from monitor.tables import Table
from monitor.tables.headings import fold, has_phrase

SAMPLE = 500
"""Rows whose answers are looked at."""

FITTING = 0.9
"""Share of a column's answers that must be on the scale before it is taken for a score."""


@dataclass(frozen=True, slots=True)
class SurveyMapping:
    """Measure or detail -> column, None where the file has none; `stages`: stage -> column."""

    respondent: str | None = None
    answered_at: str | None = None
    nps: str | None = None
    csat: str | None = None
    ces: str | None = None
    stages: Mapping[str, str] = field(default_factory=dict)
    segment: str | None = None
    location: str | None = None
    language: str | None = None
    comment: str | None = None

    @property
    def says_something(self) -> bool:
        """True when there is a score or a comment: else only who answered and when is known."""
        return bool(self.nps or self.csat or self.ces or self.stages or self.comment)


def resolve(mapping: SurveyMapping, table: Table) -> SurveyMapping:
    """The mapping with the table's own column names.

    A column may be named as in the file, by its question, and in any case. Raises `UsageError`
    naming the column that is not there, and those that are.
    """
    known: dict[str, str] = {}
    for column in table.columns:
        known.setdefault(fold(table.label(column)), column)
    known |= {fold(column): column for column in reversed(table.columns)}
    known |= {table.label(column): column for column in reversed(table.columns)}
    known |= {column: column for column in table.columns}

    def find(name: str | None, what: str) -> str | None:
        if not name:
            return None
        column = known.get(name) or known.get(fold(name))
        if column is None:
            columns = ", ".join(table.label(c) for c in table.columns[:40])
            raise UsageError(f"{table.path.name} has no column {name!r} ({what}); it has {columns}")
        return column

    stages = {stage: find(name, f"stages.{stage}") for stage, name in mapping.stages.items()}
    return SurveyMapping(
        respondent=find(mapping.respondent, "respondent"),
        answered_at=find(mapping.answered_at, "answered_at"),
        nps=find(mapping.nps, "nps"),
        csat=find(mapping.csat, "csat"),
        ces=find(mapping.ces, "ces"),
        stages={stage: column for stage, column in stages.items() if column},
        segment=find(mapping.segment, "segment"),
        location=find(mapping.location, "location"),
        language=find(mapping.language, "language"),
        comment=find(mapping.comment, "comment"),
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as the guess sees it."""

    name: str
    headings: tuple[str, ...]
    """Its name and its question, folded: tools of four languages write either in any of them."""
    answers: tuple[str, ...]
    rows: int

    def says(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(heading) for heading in self.headings)

    def is_short(self, words: int) -> bool:
        return min(len(heading.split()) for heading in self.headings) <= words

    def fits(self, measure: str) -> bool:
        """There are answers, and nearly all of them are on the scale."""
        if not self.answers:
            return False
        scale = choose_scale(self.answers, measure)
        good = 0
        for answer in self.answers:
            try:
                good += read_answer(answer, measure, scale) is not None
            except BadAnswer:
                continue
        return good >= FITTING * len(self.answers)

    @property
    def is_whole(self) -> bool:
        return all(re.fullmatch(r"\d+", answer) for answer in self.answers)


def guess_mapping(table: Table) -> SurveyMapping:
    """The mapping that headings and answers suggest; a file that says nothing gives an empty one.

    Give it the table of `headings.settle`.
    """
    columns = _columns(table)
    nps = _first(columns, lambda c: c.says(RECOMMEND) and not c.says(WHY) and c.fits("nps"))
    scored = [c for c in columns if c is not nps and not c.says(WHY)]
    ces = _first(scored, lambda c: c.says(EFFORT) and c.fits("ces"))
    scored = [c for c in scored if c is not ces]
    stages = _stages(scored)
    staged = set(stages.values())
    csat = _first(
        [c for c in scored if c.name not in staged],
        lambda c: c.says(SATISFACTION) and c.fits("csat"),
    )
    taken = staged | {c.name for c in (nps, ces, csat) if c}
    left = [c for c in columns if c.name not in taken]
    comment = _comment(left)
    left = [c for c in left if c is not comment]
    return SurveyMapping(
        respondent=_name(_respondent(left)),
        answered_at=_name(_named(left, ANSWERED_AT, _looks_like_time)),
        nps=_name(nps),
        csat=_name(csat),
        ces=_name(ces),
        stages=stages,
        segment=_name(_named(left, SEGMENT, _looks_like_group)),
        location=_name(_named(left, LOCATION, _looks_like_group)),
        language=_name(_named(left, LANGUAGE, _looks_like_group)),
        comment=_name(comment),
    )


def _columns(table: Table) -> list[_Column]:
    rows = table.sample(SAMPLE)
    found = []
    for column in table.columns:
        texts = [row.values[column] for row in rows]
        answers = tuple(text for text in texts if not is_blank(text))
        # Of a question with a column for every choice no single column is the answer.
        if not (fold(column).startswith("column ") and column[7:].isdigit()):
            names = dict.fromkeys((column, table.label(column)))
            headings = tuple(fold(name) or name for name in names)
            found.append(_Column(column, headings, answers, len(rows)))
    return [c for c in found if not c.says(COMPUTED) and not _is_choice(table, c.name)]


def _is_choice(table: Table, column: str) -> bool:
    label = table.label(column)
    return label != column and label.startswith(f"{column} - ")


def _stages(columns: Iterable[_Column]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        if column.says(OVERALL) or not column.fits("stage"):
            continue
        # `Delivery` alone, or a question that asks for satisfaction: not `How long was delivery?`
        if not column.says(SATISFACTION) and not column.is_short(4):
            continue
        stage = next((stage for stage, words in STAGES.items() if column.says(words)), None)
        if stage is not None:
            found.setdefault(stage, column.name)
    return found


def _respondent(columns: list[_Column]) -> _Column | None:
    for name in RESPONDENT:
        for column in columns:
            # A person's id is there in every row; a mail address that few left is not.
            if name in column.headings and len(column.answers) >= FITTING * max(1, column.rows):
                return column
    return None


def _comment(columns: list[_Column]) -> _Column | None:
    def is_text(column: _Column) -> bool:
        if not column.answers or column.is_whole:
            return False
        words = sum(len(answer.split()) for answer in column.answers) / len(column.answers)
        return len(set(column.answers)) > len(column.answers) / 2 and words >= 2

    return _first(columns, lambda c: c.says(COMMENT) and is_text(c)) or _first(
        columns, lambda c: c.says(WHY) and is_text(c)
    )


def _named(
    columns: list[_Column], names: Iterable[str], fits: Callable[[_Column], bool]
) -> _Column | None:
    for name in names:
        for column in columns:
            if name in column.headings and fits(column):
                return column
    for name in names:
        for column in columns:
            # In a long question the word is one of many: `Will you shop on Thanksgiving Day?`
            said = any(has_phrase(heading, name) for heading in column.headings)
            if said and column.is_short(4) and fits(column):
                return column
    return None


def _looks_like_time(column: _Column) -> bool:
    parts = [len(re.findall(r"\d+", answer)) for answer in column.answers]
    return bool(parts) and sum(3 <= count <= 9 for count in parts) >= FITTING * len(parts)


def _looks_like_group(column: _Column) -> bool:
    # Groups repeat, and have names and not sentences.
    names = set(column.answers)
    longest = max((len(name) for name in names), default=0)
    return bool(names) and longest <= 80 and len(names) <= max(10, len(column.answers) / 3)


def _first(columns: Iterable[_Column], fits: Callable[[_Column], bool]) -> _Column | None:
    return next((column for column in columns if fits(column)), None)


def _name(column: _Column | None) -> str | None:
    return column.name if column else None
