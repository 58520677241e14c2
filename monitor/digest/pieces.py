"""The pieces of a rendered digest: each fact written out in its language, ready for a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.digest.model import AlertLine, Digest, Quote, Row, SourceTrouble, Tile, Word
from monitor.digest.words import Words
from monitor.records import LANGUAGES
from monitor.trends.compare import Counts
from monitor.trends.measures import MIN_N

MOST_ALERTS = 5
MOST_ROWS = 8
"""Longer tables are for the dashboard; and the mail must stay under 100 kB."""

BADGES: Mapping[Word, str] = {
    "better": "better",
    "worse": "worse",
    "more": "level",
    "fewer": "level",
    "no clear change": "level",
    "too few": "faint",
    "incomplete": "faint",
    "no data": "faint",
}
"""Class of the badge; more and fewer mentions are neither good nor bad."""

_WARNINGS = ("line_partial", "line_running", "line_was_partial", "line_no_good_news")
_SEVERITY_BADGE = {"critical": "worse", "warning": "worse", "info": "level"}


@dataclass(frozen=True, slots=True)
class TilePiece:
    key: str
    value: float | None
    written: str
    word: Word
    foot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuotePiece:
    label: str
    title: str | None
    text: str
    direction: str
    lang: str | None
    url: str | None
    foot: tuple[str, ...]
    answer: str | None
    answer_class: str


@dataclass(frozen=True, slots=True)
class AlertPiece:
    title: str
    reason: str
    severity: str
    badge: str
    state: str
    when: str


@dataclass(frozen=True, slots=True)
class TroublePiece:
    name: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class RowPiece:
    name: str
    note: str
    net: str
    word: Word
    counts: Counts
    is_own: bool


@dataclass(frozen=True, slots=True)
class TablePiece:
    title: str
    rows: tuple[RowPiece, ...]
    more: int


def period(digest: Digest, say: Words) -> str:
    """The week's days; with the number of the week where calendars show one."""
    days = say.days(digest.week)
    if digest.week.start.isoweekday() != 1 or digest.language == "fa":
        return days
    return f"{days} · {say('week_number', n=digest.week.start.isocalendar().week)}"


def lines(digest: Digest, say: Words) -> tuple[list[str], list[str]]:
    """The headline's lines: plain ones, and those that warn that a part is missing."""
    plain = [one for one in digest.headline.lines if one.key not in _WARNINGS]
    warnings = [one for one in digest.headline.lines if one.key in _WARNINGS]
    return [say.say(one) for one in plain], [say.say(one) for one in warnings]


def tile(one: Tile, say: Words) -> TilePiece:
    """A figure with what it was before and both n."""
    write = {
        "net_sentiment": say.net,
        "mentions": say.count,
        "rating": say.mean,
        "nps": say.net,
    }[one.key]
    foot = []
    if one.before is not None:
        foot.append(say("tile_before", before=write(one.before)))
    if one.key != "mentions":
        foot.append(say("tile_n", n=one.n, n_before=one.n_before))
    if one.period and one.period_before:
        foot.append(say("tile_waves", now=one.period, before=one.period_before))
    elif one.period:
        foot.append(say.isolated(one.period))
    written = write(one.value) if one.value is not None else ""
    return TilePiece(one.key, one.value, written, one.word, tuple(foot))


def quote(one: Quote, say: Words) -> QuotePiece:
    """A quote with its source, day, language and rating; an answer only where one is possible."""
    foot = [one.source, say.day(one.day)]
    if one.language != say.language:
        foot.append(say.language_name(one.language))
    if one.location:
        foot.append(one.location)
    if one.rating is not None and one.rating_best is not None and one.rating_best > 1:
        foot.append(say("rating", value=one.rating, best=one.rating_best))
    answer = None
    if one.label == "negative" and one.is_answered is not None:
        answer = say("answered" if one.is_answered else "unanswered")
    return QuotePiece(
        label=one.label,
        title=one.title,
        text=one.text,
        direction=one.direction,
        lang=one.language if one.language in LANGUAGES else None,
        url=one.url,
        foot=tuple(foot),
        answer=answer,
        answer_class="level" if one.is_answered else "worse",
    )


def complaints_title(digest: Digest) -> str:
    """Key of the heading: what is answered already is not worth answering again."""
    is_open = any(one.is_answered is False for one in digest.complaints)
    return "complaints" if is_open else "complaints_answered"


def alert(one: AlertLine, say: Words) -> AlertPiece:
    return AlertPiece(
        title=one.title,
        reason=one.reason,
        severity=say(f"severity_{one.severity}"),
        badge=_SEVERITY_BADGE[one.severity],
        state=say(f"state_{one.state}"),
        when=say.moment(one.started_at),
    )


def trouble(one: SourceTrouble, say: Words) -> TroublePiece:
    """A missing source, why as far as its last run says, and when it last answered."""
    cause = one.last_state if one.last_state in ("blocked", "broken", "unreachable") else None
    notes = [say(f"cause_{cause}")] if cause else []
    if one.last_answer_at is None:
        notes.append(say("trouble_no_last"))
    else:
        notes.append(say("trouble_last", at=one.last_answer_at))
    return TroublePiece(one.name, _state(one.state, say), " · ".join(notes))


def tables(digest: Digest, say: Words) -> list[TablePiece]:
    """By language, by source, beside competitors; a table of one row would repeat the tiles."""
    found = [
        (say("brands"), digest.brands, any(row.mentions for row in digest.brands)),
        (say("languages"), digest.languages, len(digest.languages) > 1),
        (say("sources"), digest.sources, len(digest.sources) > 1),
    ]
    return [_table(title, rows, say) for title, rows, is_shown in found if is_shown]


def notes(digest: Digest, say: Words) -> list[str]:
    """How to read the figures, and what is not in them."""
    found = [say("note_net"), say("note_words", least=MIN_N)]
    if digest.unscored:
        found.append(say("note_unscored", n=digest.unscored))
    if digest.rejects:
        found.append(say("note_rejects", n=digest.rejects))
    found.append(say("note_zone", zone=digest.timezone, at=digest.made_at))
    return found


def _table(title: str, rows: Sequence[Row], say: Words) -> TablePiece:
    shown = tuple(_row(row, say) for row in rows[:MOST_ROWS])
    return TablePiece(title, shown, len(rows) - len(shown))


def _row(row: Row, say: Words) -> RowPiece:
    # Nothing from a source that could not be looked at is no zero.
    is_missing = row.is_partial or row.state not in ("answered", "file")
    note = [say("mentions", n=row.mentions)] if row.mentions or not is_missing else []
    if row.share is not None:
        note.append(say("share_of_voice", share=row.share))
    if row.is_partial:
        note.append(say("word_incomplete"))
    if row.state != "answered":
        note.append(_state(row.state, say))
    name = say.language_name(row.name) if row.name in LANGUAGES or row.name == "other" else row.name
    return RowPiece(
        name=name,
        note=" · ".join(note),
        net=say.net(row.net.value) if row.net.n else "–",
        word=row.word,
        counts=row.counts,
        is_own=row.is_own,
    )


def _state(state: str, say: Words) -> str:
    return say(f"source_{state.replace(' ', '_')}")
