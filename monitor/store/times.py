"""Times between code (aware datetimes in UTC) and store (`2026-11-22T09:30:00Z`)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import overload
from zoneinfo import ZoneInfo

from monitor.records import Week


@overload
def to_text(moment: datetime) -> str: ...
@overload
def to_text(moment: None) -> None: ...
def to_text(moment: datetime | None) -> str | None:
    """ISO-8601 in UTC with a Z, to the second; sorts as text in the order of time."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_text(text: str) -> datetime:
    return datetime.fromisoformat(text)


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of a moment where the brand lives."""
    return moment.astimezone(ZoneInfo(zone)).date()


def week_of(day: date, week_start: int) -> Week:
    """The week that holds `day`; `week_start` as in the store: 0 Sunday, 1 Monday, 6 Saturday."""
    since_start = (day.isoweekday() - week_start) % 7
    start = day - timedelta(days=since_start)
    return Week(start, start + timedelta(days=7))


def start_of_day(day: date, zone: str) -> datetime:
    """Midnight of a brand's day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
