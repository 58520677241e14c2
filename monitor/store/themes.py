"""Mentions of a period and of the weeks before it, as `monitor.trends.themes` compares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from monitor.store.connection import Store
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
SELECT mention_id, language, coalesce(title || char(10), '') || text AS text, author, source, week
FROM current_scores
WHERE brand = :brand AND local_day BETWEEN :since AND :until AND duplicate_of IS NULL
  AND {label} AND (:language IS NULL OR language = :language)
ORDER BY local_day DESC, mention_id DESC LIMIT :most
"""
_IS, _IS_OTHER = "label = :label", "label <> :label"


def read(store: Store, period: Period, most: int = MOST) -> Read:
    """The period's mentions of the label, its others, and those of the label before."""
    day_before = period.since - timedelta(days=1)
    parts: list[tuple[Group, str, date, date]] = [
        ("now", _IS, period.since, period.until),
        ("others", _IS_OTHER, period.since, period.until),
        ("before", _IS, period.before_since, day_before),
    ]
    said: list[Said] = []
    is_cut = False
    for group, label, since, until in parts:
        given = {
            "brand": period.brand,
            "since": since.isoformat(),
            "until": until.isoformat(),
            "label": period.label,
            "language": period.language,
            "most": most,
        }
        rows = store.rows(_SAID.format(label=label), given)
        is_cut |= len(rows) == most
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
