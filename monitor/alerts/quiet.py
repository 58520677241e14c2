"""Sources that used to give something and no longer do, judged by their own rhythm; pure functions.

A source is quiet when its present silence is one that its own past makes improbable. Days are
looked at, not items: twenty reviews in an hour are one day with something. A day counts by how
often this weekday brought something, so the weekend of a source that rests on weekends is no
silence. Past silences beyond their mean have an exponential tail whose length is itself uncertain
(a Lomax distribution): few silences seen, or long ones, and the present one must last longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from monitor.records import Decision, SourceRhythm

QUIET_RULE = "source-quiet"
"""The name under which the operator hears of sources gone quiet: a rule that is always on."""

MOST_DAYS = 61
"""Days with something that are looked at: the newest sixty gaps, so that a new rhythm counts."""
FEWEST_DAYS = 9
"""With fewer days there is no rhythm to judge by."""
SHORTEST_HISTORY = timedelta(days=14)

MOST_P = 0.01
FALSE_ALARMS_A_YEAR = 0.5
"""A daily source tells 365 gaps a year: at 1 % each it would be called quiet every season."""

_PRIOR = 3.0
"""Silences of twice the mean that every source is thought to have had: the weight of a doubt."""


LONG_P = 0.1
"""A silence that one in ten of the past outlasts is longer than usual: worth a look, no alert."""

SilenceWord = Literal["usual", "long", "quiet", "unknown"]


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a source has given nothing, up to its last answer, beside what is usual for it."""

    since: date
    """The last day on which something came."""
    silent_days: int
    word: SilenceWord
    """`quiet`: its past does not explain it; `unknown`: too little is known of its rhythm."""
    usual_days: float | None = None
    """Mean number of days from one day with something to the next."""
    longest_days: int | None = None
    p_value: float | None = None


def quiet_key(rhythm: SourceRhythm) -> str:
    """One name for the silence that goes on since the source last gave something."""
    return f"{QUIET_RULE}:{rhythm.source}:{last_day(rhythm)}"


def last_day(rhythm: SourceRhythm) -> date:
    """The day since which nothing came."""
    return max((*rhythm.days, rhythm.heard))


def judge_rhythm(rhythm: SourceRhythm, channels: tuple[str, ...]) -> Decision | None:
    """The operator hears once of a silence that the source's rhythm makes improbable."""
    quiet = find_quiet(rhythm)
    if quiet is None or quiet.usual_days is None:
        return None
    return Decision(
        rule=QUIET_RULE,
        key=quiet_key(rhythm),
        brand=rhythm.brand,
        severity="warning",
        title=f"Source {rhythm.source} has gone quiet",
        reason=(
            f"usually something {_every(quiet.usual_days)}, nothing for {quiet.silent_days} days;"
            f" longest silence before: {quiet.longest_days} days"
            f" (by chance: {quiet.p_value:.1g}); it answers, but has nothing new"
        ),
        started_at=rhythm.heard_at,
        evidence={
            "source": rhythm.source,
            "silent_days": quiet.silent_days,
            "usual_days": round(quiet.usual_days, 1),
            "longest_days": quiet.longest_days,
            "p_value": float(f"{quiet.p_value:.2g}"),
        },
        mention_ids=(),
        channels=channels,
    )


def find_quiet(rhythm: SourceRhythm) -> Silence | None:
    """The present silence when it is improbable; None while it is usual or too little is known.

    The silence ends at the last answer, not now: a source that is seldom asked, or that cannot be
    reached, is not called quiet for what nobody looked at.
    """
    found = judge_silence(rhythm)
    return found if found.word == "quiet" else None


def judge_silence(rhythm: SourceRhythm) -> Silence:
    """The present silence with a word for it, whether anybody is told of it or not."""
    # What was silent when we came counts as a silence of its past: it never yielded to us.
    days = sorted({*rhythm.days, rhythm.heard})[-MOST_DAYS:]
    since = days[-1]
    # The day of the answer itself is not over yet.
    silent_days = max(0, (rhythm.answered - since).days - 1)
    if len(days) < FEWEST_DAYS or since - days[0] < SHORTEST_HISTORY:
        return Silence(since, silent_days, "unknown")
    clock = _Clock(days)
    gaps = [clock.between(one, other) for one, other in pairwise(days)]
    present = clock.between(since, since + timedelta(days=silent_days))
    p_value = tail(gaps, present) if silent_days else 1.0
    usual_days = (days[-1] - days[0]).days / len(gaps)
    longest = max((b - a).days - 1 for a, b in pairwise(days))
    word: SilenceWord = "long" if p_value <= LONG_P else "usual"
    # Whatever the tail says: one that was silent for as long before is not called quiet.
    is_record = present >= max(gaps)
    if is_record and p_value <= min(MOST_P, FALSE_ALARMS_A_YEAR * usual_days / 365):
        word = "quiet"
    return Silence(since, silent_days, word, usual_days, longest, p_value)


def tail(gaps: Sequence[float], silent: float) -> float:
    """P(a gap is longer than `silent`), from past gaps; 1 up to their mean."""
    mean = sum(gaps) / len(gaps)
    if silent <= mean:
        return 1.0
    excesses = [gap - mean for gap in gaps if gap > mean]
    is_long = (len(excesses) + 1) / (len(gaps) + 2)
    shape = len(excesses) + _PRIOR
    scale = sum(excesses) + _PRIOR * mean
    further: float = (scale / (scale + silent - mean)) ** shape
    return is_long * further


class _Clock:
    """Counts days by how much each weekday of the past brought: on average a day counts as one."""

    def __init__(self, days: Sequence[date]) -> None:
        weeks = ((days[-1] - days[0]).days + 1) / 7
        share = len(days) / (7 * weeks)
        hits = [0] * 7
        for day in days:
            hits[day.weekday()] += 1
        # Two weeks of an even rhythm as prior: one Monday does not make a Monday source.
        self._weights = [(count + 2 * share) / ((weeks + 2) * share) for count in hits]

    def between(self, start: date, end: date) -> float:
        """What the days after `start` up to and with `end` count."""
        whole, rest = divmod((end - start).days, 7)
        ahead = [self._weights[(start.weekday() + 1 + i) % 7] for i in range(rest)]
        return whole * sum(self._weights) + sum(ahead)


def _every(days: float) -> str:
    if days < 1.5:
        return "every day"
    return f"every {days:.0f} days"
