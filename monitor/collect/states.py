"""How a run ended: one state and its counts, from what the crawl counted; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.ingest import Ingested
from monitor.records import CrawlRun
from monitor.store.times import from_text

_CAUSES = ("blocked", "first_error", "nothing", "limit")
"""Where a crawl's stats say why it ended as it did, the weightiest first."""
_STOPPED = frozenset({"not started", "shutdown", "killed"})
"""How a visit ended that we cut short ourselves: this says nothing about the source."""


def judge(
    stats: Mapping[str, Any] | None,
    items: int,
    rejects: int,
    used_to_yield: bool,
    left_out: int = 0,
) -> str:
    """The state of a run, from what the crawl counted; never "0 reviews" for a source that failed.

    A page that answers but gives nothing where earlier runs got items is `broken`: its layout
    changed, unless the site itself said that there is nothing. Items together with errors, a
    limit or an early end are `partial`. What was left out (it is not about the brand, its author
    opted out) shows that the page can be read: then it is `empty`.
    """
    read = items or left_out
    if stats is None:
        return "partial" if read or rejects else "unreachable"
    if stats.get("blocked"):
        return "partial" if read else "blocked"
    if stats.get("nothing") and not read:
        return "empty"
    answered = any(code[:1] in "23" for code in stats.get("statuses", {}))
    failed = bool(stats.get("first_error") or stats.get("limit")) or was_stopped(stats)
    if read:
        return "partial" if failed else "ok" if items else "empty"
    if not answered:
        return "unreachable"
    if stats.get("unchanged"):
        return "unchanged"
    if rejects or used_to_yield:
        return "broken"
    return "empty"


def run_of(
    source: str,
    stats: Mapping[str, Any] | None,
    done: Ingested,
    state: str,
    now: datetime,
) -> CrawlRun:
    """The run as it is stored: its state, when it was, what it counted, its first cause."""
    stats = stats or {"first_error": "the crawl process ended before this source was done"}
    return CrawlRun(
        source=source,
        state=state,
        started_at=from_text(stats["started_at"]) if "started_at" in stats else now,
        finished_at=from_text(stats["finished_at"]) if "finished_at" in stats else now,
        items=done.items,
        new=done.new,
        changed=done.changed,
        rejects=done.rejects,
        requests=int(stats.get("requests", 0)),
        first_error=next((stats[name] for name in _CAUSES if stats.get(name)), None),
        left_out=done.left_out,
    )


def was_stopped(stats: Mapping[str, Any]) -> bool:
    """True for a visit that we cut short ourselves: an empty one says nothing of the source."""
    return stats.get("finish_reason") in _STOPPED
