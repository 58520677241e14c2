"""Which single mentions raise an alert, and why; pure functions of mentions, rules and `now`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.config import MentionRule
from monitor.normalise.text import fold
from monitor.records import BlindSource, Decision, JudgedMention

BLIND_STATES = ("blocked", "broken", "unreachable")
"""States of a run in which a source gave nothing although it should have."""

SOURCE_RULE = "source-health"
"""The name under which the operator hears of sources: a rule that is always on."""


def judge_mention(rule: MentionRule, mention: JudgedMention, now: datetime) -> Decision | None:
    """A decision when every condition of the rule holds, with each of them in the reason."""
    reasons = _reasons(rule, mention, now)
    if reasons is None:
        return None
    return Decision(
        rule=rule.name,
        # The version, not the mention: a review edited from praise to anger is news.
        key=f"{rule.name}:mention:{mention.version_id}",
        brand=mention.brand,
        severity=rule.severity,
        title=f"{mention.brand}: {mention.label} {mention.kind} on {mention.source}",
        reason="; ".join(reasons),
        started_at=mention.said_at,
        evidence={
            "label": mention.label,
            "confidence": round(mention.confidence, 3),
            "rating": mention.rating.value if mention.rating else None,
            "scale": mention.rating.scale if mention.rating else None,
            "language": mention.language,
            "url": mention.url,
        },
        mention_ids=(mention.mention_id,),
        channels=rule.to,
    )


def _reasons(rule: MentionRule, mention: JudgedMention, now: datetime) -> list[str] | None:
    """Why the rule holds, or None when it does not."""
    if mention.is_backfill or not _in_scope(rule, mention):
        return None
    if now - mention.said_at > timedelta(hours=rule.max_age_hours):
        return None
    reasons = []
    if rule.label is not None:
        if mention.label != rule.label or mention.confidence < rule.min_confidence:
            return None
        # No model is ever quite sure: 100 % would be read as a promise.
        sure = min(mention.confidence, 0.99)
        reasons.append(f"{mention.label} with {sure:.0%} confidence")
    if rule.rating_at_most is not None:
        # The rule speaks of stars 1-5; other scales are compared by their share of the way up.
        if mention.rating is None or mention.rating.share > (rule.rating_at_most - 1) / 4 + 1e-9:
            return None
        reasons.append(f"rated {mention.rating.value:g} on {mention.rating.scale}")
    if rule.keywords:
        found = _found_keywords(rule.keywords, mention)
        if not found:
            return None
        reasons.append(f"says {', '.join(found)}")
    return reasons or ["every new mention"]


def _in_scope(rule: MentionRule, mention: JudgedMention) -> bool:
    return (
        (not rule.brands or mention.brand in rule.brands)
        and (not rule.sources or mention.source in rule.sources)
        and (not rule.languages or mention.language in rule.languages)
    )


def _found_keywords(keywords: Sequence[str], mention: JudgedMention) -> list[str]:
    text = fold(f"{mention.title or ''} {mention.text}", mention.language)
    return [word for word in keywords if fold(word, mention.language) in text]


def judge_source(source: BlindSource, channels: tuple[str, ...]) -> Decision:
    """The operator hears once when a source goes blind, however long it stays so."""
    return Decision(
        rule=SOURCE_RULE,
        # The moment it went blind, not the run: a run that was killed before this is made up for.
        key=f"{SOURCE_RULE}:{source.source}:{source.since:%Y-%m-%dT%H:%M:%S}",
        brand=source.brand,
        severity="warning",
        title=f"Source {source.source} is {source.state}",
        reason=source.first_error or "it answered, but gave nothing where it used to",
        started_at=source.since,
        evidence={
            "state": source.state,
            "requests": source.requests,
            "rejects": source.rejects,
        },
        mention_ids=(),
        channels=channels,
    )


def without_inhibited(decisions: Sequence[Decision], waves: Sequence[Decision]) -> list[Decision]:
    """Decisions without those single mentions that one of `waves` tells the same channels of.

    Only a more severe wave counts: what is as bad as the wave itself (somebody was hurt) is told.
    """
    order = {"info": 0, "warning": 1, "critical": 2}

    def is_told(decision: Decision) -> bool:
        return any(
            set(decision.mention_ids) <= set(wave.mention_ids)
            and set(decision.channels) <= set(wave.channels)
            and order[decision.severity] < order[wave.severity]
            for wave in waves
        )

    return [
        decision
        for decision in decisions
        if len(decision.mention_ids) != 1 or not is_told(decision)
    ]
