"""What one answer of a paged web service holds, and the instants that such services count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from monitor.records import RawItem, Reject
from spiders.parse.answers import start_of

_LATEST_SECOND = 253_402_300_799
"""The end of the year 9999: what Python can still write as a date."""


@dataclass(frozen=True, slots=True)
class Page:
    """Items and rejects of one answer, and how the service says that it goes on."""

    items: list[RawItem] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    following: str | None = None
    """Page number, cursor or token of what follows; None at the end."""
    refusal: str | None = None
    """Why the service did not answer what it was asked, in its words; None if it did."""
    wait_seconds: float = 0.0
    """How long the service wants to be left alone before the next request."""


def refused(source: str, cause: str, url: str, body: bytes, refusal: str | None = None) -> Page:
    """A page without items: one reject with the cause, which also is the refusal if none given."""
    reject = Reject(source, cause, url, start_of(body))
    return Page(rejects=[reject], refusal=refusal or cause)


def instant(seconds: Any) -> str | None:
    """Seconds since 1970 as "2026-03-01T12:00:00Z"; None for zero and for what is no count."""
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit() and len(seconds) < 13:
        seconds = int(seconds)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    if not 0 < seconds <= _LATEST_SECOND:
        return None
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
