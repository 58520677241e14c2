"""How far a back-fill is, and where the next one goes on: decided from what a crawl left, purely.

A crawl notes each page behind its items (spiders/open_requests.py). What was asked for and not read
is what is left to do; it is stored in the transaction that stores the items, so that a page is
never counted as read whose items are not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from monitor.records import Backfill

Row = Mapping[str, Any]

_CUT_SHORT = {"pages", "time", "stopped"}
"""Limits that end a visit before it is done; others (a body too large) are as far as it gets."""


@dataclass(frozen=True, slots=True)
class PageNotes:
    """What the spool of a back-fill says beside its items."""

    since: datetime
    goes_on: bool
    """It continued an earlier one: what that left open is open until read."""
    has_begun: bool
    """It came as far as to know what to ask for first: not without the login that it needs."""
    done: frozenset[str]
    led_to: tuple[Row, ...]


def page_notes(lines: Iterable[Any]) -> PageNotes | None:
    """The notes among the lines of a spool; None when it is not one of a back-fill."""
    head: Row | None = None
    done: set[str] = set()
    has_begun = False
    led_to: list[Row] = []
    for line in lines:
        if not isinstance(line, Mapping):
            continue
        if line.get("type") == "backfill":
            head = head or line
        elif line.get("type") == "page":
            done |= {str(line["done"])} if line.get("done") else set()
            has_begun = True
            led_to += line.get("led_to") or ()
    if head is None:
        return None
    since = datetime.fromisoformat(str(head["since"]))
    goes_on = bool(head.get("goes_on"))
    return PageNotes(since, goes_on, has_begun, frozenset(done), tuple(led_to))


def continued(before: Backfill | None, wanted_since: datetime, from_start: bool) -> Backfill | None:
    """The back-fill that is to be gone on with; None to begin with the first page.

    One that was to go less far back cannot be continued: the pages that it read are not read again,
    and what is older was left out of them.
    """
    if before is None or before.is_finished or from_start or not before.open_requests:
        return None
    return before if before.since <= wanted_since else None


def after_run(
    before: Backfill | None,
    notes: PageNotes,
    items: int,
    oldest_day: date | None,
    stats: Mapping[str, Any] | None,
) -> Backfill:
    """How far a back-fill is after a crawl that left these notes; stats None: it was killed."""
    if before is None or not notes.goes_on:
        before = Backfill(notes.since)
    rows = {str(row["key"]): row for row in (*before.open_requests, *notes.led_to)}
    left = tuple(row for key, row in rows.items() if key not in notes.done)
    ended_well = stats is not None and stats.get("finish_reason") == "finished"
    is_read = notes.has_begun and not left
    is_finished = ended_well and is_read and (stats or {}).get("limit") not in _CUT_SHORT
    days = [day for day in (before.oldest_day, oldest_day) if day]
    return Backfill(
        since=notes.since,
        pages=before.pages + len(notes.done),
        items=before.items + items,
        oldest_day=min(days, default=None),
        open_requests=left,
        is_finished=is_finished,
    )
