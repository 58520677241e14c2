"""Waves: found when there is one, not raised by chance, told once."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from support import NOW, judged

from monitor.alerts.spikes import judge_waves, tail
from monitor.config import WaveRule
from monitor.records import Decision, JudgedMention, ToldWave

RULE = WaveRule(name="wave", when="wave", to=["pr"])
DAY = timedelta(days=1)


def history(rate: float, days: int, seed: int, end: datetime = NOW) -> list[JudgedMention]:
    """Negatives of a Poisson process, `rate` a day, over the days before `end`."""
    chance = Random(seed)
    found: list[JudgedMention] = []
    moment = end - days * DAY
    while True:
        moment += DAY * chance.expovariate(rate)
        if moment >= end:
            return found
        found.append(judged(len(found) + 1, published_at=moment))


def wave(
    count: int, hours: float, end: datetime = NOW, first_id: int = 9001
) -> list[JudgedMention]:
    step = timedelta(hours=hours / count)
    return [judged(first_id + i, published_at=end - i * step) for i in reversed(range(count))]


def judge(
    mentions: list[JudgedMention],
    fresh: list[JudgedMention],
    told: list[ToldWave] | None = None,
    now: datetime = NOW,
    rule: WaveRule = RULE,
) -> list[Decision]:
    return judge_waves(rule, "Acme", mentions, fresh, told or [], now)


def test_a_year_of_steady_sparse_mentions_raises_next_to_nothing() -> None:
    alarms = 0
    for seed in range(3):
        year = history(0.46, 365, seed)
        told: list[ToldWave] = []
        for number, mention in enumerate(year):
            moment = mention.published_at
            past = [m for m in year[: number + 1] if moment - m.published_at < 71 * DAY]
            told += [
                ToldWave(found.key, found.started_at, moment, ("pr",))
                for found in judge(past, [mention], told, moment)
            ]
        alarms += len({one.key for one in told})
    assert alarms <= 3  # in three years: one a year at most


def test_a_wave_is_found_at_the_rate_that_was_planted() -> None:
    for seed in range(20):
        past = history(0.46, 70, seed, NOW - DAY)
        planted = wave(7, hours=20)
        decisions = judge(past + planted, planted)
        assert len(decisions) == 1, seed
        assert {m.mention_id for m in planted} <= set(decisions[0].mention_ids)
    assert decisions[0].evidence["observed"] >= 7
    assert decisions[0].channels == ("pr",)
    assert "in 24 h where about" in decisions[0].reason


def test_a_busy_brand_needs_more_for_a_wave_than_a_quiet_one() -> None:
    busy = history(12, 70, 1, NOW - DAY)
    ordinary_day = wave(14, hours=20)
    assert judge(busy + ordinary_day, ordinary_day) == []
    storm = wave(45, hours=20)
    assert len(judge(busy + storm, storm)) == 1


def test_an_earlier_wave_does_not_hide_the_next_one() -> None:
    past = sorted(
        history(0.46, 70, 3, NOW - DAY) + wave(12, 20, NOW - 20 * DAY, 5001),
        key=lambda mention: mention.published_at,
    )
    planted = wave(7, hours=20)
    assert len(judge(past + planted, planted)) == 1


def test_one_angry_author_is_no_wave() -> None:
    past = history(0.46, 70, 1, NOW - DAY)
    alone = [judged(9000 + i, author="one", published_at=NOW - i * timedelta(hours=1))
             for i in reversed(range(8))]  # fmt: skip
    assert judge(past + alone, alone) == []


def test_positive_mentions_back_fill_and_old_finds_are_no_wave() -> None:
    past = history(0.46, 70, 1, NOW - DAY)
    for change in ({"label": "positive"}, {"is_backfill": True}):
        planted = [judged(9000 + i, published_at=NOW, **change) for i in range(9)]
        assert judge(past + planted, planted) == []
    old = wave(9, 20, NOW - 30 * DAY)
    late = sorted(past + old, key=lambda mention: mention.published_at)
    assert judge(late, old) == []


def test_a_brand_without_a_past_has_no_waves() -> None:
    planted = wave(9, hours=20)
    assert judge(planted, planted) == []


def test_a_wave_that_goes_on_keeps_the_key_of_its_alert() -> None:
    past = history(0.2, 70, 4, NOW - 3 * DAY)
    first = wave(8, 20, NOW - 2 * DAY)
    (alert,) = judge(past + first, first, now=NOW - 2 * DAY)
    told = [ToldWave(alert.key, alert.started_at, first[-1].published_at, ("pr",))]
    more = wave(8, 20, NOW, 9101)
    (again,) = judge(past + first + more, more, told)
    assert again.key == alert.key
    next_week = wave(8, 20, NOW + 7 * DAY, 9201)
    (new,) = judge(past + first + more + next_week, next_week, told, NOW + 7 * DAY)
    assert new.key != alert.key


def test_mentions_found_late_of_a_wave_told_of_are_no_second_alert() -> None:
    past = history(0.2, 70, 4, NOW - 9 * DAY)
    told_of = wave(8, 20, NOW - 8 * DAY)
    late = wave(6, 10, NOW - 8 * DAY, 9101)
    (alert,) = judge(past + told_of, told_of, now=NOW - 8 * DAY)
    both = sorted(told_of + late, key=lambda mention: mention.published_at)
    yesterday = ToldWave("another", NOW - 2 * DAY, NOW - DAY, ("pr",))
    known = ToldWave(alert.key, alert.started_at, told_of[-1].published_at, ("pr",))
    (again,) = judge(past + both, late, [known, yesterday])
    assert again.key == alert.key


def test_the_probability_is_that_of_the_negative_binomial() -> None:
    # Fifty-six windows with nothing in them: mean 0.5/56, shape 0.5, so that
    # P(X >= 1) = 1 - (0.5 / (0.5 + 0.5/56)) ** 0.5 = 1 - (56/57) ** 0.5.
    expected, p_value = tail([0] * 56, 1)
    assert abs(expected - 0.5 / 56) < 1e-12
    assert abs(p_value - (1 - (56 / 57) ** 0.5)) < 1e-9
    assert tail([0, 1] * 28, 6)[1] < 1e-3 < tail([0, 3] * 28, 6)[1]
