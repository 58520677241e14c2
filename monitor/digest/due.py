"""When a weekly digest is to go out: a weekday and a clock time in the brand's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.config import Weekly

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def last_digest_time(weekly: Weekly, timezone: str, now: datetime) -> datetime:
    """The newest moment at or before `now` at which a digest was to go out, in UTC.

    The clock time is local: 07:30 stays 07:30 over a change of summer time.
    """
    today = now.astimezone(ZoneInfo(timezone)).date()
    day = today - timedelta(days=(today.weekday() - _WEEKDAYS.index(weekly.day)) % 7)
    moment = _moment(day, weekly, timezone)
    return moment if moment <= now else _moment(day - timedelta(days=7), weekly, timezone)


def next_digest_time(weekly: Weekly, timezone: str, now: datetime) -> datetime:
    """The first moment after `now` at which a digest is to go out, in UTC."""
    last = last_digest_time(weekly, timezone, now).astimezone(ZoneInfo(timezone))
    return _moment(last.date() + timedelta(days=7), weekly, timezone)


def _moment(day: date, weekly: Weekly, timezone: str) -> datetime:
    return datetime.combine(day, weekly.time, tzinfo=ZoneInfo(timezone)).astimezone(UTC)
