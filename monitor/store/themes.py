"""Mentions of a period and of the weeks before it, as `monitor.trends.themes` compares them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from monitor.records import LABELS
from monitor.store import counts
from monitor.store.connection import Store
from monitor.store.counts import Wanted
from monitor.store.times import week_of
from monitor.trends.theme_model import Group, Said

MOST = 20_000
"""Mentions of each of the three groups that are read, the newest; more change a share little."""
WEEKS_SHOWN = 12
_PARTS = 500


@dataclass(frozen=True, slots=True)
class Period:
    """What is asked for: days are the brand's, both included."""

    brand: str
    since: date
    until: date
    label: Literal["negative", "positive"] = "negative"
    language: str | None = None

    @property
    def before_since(self) -> date:
        """First of the days before: twelve weeks in all, or twice as long as the period."""
        length = self.until - self.since + timedelta(days=1)
        twelve_weeks = self.until + timedelta(days=1) - timedelta(weeks=WEEKS_SHOWN)
        return min(twelve_weeks, self.since - 2 * length)


@dataclass(frozen=True, slots=True)
class Read:
    """Mentions and the weeks of the series; `is_cut` where there were more than are read."""

    said: list[Said]
    weeks: tuple[date, ...]
    is_cut: bool


_SAID = """
SELECT c.mention_id, c.language, coalesce(c.title || char(10), '') || c.text AS text, c.author,
  c.source, c.week
FROM json_each(?) j CROSS JOIN current_scores c ON c.mention_id = j.value
ORDER BY c.local_day DESC, c.mention_id DESC
"""


def read(store: Store, period: Period, most: int = MOST) -> Read:
    """The period's mentions of the label, its others, and those of the label before."""
    others = tuple(label for label in LABELS if label != period.label)
    end = period.until + timedelta(days=1)
    parts: list[tuple[Group, tuple[str, ...], date, date]] = [
        ("now", (period.label,), period.since, end),
        ("others", others, period.since, end),
        ("before", (period.label,), period.before_since, period.since),
    ]
    said: list[Said] = []
    is_cut = False
    for group, labels, first, last in parts:
        ids: list[int] = []
        for label in labels:
            wanted = Wanted(period.brand, None, period.language, label, first, last)
            ids += counts.newest(store, wanted, most // len(labels))
        rows = store.rows(_SAID, (json.dumps(ids),))
        is_cut |= len(rows) >= most // len(labels) * len(labels)
        said += [
            Said(
                mention_id=row["mention_id"],
                language=row["language"],
                group=group,
                text=row["text"],
                author=row["author"],
                source=row["source"],
                week=date.fromisoformat(row["week"]),
            )
            for row in rows
        ]
    return Read(said, _weeks(store, period), is_cut)


def clauses(store: Store, mention_ids: Iterable[int]) -> Mapping[int, list[tuple[str, str]]]:
    """(aspect, clause) of those mentions, in their newest versions."""
    found: dict[int, list[tuple[str, str]]] = {}
    ordered = sorted(set(mention_ids))
    for start in range(0, len(ordered), _PARTS):
        part = ordered[start : start + _PARTS]
        for row in store.rows(
            "SELECT m.id, a.aspect, a.clause FROM mentions m JOIN aspects a"
            f" ON a.version_id = m.version_id WHERE m.id IN ({', '.join('?' * len(part))})",
            part,
        ):
            found.setdefault(row["id"], []).append((row["aspect"], row["clause"]))
    return found


def _weeks(store: Store, period: Period) -> tuple[date, ...]:
    """First days of the last twelve weeks, the oldest first."""
    week_start = store.value("SELECT week_start FROM brands WHERE name = ?", (period.brand,))
    last = week_of(period.until, int(str(week_start))).start
    return tuple(last - timedelta(weeks=back) for back in range(WEEKS_SHOWN - 1, -1, -1))
