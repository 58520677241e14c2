"""What the rules say of newly scored mentions, stored as alerts; every mention is judged once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.alerts.rules import (
    BLIND_STATES,
    judge_mention,
    judge_source,
    without_inhibited,
)
from monitor.alerts.spikes import LOOK_BACK, judge_waves
from monitor.config import MentionRule, WaveRule
from monitor.records import Decision, JudgedMention
from monitor.store import Store, scores, sources
from monitor.store import alerts as alert_store


def detect(store: Store, rules: Sequence[MentionRule | WaveRule], now: datetime) -> list[int]:
    """Judges what is scored and not yet judged; returns the ids of new alerts."""
    with store.write():  # one transaction: what is marked as judged is what was looked at
        fresh = scores.not_judged(store)
        singles: list[Decision] = []
        waves: list[Decision] = []
        for rule in rules:
            if isinstance(rule, MentionRule):
                found = (judge_mention(rule, mention, now) for mention in fresh)
                singles += [decision for decision in found if decision is not None]
            else:
                waves += _waves(store, rule, fresh, now)
        heard = [wave for wave in waves if not alert_store.is_silenced(store, wave, now)]
        new = alert_store.save(store, [*waves, *without_inhibited(singles, heard)], now)
        scores.mark_judged(store, now)
    return new


def _waves(
    store: Store, rule: WaveRule, fresh: Sequence[JudgedMention], now: datetime
) -> list[Decision]:
    window = timedelta(hours=rule.window_hours)
    oldest = now - timedelta(days=rule.baseline_days) - LOOK_BACK - window
    decisions = []
    for brand in sorted({mention.brand for mention in fresh}):
        decisions += judge_waves(
            rule,
            brand,
            scores.since(store, brand, oldest),
            [mention for mention in fresh if mention.brand == brand],
            alert_store.told_waves(store, rule.name, brand, oldest),
            now,
        )
    return decisions


def detect_sources(store: Store, channels: Sequence[str], now: datetime) -> list[int]:
    """Tells the operator's channels of sources that went blind; ids of new alerts."""
    decisions = [
        judge_source(source, tuple(channels)) for source in sources.blind(store, BLIND_STATES)
    ]
    return alert_store.save(store, decisions, now)
