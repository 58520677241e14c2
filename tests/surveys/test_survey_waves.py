"""Answers land in the wave of the day they were given, as the brand counts its days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from monitor.records import SurveyResponse
from monitor.store.surveys import Wave
from monitor.surveys.waves import place, wave_by_rule

AUTUMN = Wave("2026 autumn", date(2026, 10, 1), date(2026, 10, 21), invited=1200)


def answered(*moment: int) -> SurveyResponse:
    return SurveyResponse("a", datetime(*moment, tzinfo=UTC), nps=9.0)


@pytest.mark.parametrize(
    ("day", "rule", "expected"),
    [
        ((2026, 12, 31), "month", ("2026-12", date(2026, 12, 1), date(2026, 12, 31))),
        ((2028, 2, 3), "month", ("2028-02", date(2028, 2, 1), date(2028, 2, 29))),
        ((2026, 11, 22), "quarter", ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31))),
        ((2026, 3, 31), "quarter", ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31))),
    ],
)
def test_months_and_quarters_have_their_calendar_days(day, rule, expected):
    wave = wave_by_rule(date(*day), rule)
    assert (wave.name, wave.starts_on, wave.ends_on) == expected


def test_the_last_day_of_a_wave_belongs_to_it_in_the_brands_zone():
    last_evening = answered(2026, 10, 21, 21, 59)  # one minute to midnight in Prague
    too_late = answered(2026, 10, 21, 22, 1)
    placed = place([last_evening, too_late], [AUTUMN], "Europe/Prague")
    assert placed.waves == {AUTUMN: [last_evening]}
    assert placed.outside == [too_late]


def test_a_rule_leaves_nothing_outside():
    responses = [answered(2026, 10, 31, 23, 30), answered(2026, 10, 31, 12), answered(2025, 1, 1)]
    placed = place(responses, "month", "Europe/Prague")
    assert [wave.name for wave in placed.waves] == ["2026-11", "2026-10", "2025-01"]
    assert placed.outside == []
