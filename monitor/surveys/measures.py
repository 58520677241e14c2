"""NPS, CSAT, CES and stage scores of one wave, with their intervals; pure functions.

Give every function the answers of `latest(responses)`: one person counts once a wave.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.records import SurveyResponse
from monitor.trends.compare import Counts, mean, net_share, net_share_change, share
from monitor.trends.measures import Difference, Measure, Sample


def latest(responses: Iterable[SurveyResponse]) -> list[SurveyResponse]:
    """The latest answer of each respondent, in the order in which respondents first appear.

    Of two answers at the same moment the later in the file counts.
    """
    kept: dict[str, SurveyResponse] = {}
    for response in responses:
        before = kept.get(response.respondent)
        if before is None or response.answered_at >= before.answered_at:
            kept[response.respondent] = response
    return list(kept.values())


def nps_counts(scores: Iterable[float]) -> Counts:
    """Detractors (0-6), passives (7-8) and promoters (9-10) among likelihoods to recommend."""
    detractors = passives = promoters = 0
    for score in scores:
        if score >= 9:
            promoters += 1
        elif score >= 7:
            passives += 1
        else:
            detractors += 1
    return detractors, passives, promoters


def nps(scores: Iterable[float]) -> Measure:
    """Net promoter score, -100..100: % 9-10 minus % 0-6, with the adjusted Wald interval."""
    return net_share(*nps_counts(scores))


def nps_difference(now: Iterable[float], before: Iterable[float]) -> Difference:
    """Change of the net promoter score in points, with a test and a word."""
    return net_share_change(nps_counts(now), nps_counts(before))


def csat(scores: Iterable[float]) -> Measure:
    """Percentage of 4 and 5 on the scale 1-5, with Wilson's interval."""
    return share(*csat_counts(scores))


def csat_counts(scores: Iterable[float]) -> tuple[int, int]:
    """(satisfied, all): what `compare.share_change` takes."""
    values = list(scores)
    return sum(value >= 4 for value in values), len(values)


def ces(scores: Iterable[float]) -> Measure:
    """Customer effort score: the mean on 1-7 (7 is easiest), with Student's t interval."""
    return mean(Sample.of(scores))


def stage_score(scores: Iterable[float]) -> Measure:
    """The mean satisfaction with one journey stage on 1-5, with Student's t interval."""
    return mean(Sample.of(scores))


def stage_scores(responses: Iterable[SurveyResponse]) -> dict[str, Measure]:
    """Stage -> its score, stages in the order of the alphabet."""
    found: dict[str, list[float]] = {}
    for response in responses:
        for stage, score in response.stages.items():
            found.setdefault(stage, []).append(score)
    return {stage: stage_score(found[stage]) for stage in sorted(found)}
