"""How the sources did, week by week: which week is partial, and which source was missing in it.

Stricter than the view `reputation_weekly`: a source that answered on Monday and was blocked from
Tuesday on makes the week partial too, because its silence is no silence of the customers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.digest import facts
from monitor.digest.facts import SourceFact, SourceWeek
from monitor.digest.model import SourceTrouble, State
from monitor.records import Week
from monitor.store import Store
from monitor.store.times import start_of_day

CUT_AFTER = timedelta(days=1)
"""A week's last part without an answer that is long enough to hide a day's mentions."""


@dataclass(frozen=True, slots=True)
class WeekSources:
    """The brand's sources in this week."""

    states: Mapping[str, State]
    troubles: tuple[SourceTrouble, ...]
    expected: int
    """Sources that were to be collected in this week."""
    answered: int
    """Those of them that answered at least once."""
    has_files: bool
    last_run_at: datetime | None
    partial: frozenset[int]
    """Positions of the partial weeks in the list of weeks."""


def week_sources(
    store: Store, brand: str, weeks: Sequence[Week], timezone: str, now: datetime
) -> WeekSources:
    """What the runs say of the last of `weeks`, and which of all are partial."""
    ends = [min(now, start_of_day(week.end, timezone)) for week in weeks]
    known = facts.sources(store, brand, now)
    runs = facts.source_weeks(store, brand, weeks, timezone)
    this_week = {run.source: run for run in runs if run.position == len(weeks) - 1}
    states = {one.name: _state(one, this_week.get(one.name), ends[-1]) for one in known}
    troubles = tuple(
        _trouble(one, states[one.name], this_week.get(one.name))
        for one in known
        if states[one.name] in ("blind", "cut", "not run", "never")
    )
    partial = {run.position for run in runs if _is_missing(run, ends[run.position])}
    if any(one.state == "not run" for one in troubles):
        partial.add(len(weeks) - 1)
    expected = [name for name, state in states.items() if state not in ("file", "off")]
    return WeekSources(
        states=states,
        troubles=troubles,
        expected=len(expected),
        answered=sum(states[name] in ("answered", "cut") for name in expected),
        has_files=any(state == "file" for state in states.values()),
        last_run_at=max((one.last_run_at for one in known if one.last_run_at), default=None),
        partial=frozenset(partial),
    )


def _state(source: SourceFact, run: SourceWeek | None, end: datetime) -> State:
    if run is not None:
        if run.last_answer_at is None:
            return "blind"
        return "cut" if _is_missing(run, end) else "answered"
    if source.last_answer_at is not None and source.last_answer_at >= end:
        # First collected, or collected again, after the week: that run brought the week's mentions.
        return "answered"
    if not source.is_scheduled:
        return "file"
    if not source.is_enabled:
        return "off"
    return "never" if source.last_run_at is None else "not run"


def _is_missing(run: SourceWeek, end: datetime) -> bool:
    """True when the source never answered in that week, or failed through its last day."""
    if run.last_answer_at is None:
        return True
    return run.last_run_at > run.last_answer_at and end - run.last_answer_at > CUT_AFTER


def _trouble(source: SourceFact, state: State, run: SourceWeek | None) -> SourceTrouble:
    return SourceTrouble(
        name=source.name,
        state=state,
        last_state=run.last_state if run is not None else None,
        last_answer_at=source.last_answer_at,
    )
