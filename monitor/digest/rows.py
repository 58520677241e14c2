"""The tables: counts of languages, sources and brands, this week and the week before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from monitor.digest.facts import DayCount
from monitor.digest.model import Row, Sentence, State, Value, Word
from monitor.records import Week
from monitor.trends.compare import Counts, net_sentiment, net_sentiment_change
from monitor.trends.measures import Difference

Kind = Literal["language", "source", "brand"]
NONE: Counts = (0, 0, 0)
MOST_PARTS = 2
"""Parts with a change of their own that the headline names; the tables hold them all."""


@dataclass(frozen=True, slots=True)
class Part:
    """One language, source or brand in this week and the week before."""

    mentions: int
    now: Counts
    before: Counts

    @property
    def change(self) -> Difference:
        return net_sentiment_change(self.now, self.before)


def parts(
    days: Iterable[DayCount], week: Week, before: Week, name: Callable[[DayCount], str]
) -> dict[str, Part]:
    """Name -> its counts, for all that was mentioned in one of the two weeks."""
    days = list(days)
    now = tally(days, week.start, week.end, name)
    earlier = tally(days, before.start, before.end, name)
    mentions: defaultdict[str, int] = defaultdict(int)
    for day in days:
        if week.start <= day.day < week.end:
            mentions[name(day)] += day.mentions
    return {
        one: Part(mentions[one], now.get(one, NONE), earlier.get(one, NONE))
        for one in sorted({*now, *earlier})
    }


def tally(
    days: Iterable[DayCount], first: date, end: date, name: Callable[[DayCount], str]
) -> dict[str, Counts]:
    """Name -> negative, neutral, positive from `first` up to, without, `end`."""
    sums: dict[str, Counts] = {}
    for day in days:
        if first <= day.day < end:
            a, b, c = sums.get(name(day), NONE)
            sums[name(day)] = (a + day.negative, b + day.neutral, c + day.positive)
    return sums


def table(
    kind: Kind, found: Mapping[str, Part], words: Mapping[tuple[str, str], Word]
) -> list[Row]:
    """Rows of this week, most mentions first; a name that was only seen before is left out."""
    rows = [
        Row(name, part.mentions, part.now, net_sentiment(*part.now), words[kind, name])
        for name, part in found.items()
        if part.mentions
    ]
    return sorted(rows, key=lambda row: (-row.mentions, row.name))


def source_table(rows: Sequence[Row], states: Mapping[str, State]) -> tuple[Row, ...]:
    """The rows with their states, and a row for each source that gave nothing and should have."""
    named = {row.name for row in rows}
    silent = [
        Row(name, 0, NONE, net_sentiment(0, 0, 0), "no data", state=state)
        for name, state in sorted(states.items())
        if name not in named and state not in ("off", "file")
    ]
    return (*(replace(row, state=states.get(row.name, "answered")) for row in rows), *silent)


def brand_table(rows: Sequence[Row], brand: str, partial: Mapping[str, bool]) -> tuple[Row, ...]:
    """The brand itself first, then the others; with the share of voice of each.

    `partial` names every watched brand, and says whether a source of it was missing.
    """
    total = sum(row.mentions for row in rows)
    present = {row.name for row in rows}
    absent = [
        Row(name, 0, NONE, net_sentiment(0, 0, 0), "no data")
        for name in sorted(partial)
        if name not in present
    ]
    return tuple(
        replace(
            row,
            share=row.mentions / total if total else None,
            is_own=row.name == brand,
            is_partial=partial[row.name],
        )
        for row in sorted([*rows, *absent], key=lambda row: row.name != brand)
    )


def parts_changed(
    kind: Literal["language", "source"],
    found: Mapping[str, Part],
    words: Mapping[tuple[str, str], Word],
) -> list[Sentence]:
    """A sentence for each part with a clear change of its own, the largest first."""
    sentences = []
    for name, part in sorted(found.items(), key=lambda item: -abs(_points(item[1].change))):
        word = words[kind, name]
        if word in ("better", "worse"):
            values: dict[str, Value] = {
                "name": name,
                "before": net_sentiment(*part.before).value,
                "now": net_sentiment(*part.now).value,
                "n": sum(part.now),
                "n_before": sum(part.before),
            }
            key = f"part_{kind}_{'fell' if word == 'worse' else 'rose'}"
            sentences.append(Sentence(key, values))
    return sentences[:MOST_PARTS]


def _points(change: Difference) -> float:
    return change.value if change.value == change.value else 0.0
