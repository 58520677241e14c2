"""A finished spool becomes rows: mentions, run and marks in one transaction, then it is deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.backfill import after_run, page_notes
from monitor.collect.spool import (
    documents,
    is_empty,
    is_let_go,
    read_spool,
    read_stats,
    source_of,
    spool_of_stats,
    stats_of,
)
from monitor.collect.states import judge, run_of, was_stopped
from monitor.collect.targets import CrawlSettings, CrawlTarget
from monitor.errors import CollectError
from monitor.ingest import ingest
from monitor.normalise import Identify
from monitor.records import CrawlRun
from monitor.store import Store
from monitor.store import backfills as backfill_store
from monitor.store import sources as source_store
from monitor.store.times import local_day


def recover(
    store: Store,
    targets: Mapping[str, CrawlTarget],
    settings: CrawlSettings,
    identify: Identify,
    clock: Callable[[], datetime],
) -> list[CrawlRun]:
    """Stores spool files that an earlier, interrupted run left behind.

    Only files of known targets are taken; the caller holds the lock, so nobody else writes them.
    """
    folder = settings.spool_folder
    runs = []
    for leftover in (*folder.glob("*.job.json"), *folder.glob("*.tmp")):
        leftover.unlink(missing_ok=True)
    for spool in sorted(folder.glob("*.jsonl")):
        target = targets.get(source_of(spool))
        if target is not None and not is_let_go(spool):
            raise CollectError(
                f"{target.stored.name}: a crawl that nobody waits for is still writing; try again"
            )
        run = None if target is None else commit(store, target, spool, identify, clock)
        if run is not None:
            runs.append(run)
    for stats in folder.glob("*.stats.json"):
        if not spool_of_stats(stats).exists():
            stats.unlink(missing_ok=True)
    return runs


def commit(
    store: Store,
    target: CrawlTarget,
    spool: Path,
    identify: Identify,
    clock: Callable[[], datetime],
) -> CrawlRun | None:
    """Stores a spool with its run; None when it was stored before or says nothing of the source."""
    stats = read_stats(spool)
    with store.write():
        run = None
        is_silent = stats is None or was_stopped(stats)
        if not (is_silent and is_empty(spool)) and not source_store.has_run(store, spool.name):
            run = _store_spool(store, target, spool, stats, identify, clock())
    spool.unlink(missing_ok=True)
    stats_of(spool).unlink(missing_ok=True)
    return run


def _store_spool(
    store: Store,
    target: CrawlTarget,
    spool: Path,
    stats: Mapping[str, Any] | None,
    identify: Identify,
    now: datetime,
) -> CrawlRun:
    had_items = source_store.used_to_yield(store, target.stored.id)
    stored = source_store.find(store, target.stored.name) or target.stored
    notes = page_notes(documents(spool))
    since = notes.since if notes else None
    done = ingest(store, stored, read_spool(spool), target.context, identify, now, since=since)
    state = judge(stats, done.items, done.rejects, had_items, done.left_out)
    run = run_of(target.stored.name, stats, done, state, now)
    if notes is not None:
        before = backfill_store.find(store, stored.id)
        oldest = local_day(done.oldest, stored.timezone) if done.oldest else None
        backfill = after_run(before, notes, done.items, oldest, stats)
        backfill_store.keep(store, stored.id, backfill, not notes.goes_on, now)
        run = replace(run, backfill=backfill)
    source_store.record_run(store, stored, run, spool.name)
    if stats:
        source_store.keep_validators(store, stored.id, stats.get("validators", {}))
    return run
