"""Waves: more negative mentions of a brand than its past explains; pure functions.

The count of a window is compared with the predictive distribution of a gamma-Poisson model
(a negative binomial) fitted to windows of the same length in the weeks before. Z-scores are not
used: with 0.46 negatives a day, three of them are "3.3 sigma" and happen every month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.config import WaveRule
from monitor.records import Decision, JudgedMention, ToldWave

LOOK_BACK = timedelta(days=14)
"""Mentions that are found later than this after they were written make no alarm."""


@dataclass(frozen=True, slots=True)
class Window:
    """Negatives in one window, beside what the past leads one to expect."""

    end: datetime
    count: int
    expected: float
    p_value: float
    mentions: tuple[JudgedMention, ...]


def judge_waves(
    rule: WaveRule,
    brand: str,
    mentions: Sequence[JudgedMention],
    fresh: Sequence[JudgedMention],
    told: Sequence[ToldWave],
    now: datetime,
) -> list[Decision]:
    """One decision for each wave that `fresh` mentions are part of.

    `mentions` are all scored ones of the brand over the baseline, oldest first. Windows end at
    fresh mentions, so a wave of last night is found by this morning's collection. A wave that
    goes on after an alert told of it (`told`) keeps the alert's key: it is not told again.
    """
    length = timedelta(hours=rule.window_hours)
    negatives = [mention for mention in mentions if mention.label == "negative"]
    ends = sorted(
        {
            m.published_at
            for m in fresh
            if m.label == "negative" and not m.is_backfill and now - m.published_at <= LOOK_BACK
        }
    )
    if not ends or not negatives:
        return []
    first_seen = min(mention.published_at for mention in mentions)
    firing: list[list[Window]] = []
    for end in ends:
        window = _window(rule, negatives, first_seen, end)
        if window is None:
            continue
        if firing and end - firing[-1][-1].end <= 2 * length:
            firing[-1].append(window)
        else:
            firing.append([window])
    return [_decision(rule, brand, wave, _same_wave(told, wave, length)) for wave in firing]


def _same_wave(
    told: Sequence[ToldWave], wave: Sequence[Window], length: timedelta
) -> ToldWave | None:
    """The newest wave told of that this one goes on from: less than three windows lie between."""
    for known in reversed(told):
        ends_before = known.last_at + 3 * length < wave[0].end
        begins_after = known.started_at - 3 * length > wave[-1].end
        if not ends_before and not begins_after:
            return known
    return None


def _window(
    rule: WaveRule, negatives: Sequence[JudgedMention], first_seen: datetime, end: datetime
) -> Window | None:
    """The window that ends at `end`, when it is a wave."""
    length = timedelta(hours=rule.window_hours)
    inside = tuple(m for m in negatives if end - length < m.published_at <= end)
    authors = {mention.author or mention.mention_id for mention in inside}
    if len(inside) < rule.min_count or len(authors) < rule.min_authors:
        return None
    # A guard of one window keeps the start of the same wave out of its own baseline.
    baseline_end = end - 2 * length
    baseline_start = max(first_seen, end - timedelta(days=rule.baseline_days))
    counts = _counts(negatives, baseline_start, baseline_end, length)
    if len(counts) < 4:
        return None
    expected, p_value = tail(counts, len(inside))
    if p_value > rule.p_value:
        return None
    return Window(end, len(inside), expected, p_value, inside)


def _counts(
    negatives: Sequence[JudgedMention], start: datetime, end: datetime, length: timedelta
) -> list[int]:
    """Negatives in each whole window between start and end."""
    bins = max(0, int((end - start) / length))
    counts = [0] * bins
    for mention in negatives:
        index = int((end - mention.published_at) / length)
        if mention.published_at <= end and 0 <= index < bins:
            counts[index] += 1
    return counts


def tail(counts: Sequence[int], observed: int) -> tuple[float, float]:
    """Expected count and P(X >= observed) under a negative binomial fitted to `counts`.

    Counts above the 90th percentile are pulled down to it first, so that an earlier wave does not
    hide the next one. The mean carries half a mention as prior: an empty past is no certainty.
    """
    from scipy.stats import nbinom

    ordered = sorted(counts)
    ceiling = max(1, ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))])
    clipped = [min(count, ceiling) for count in counts]
    n = len(clipped)
    mean = (sum(clipped) + 0.5) / n
    variance = sum((count - mean) ** 2 for count in clipped) / max(1, n - 1)
    # Over-dispersion by moments, at least that of the uncertain mean itself (gamma posterior).
    excess = max((variance - mean) / mean**2, 1 / (sum(clipped) + 0.5))
    shape = 1 / excess
    return mean, float(nbinom.sf(observed - 1, shape, shape / (shape + mean)))


def _decision(
    rule: WaveRule, brand: str, wave: Sequence[Window], known: ToldWave | None
) -> Decision:
    peak = min(wave, key=lambda window: (window.p_value, -window.count))
    members = {m.mention_id: m for window in wave for m in window.mentions}
    evidence: Mapping[str, object] = {
        "observed": peak.count,
        "expected": round(peak.expected, 2),
        "p_value": float(f"{peak.p_value:.2g}"),
        "window_hours": rule.window_hours,
        "total": len(members),
        "sources": _tally(m.source for m in members.values()),
        "languages": _tally(m.language for m in members.values()),
    }
    started_at = min(mention.published_at for mention in members.values())
    hours = rule.window_hours
    return Decision(
        rule=rule.name,
        key=known.key if known else f"{rule.name}:wave:{brand}:{started_at:%Y-%m-%dT%H:%M:%S}",
        brand=brand,
        severity=rule.severity,
        title=f"{brand}: wave of negative mentions",
        reason=(
            f"{peak.count} negative mentions in {hours} h where about {peak.expected:.1f} are usual"
            f" (by chance: {peak.p_value:.2g}); {len(members)} in all since it began"
        ),
        started_at=started_at,
        evidence=evidence,
        mention_ids=tuple(sorted(members)),
        channels=known.channels if known else rule.to,
    )


def _tally(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())
