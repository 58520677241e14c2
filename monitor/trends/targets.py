"""How much of a target is attained, and whether it will be in time; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

State = Literal["attained", "on track", "behind", "missed", "unknown"]

LOWER_IS_BETTER = frozenset(
    {
        "negative_share",
        "reply_minutes",
        "complaints",
        "repeat_contacts",
        "churned",
        "complaints_per_1000_orders",
        "churned_share",
    }
)


@dataclass(frozen=True, slots=True)
class Attainment:
    """`share` of the way from where it started to the goal, 0 at the start, 1 at the goal.

    None where the start is not known or was past the goal already. It may be below 0 and above 1.
    """

    share: float | None
    state: State


def attainment(
    measure: str,
    goal: float,
    now: float | None,
    today: date,
    due_on: date,
    start: float | None = None,
    set_on: date | None = None,
) -> Attainment:
    """Where a target stands. On track is who has gone as much of the way as of the time."""
    if now is None:
        return Attainment(None, "missed" if today > due_on else "unknown")
    share = None
    if start is not None and start != goal and (goal < start) == (measure in LOWER_IS_BETTER):
        share = (now - start) / (goal - start)
    is_there = now <= goal if measure in LOWER_IS_BETTER else now >= goal
    if is_there:
        return Attainment(share, "attained")
    if today > due_on:
        return Attainment(share, "missed")
    if share is None or set_on is None or due_on <= set_on:
        return Attainment(share, "behind" if share is None else "on track")
    gone = (today - set_on) / (due_on - set_on)
    return Attainment(share, "on track" if share >= gone else "behind")
