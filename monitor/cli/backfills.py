"""How far back-fills are, in lines for a person or for a script."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from monitor.records import Backfill

_SECONDS_BETWEEN_LINES = 2.0
"""A line for every page of every source would be a log nobody reads."""


class BackfillLines:
    """Says how far each source is, its first page at once and then every few seconds."""

    def __init__(self, say: Callable[[str], None], is_json: bool) -> None:
        self._say = say
        self._is_json = is_json
        self._said_at: dict[str, float] = {}

    def page(self, source: str, backfill: Backfill) -> None:
        """Called after each page that was read."""
        now = time.monotonic()
        if now - self._said_at.get(source, -_SECONDS_BETWEEN_LINES) < _SECONDS_BETWEEN_LINES:
            return
        self._said_at[source] = now
        if self._is_json:
            shown = as_dict(backfill)
            counts = {key: shown[key] for key in ("pages", "items", "oldest_day")}
            self._say(json.dumps({"source": source, **counts}, ensure_ascii=False))
        else:
            self._say(f"{source}: {_so_far(backfill)}")


def as_dict(backfill: Backfill) -> dict[str, Any]:
    """A back-fill as a script reads it."""
    oldest = backfill.oldest_day
    return {
        "since": backfill.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "pages": backfill.pages,
        "items": backfill.items,
        "oldest_day": oldest.isoformat() if oldest else None,
        "open_pages": len(backfill.open_requests),
        "is_finished": backfill.is_finished,
    }


def ended(source: str, backfill: Backfill) -> str:
    """How a back-fill stands after a run, and what to do if it is not finished."""
    if backfill.is_finished:
        return f"{source}: back-fill finished, {_so_far(backfill)}"
    return f"{source}: back-fill not finished, {_so_far(backfill)}; the same command goes on there"


def _so_far(backfill: Backfill) -> str:
    reached = f", back to {backfill.oldest_day}" if backfill.oldest_day else ""
    return f"{backfill.pages} pages, {backfill.items} items{reached}"
