"""Whether surveys and reviews say the same of a stage, and where they part; pure.

Their levels cannot be compared: who writes a review is seldom in the middle, who answers a survey
was asked. Compared is what moves together over the weeks, and how a stage stands among the others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["agree", "part", "no clear relation", "too few"]

LEAST_WEEKS = 8
LEAST_N = 20
"""Answers, and mentions, of a stage below which its standing says nothing."""
APART = 15.0
"""Points of 100 by which a stage stands higher on one side than on the other: apart."""


@dataclass(frozen=True, slots=True)
class StageWeek:
    """One stage in one week: survey mean on 1-5, net sentiment of texts, and how many of each."""

    survey_n: int
    survey_mean: float | None
    mentions: int
    net_sentiment: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One stage over the weeks: `correlation` is Spearman's, over `weeks` that have both.

    `survey` and `reviews` are on 0-100 (1-5 and -100..100 stretched to it), means weighed by n.
    `gap` is how much higher the survey stands than the reviews, less the same for all stages
    together: above nought, people are kinder when they are asked than when they write.
    """

    stage: str
    survey: float | None
    survey_n: int
    reviews: float | None
    mentions: int
    correlation: float | None
    p_value: float | None
    weeks: int
    gap: float | None
    verdict: Verdict


def agreement(stages: Mapping[str, Sequence[StageWeek]]) -> list[Agreement]:
    """Every stage, those that part first."""
    levels = {stage: _levels(weeks) for stage, weeks in stages.items()}
    known = [
        (survey - reviews)
        for survey, n, reviews, mentions in levels.values()
        if survey is not None and reviews is not None and min(n, mentions) >= LEAST_N
    ]
    usual = sum(known) / len(known) if len(known) >= 2 else None
    found = []
    for stage, weeks in stages.items():
        survey, n, reviews, mentions = levels[stage]
        correlation, p_value, both = _together(weeks)
        gap = None
        if usual is not None and survey is not None and reviews is not None:
            gap = survey - reviews - usual if min(n, mentions) >= LEAST_N else None
        verdict = _verdict(correlation, p_value, both, gap)
        found.append(
            Agreement(stage, survey, n, reviews, mentions, correlation, p_value, both, gap, verdict)
        )
    order = {"part": 0, "agree": 1, "no clear relation": 2, "too few": 3}
    return sorted(found, key=lambda one: (order[one.verdict], -abs(one.gap or 0.0), one.stage))


def _verdict(
    correlation: float | None, p_value: float | None, weeks: int, gap: float | None
) -> Verdict:
    if gap is not None and abs(gap) >= APART:
        return "part"
    if correlation is None or p_value is None or weeks < LEAST_WEEKS:
        return "agree" if gap is not None else "too few"
    if p_value < 0.05:
        return "agree" if correlation > 0 else "part"
    return "no clear relation"


def _levels(weeks: Sequence[StageWeek]) -> tuple[float | None, int, float | None, int]:
    """(survey on 0-100, its n, reviews on 0-100, mentions)."""
    n = sum(week.survey_n for week in weeks if week.survey_mean is not None)
    mentions = sum(week.mentions for week in weeks if week.net_sentiment is not None)
    survey = sum(w.survey_n * w.survey_mean for w in weeks if w.survey_mean is not None)
    net = sum(w.mentions * w.net_sentiment for w in weeks if w.net_sentiment is not None)
    return (
        25 * (survey / n - 1) if n else None,
        n,
        (net / mentions + 100) / 2 if mentions else None,
        mentions,
    )


def _together(weeks: Sequence[StageWeek]) -> tuple[float | None, float | None, int]:
    """Spearman's correlation and its p-value over the weeks that have both sides, and how many."""
    pairs = [
        (week.survey_mean, week.net_sentiment)
        for week in weeks
        if week.survey_mean is not None and week.net_sentiment is not None
    ]
    if len(pairs) < LEAST_WEEKS:
        return None, None, len(pairs)
    from scipy.stats import spearmanr

    if any(len(set(side)) < 2 for side in zip(*pairs, strict=True)):
        return None, None, len(pairs)
    result = spearmanr([a for a, _ in pairs], [b for _, b in pairs])
    correlation, p_value = float(result.statistic), float(result.pvalue)
    return (
        (None, None, len(pairs)) if math.isnan(correlation) else (correlation, p_value, len(pairs))
    )
