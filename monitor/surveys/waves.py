"""Waves: repetitions of a survey, given by their dates or by a rule, and who answered in which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from monitor.records import SurveyResponse
from monitor.store.surveys import Wave
from monitor.store.times import local_day

Rule = Literal["month", "quarter"]


@dataclass(frozen=True, slots=True)
class Placed:
    """Responses of each wave, and those answered outside of all."""

    waves: dict[Wave, list[SurveyResponse]]
    outside: list[SurveyResponse]


def wave_by_rule(day: date, rule: Rule) -> Wave:
    """The calendar month (`2026-11`) or quarter (`2026-Q4`) that holds `day`."""
    if rule == "month":
        start, months, name = date(day.year, day.month, 1), 1, f"{day:%Y-%m}"
    else:
        quarter = (day.month - 1) // 3
        start, months, name = date(day.year, 3 * quarter + 1, 1), 3, f"{day.year}-Q{quarter + 1}"
    month = start.month - 1 + months
    after = date(start.year + month // 12, month % 12 + 1, 1)
    return Wave(name, start, after - timedelta(days=1))


def place(responses: Iterable[SurveyResponse], waves: Sequence[Wave] | Rule, zone: str) -> Placed:
    """Each response in the wave of the day it was answered, a day of the brand's zone.

    Where waves overlap the first given takes it. By a rule nothing is outside; waves come in the
    order of their first response.
    """
    found: dict[Wave, list[SurveyResponse]] = {}
    outside: list[SurveyResponse] = []
    for response in responses:
        day = local_day(response.answered_at, zone)
        wave: Wave | None
        if isinstance(waves, str):
            wave = wave_by_rule(day, waves)
        else:
            wave = next((w for w in waves if w.starts_on <= day <= w.ends_on), None)
        if wave is None:
            outside.append(response)
        else:
            found.setdefault(wave, []).append(response)
    return Placed(found, outside)
