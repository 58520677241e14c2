"""What the rules say of newly scored mentions, stored as alerts; every mention is judged once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.alerts.quiet import MOST_DAYS, QUIET_RULE, judge_rhythm, quiet_key
from monitor.alerts.rules import (
    BLIND_STATES,
    SOURCE_RULE,
    judge_mention,
    judge_source,
    without_inhibited,
)
from monitor.alerts.spikes import LOOK_BACK, judge_waves
from monitor.config import MentionRule, WaveRule
from monitor.records import Decision, JudgedMention
from monitor.store import Store, scores, sources
from monitor.store import alerts as alert_store
from monitor.store.rhythms import rhythms

_ANSWERS = "it answers again, or is not watched any more"
_GIVES = "it gives again, or is not watched any more"
"""Why an alert of a source is over."""


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
    """Tells the operator's channels of sources that went blind or quiet; ids of new alerts.

    Each blindness and each silence is one alert, which is resolved by itself when its source
    answers again, or gives something again.
    """
    to = tuple(channels)
    known = rhythms(store, MOST_DAYS)
    blind = [judge_source(source, to) for source in sources.blind(store, BLIND_STATES)]
    quiet = [found for rhythm in known if (found := judge_rhythm(rhythm, to)) is not None]
    with store.write():
        going_on = [decision.key for decision in blind]
        alert_store.resolve_others(store, SOURCE_RULE, going_on, _ANSWERS, now)
        going_on = [quiet_key(rhythm) for rhythm in known]
        alert_store.resolve_others(store, QUIET_RULE, going_on, _GIVES, now)
        return alert_store.save(store, [*blind, *quiet], now)
