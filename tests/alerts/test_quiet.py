"""Sources gone quiet: false alarms and delays over simulated histories, and one alert a silence."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from support import NOW, put, record, run_of
from support import make_mention as m

from monitor.alerts.detect import detect_sources
from monitor.alerts.quiet import MOST_DAYS, find_quiet, judge_rhythm, judge_silence
from monitor.records import SourceRhythm
from monitor.store import Store

DAY = timedelta(days=1)
START = date(2024, 1, 1)  # a Monday
YEAR = 365
Days = list[int]


def daily(chance: random.Random, until: int) -> Days:
    return [day for day in range(until) if chance.random() < 0.97]


def on_weekdays(chance: random.Random, until: int) -> Days:
    return [day for day in range(until) if day % 7 < 5 and chance.random() < 0.9]


def on_mondays(chance: random.Random, until: int) -> Days:
    return [day for day in range(0, until, 7) if chance.random() < 0.95]


def at_random(mean_days: float) -> Callable[[random.Random, int], Days]:
    def days(chance: random.Random, until: int) -> Days:
        return [day for day in range(until) if chance.random() < 1 / mean_days]

    return days


def weekly(chance: random.Random, until: int) -> Days:
    return _steps(until, lambda: chance.gauss(7, 1.5))


def monthly(chance: random.Random, until: int) -> Days:
    return _steps(until, lambda: chance.gauss(30, 3))


def in_bursts(chance: random.Random, until: int) -> Days:
    """Up to five within a week, and then nothing for twenty days on average."""
    starts = _steps(until, lambda: chance.expovariate(1 / 20))
    spread = (start + int(k * chance.random() * 1.5) for start in starts for k in range(5))
    return sorted(
        {day for day in spread if day < until and (day in starts or chance.random() < 0.5)}
    )


def in_fits_and_starts(chance: random.Random, until: int) -> Days:
    """Gaps with a heavy tail: mostly two days, now and then three weeks."""
    return _steps(until, lambda: chance.lognormvariate(0.7, 1.0))


def _steps(until: int, step: Callable[[], float]) -> Days:
    at, days = 0.0, set()
    while at < until:
        days.add(int(at))
        at += max(0.0, step())
    return sorted(days)


def rhythm(days: Days, answered: int, **changes: object) -> SourceRhythm:
    dates = tuple(START + day * DAY for day in days[-MOST_DAYS:])
    known = {
        "source": "shop",
        "brand": "Acme",
        "days": dates,
        "heard_at": NOW,
        "heard": dates[-1],
        "answered": START + answered * DAY,
    }
    return SourceRhythm(**{**known, **changes})  # type: ignore[arg-type]


def false_alarms(days: Days, start: int) -> int:
    """Silences that end by themselves after `start` and yet are told of, asked every day.

    A silence only grows more improbable, so it is told of if it is at its end.
    """
    ends = [i for i in range(1, len(days)) if days[i] >= start]
    return sum(find_quiet(rhythm(days[:i], days[i])) is not None for i in ends)


def delay(days: Days) -> int:
    """Days from the last thing that a source gave until it is told of."""
    return next(n for n in range(1, 2 * YEAR) if find_quiet(rhythm(days, days[-1] + n)))


# rhythm: false alarms a source and year, and days of delay (median), at most.
RHYTHMS = [
    (daily, 0.05, 6),
    (on_weekdays, 0.05, 12),
    (on_mondays, 0.05, 30),
    (weekly, 0.05, 20),
    (monthly, 0.05, 65),
    (at_random(1.5), 0.3, 14),
    (at_random(3), 0.5, 25),
    (at_random(7), 0.5, 45),
    (at_random(30), 0.3, 170),
    (in_bursts, 0.5, 100),
    (in_fits_and_starts, 1.0, 35),
]
SOURCES, YEARS = 40, 2
"""A year of history comes before."""


@pytest.mark.parametrize(("days_of", "most_false", "most_days"), RHYTHMS)
def test_false_alarms_are_rare_and_silences_are_told_in_time(
    days_of: Callable[[random.Random, int], Days], most_false: float, most_days: int
) -> None:
    histories = [days_of(random.Random(seed), (YEARS + 1) * YEAR) for seed in range(SOURCES)]
    a_year = sum(false_alarms(days, YEAR) for days in histories) / SOURCES / YEARS
    delays = sorted(delay(days) for days in histories)
    print(f"false alarms a year {a_year:.3f}, delay {delays[SOURCES // 2]} days")  # pytest -s
    assert a_year <= most_false
    assert delays[SOURCES // 2] <= most_days


def test_the_reason_says_what_is_usual_and_what_is_not() -> None:
    days = list(range(0, 60, 2))
    decision = judge_rhythm(rhythm(days, 78), ("ops",))
    assert decision is not None
    assert decision.reason.startswith(
        "usually something every 2 days, nothing for 19 days; longest"
    )
    assert (decision.title, decision.channels) == ("Source shop has gone quiet", ("ops",))
    assert decision.evidence["silent_days"] == 19


def test_a_weekend_is_no_silence_and_neither_is_a_long_one() -> None:
    days = on_weekdays(random.Random(1), 30 * 7)
    days = [day for day in days if day < 29 * 7 + 5]  # the last one is a Friday
    assert find_quiet(rhythm(days, days[-1] + 5)) is None
    assert find_quiet(rhythm(days, days[-1] + 14)) is not None


def test_a_burst_is_one_day_and_a_short_history_no_rhythm() -> None:
    assert find_quiet(rhythm([0] * 500, 400)) is None
    assert find_quiet(rhythm(list(range(8)), 300)) is None
    assert find_quiet(rhythm(list(range(10)), 300)) is None


def test_a_silence_grows_only_as_long_as_the_source_answers() -> None:
    days = list(range(60))
    assert find_quiet(rhythm(days, 61)) is None  # last looked at two days after
    assert find_quiet(rhythm(days, 75)) is not None


def test_every_silence_has_a_word_and_grows_from_usual_over_long_to_quiet() -> None:
    days = at_random(3)(random.Random(5), YEAR)
    last = days[-1]
    found = [judge_silence(rhythm(days, last + n)) for n in range(90)]
    changes = [one.word for one, before in zip(found, [None, *found], strict=False)
               if before is None or one.word != before.word]  # fmt: skip
    assert changes == ["usual", "long", "quiet"]
    assert [one.silent_days for one in found[:4]] == [0, 0, 1, 2]
    assert all(one.usual_days and 2 < one.usual_days < 4 for one in found)
    assert [one.word == "quiet" for one in found] == [
        find_quiet(rhythm(days, last + n)) is not None for n in range(90)
    ]


def test_of_a_new_source_nothing_is_said() -> None:
    found = judge_silence(rhythm([0, 1, 2], 30))
    assert (found.word, found.silent_days, found.usual_days) == ("unknown", 27, None)


def test_what_was_silent_when_collecting_began_is_not_told() -> None:
    days = list(range(60))
    heard = START + 160 * DAY  # first collected a hundred days after its last review
    assert find_quiet(rhythm(days, 200, heard=heard)) is None


def fill(store: Store, days: list[datetime]) -> None:
    put(store, *(m(f"m{day:%m%d}", "good", published_at=day) for day in days), at=days[-1])
    record(store, run_of("ok", days[-1], items=len(days)))


def alerts(store: Store) -> list[tuple[str, str]]:
    rows = store.rows("SELECT state, resolved_by FROM alerts WHERE rule = 'source-quiet'")
    return [tuple(row) for row in rows]


def ask(store: Store, at: datetime, state: str = "unchanged", new: int = 0) -> list[int]:
    record(store, run_of(state, at, items=new))
    return detect_sources(store, ["ops"], at)


def test_one_alert_a_silence_closed_when_the_source_gives_again(store: Store) -> None:
    fill(store, [NOW - n * DAY for n in range(40, 0, -1)])
    assert [ask(store, NOW + n * DAY) for n in range(3)] == [[], [], []]
    told = [alert for n in range(3, 30) for alert in ask(store, NOW + n * DAY)]
    assert len(told) == 1
    assert alerts(store) == [("open", None)]
    health = store.rows("SELECT * FROM source_health WHERE source = 'shop'")[0]
    assert (health["usual_gap_days"], health["quiet_since"]) == (1.0, "2026-11-17T12:00:00Z")
    assert health["last_new_at"] == "2026-11-17T12:00:00Z"

    put(store, m("again", "good", published_at=NOW + 30 * DAY), at=NOW + 30 * DAY)
    assert ask(store, NOW + 30 * DAY, "ok", new=1) == []
    assert alerts(store) == [("resolved", "monitor")]
    health = store.rows("SELECT quiet_since FROM source_health WHERE source = 'shop'")[0]
    assert health["quiet_since"] is None


def test_a_source_that_cannot_be_reached_is_blind_and_not_quiet(store: Store) -> None:
    fill(store, [NOW - n * DAY for n in range(40, 0, -1)])
    for n in range(30):
        ask(store, NOW + n * DAY, "blocked")
    assert store.rows("SELECT rule FROM alerts")[0]["rule"] == "source-health"
    assert alerts(store) == []


def test_the_first_collection_teaches_the_rhythm_and_new_things_count_without_a_date(
    store: Store,
) -> None:
    fill(store, [NOW - n * DAY for n in range(40, 0, -1)])
    for n in range(20):  # found every day, written long ago: a shop that shows reviews late
        old = NOW - (100 + n) * DAY
        put(store, m(f"late {n}", "good", published_at=old), at=NOW + n * DAY)
        assert ask(store, NOW + n * DAY, "ok", new=1) == []


def test_a_source_that_is_switched_off_is_not_missed_any_more(store: Store) -> None:
    fill(store, [NOW - n * DAY for n in range(40, 0, -1)])
    assert len(ask(store, NOW + 20 * DAY)) == 1
    store.conn.execute("UPDATE sources SET enabled = 0")
    detect_sources(store, ["ops"], NOW)
    assert alerts(store) == [("resolved", "monitor")]
