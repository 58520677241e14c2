"""What raises an alert for one mention, and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support import NOW, judged

from monitor.alerts.rules import judge_mention, judge_source, without_inhibited
from monitor.config import MentionRule
from monitor.records import BlindSource, Decision, Rating


def rule(**keys: Any) -> MentionRule:
    return MentionRule(name="r", when="mention", **keys)


def fires(keys: dict[str, Any], **mention: Any) -> bool:
    return judge_mention(rule(**keys), judged(1, **mention), NOW) is not None


def stars(value: float, scale: str = "1-5") -> Rating:
    return Rating(value, scale, str(value))


@pytest.mark.parametrize(
    ("keys", "matching", "other"),
    [
        ({"label": "negative"}, {}, {"label": "neutral"}),
        ({"label": "negative", "min_confidence": 0.8}, {"confidence": 0.8}, {"confidence": 0.79}),
        ({"label": "positive"}, {"label": "positive"}, {}),
        ({"rating_at_most": 2}, {"rating": stars(2)}, {"rating": stars(3)}),
        ({"rating_at_most": 2}, {"rating": stars(2.5, "0-10")}, {"rating": stars(2.6, "0-10")}),
        ({"rating_at_most": 1}, {"rating": stars(0, "thumb")}, {"rating": stars(1, "thumb")}),
        ({"rating_at_most": 2}, {"rating": stars(1)}, {"rating": None}),
        ({"languages": ["cs", "fa"]}, {"language": "fa"}, {"language": "en"}),
        ({"sources": ["shop"]}, {}, {"source": "forum"}),
        ({"brands": ["Acme"]}, {}, {"brand": "Zed"}),
        ({"keywords": ["refund"]}, {"text": "REFUND me!"}, {"text": "thank you"}),
        ({"keywords": ["суд"]}, {"text": "Подам в СУД", "language": "ru"}, {"text": "магазин"}),
        ({"keywords": ["کلاه برداری"]}, {"title": "كلاه برداري", "language": "fa"}, {}),
        ({"max_age_hours": 24}, {"published_at": NOW - timedelta(hours=24)},
         {"published_at": NOW - timedelta(hours=25)}),
        ({}, {"label": "neutral"}, {"is_backfill": True}),
    ],
)  # fmt: skip
def test_a_rule_fires_where_its_condition_holds_and_only_there(
    keys: dict[str, Any], matching: dict[str, Any], other: dict[str, Any]
) -> None:
    assert fires(keys, **matching)
    assert not fires(keys, **other)


def test_all_conditions_must_hold_and_each_is_in_the_reason() -> None:
    both = rule(label="negative", rating_at_most=2, keywords=["refund"], severity="critical")
    mention = judged(7, rating=stars(1), text="Refund!", confidence=0.93)
    decision = judge_mention(both, mention, NOW)
    assert decision is not None
    assert decision.reason == "negative with 93% confidence; rated 1 on 1-5; says refund"
    assert decision.severity == "critical"
    assert decision.mention_ids == (7,)
    assert judge_mention(both, replace(mention, rating=stars(3)), NOW) is None
    assert judge_mention(both, replace(mention, text="hm"), NOW) is None


def test_an_edit_is_news_and_the_same_version_is_not() -> None:
    first = judge_mention(rule(), judged(1), NOW)
    again = judge_mention(rule(), judged(1), NOW + timedelta(hours=1))
    edited = judge_mention(rule(), judged(1, version_id=5), NOW)
    assert first is not None and again is not None and edited is not None
    assert first.key == again.key != edited.key


def test_the_operator_hears_of_a_blind_source_with_its_first_error() -> None:
    blind = BlindSource("shop", "Acme", "blocked", NOW, "http 403", 1, 0)
    decision = judge_source(blind, ("ops",))
    assert decision.title == "Source shop is blocked"
    assert (decision.reason, decision.channels) == ("http 403", ("ops",))
    assert judge_source(replace(blind, state="broken"), ("ops",)).key == decision.key


def decision(
    *mention_ids: int, severity: str = "warning", to: tuple[str, ...] = ("pr",)
) -> Decision:
    return Decision("r", "k", "Acme", severity, "t", "", NOW, {}, mention_ids, to)


def wave(to: tuple[str, ...] = ("pr",)) -> Decision:
    return decision(1, 2, 3, severity="critical", to=to)


@pytest.mark.parametrize(
    ("single", "wave", "is_kept"),
    [
        (decision(2), wave(), False),
        (decision(9), wave(), True),  # no part of it
        (decision(2, severity="critical"), wave(), True),  # as bad as the wave itself
        (decision(2), wave(to=()), True),  # nobody hears of the wave
        (decision(2, to=("pr", "chat")), wave(), True),  # the chat does not
        (decision(2, to=()), wave(to=()), False),
    ],
)
def test_a_wave_tells_of_its_single_mentions_where_it_is_heard(
    single: Decision, wave: Decision, is_kept: bool
) -> None:
    assert without_inhibited([single], [wave]) == ([single] if is_kept else [])
