"""Instants as services write them: for deciding how far back to read, never for what is stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from monitor.records import RawItem


def moment_of(raw: str | None) -> datetime | None:
    """The instant of an ISO-8601 text; None for any other date: those are read later."""
    try:
        moment = datetime.fromisoformat(raw or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def all_older(items: Iterable[RawItem], since: datetime | None) -> bool:
    """True if even the newest of the items, as far as it has a date, is older than `since`."""
    moments = [moment_of(item.edited or item.published) for item in items]
    known = [moment for moment in moments if moment]
    return since is not None and bool(known) and max(known) < since
