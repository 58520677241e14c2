"""One collection: all targets crawled in one process, each stored as soon as it is done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from monitor.backfill import continued
from monitor.collect.jobs import write_job
from monitor.collect.keeping import commit, recover
from monitor.collect.process import crawl
from monitor.collect.spool import spool_of
from monitor.collect.targets import CrawlSettings, CrawlTarget
from monitor.errors import CollectError
from monitor.normalise import Identify
from monitor.records import Backfill, CrawlRun
from monitor.store import Store
from monitor.store import backfills as backfill_store


def collect(
    store: Store,
    targets: Sequence[CrawlTarget],
    settings: CrawlSettings,
    identify: Identify,
    clock: Callable[[], datetime],
    on_done: Callable[[CrawlRun], None] = lambda run: None,
    backfill_days: int | None = None,
    stop: threading.Event | None = None,
    from_start: bool = False,
    on_page: Callable[[str, Backfill], None] = lambda source, backfill: None,
) -> list[CrawlRun]:
    """Crawls all targets in one process and stores each as soon as it is done.

    `backfill_days` asks for everything again, also what the site says has not changed, and leaves
    out what was published earlier than that. A back-fill that stopped on its way is gone on with,
    unless `from_start`; `on_page` hears after each page how far it is.

    Setting `stop` ends the crawl early; what it fetched until then is stored. When the crawl
    process fails, what it left is stored before `CollectError` is raised.
    """
    runs = recover(store, {t.stored.name: t for t in targets}, settings, identify, clock)
    if not targets:
        return runs
    by_name = {target.stored.name: target for target in targets}
    backfills = _begun(store, targets, clock(), backfill_days, from_start)
    job = write_job(store, targets, settings, clock(), backfills)

    def keep(target: CrawlTarget) -> None:
        spool = spool_of(settings, job, target.stored.name)
        run = commit(store, target, spool, identify, clock)
        if run is not None:
            runs.append(run)
            on_done(run)

    failure: CollectError | None = None
    try:
        for said in crawl(job, targets, stop):
            if "done" in said:
                keep(by_name.pop(said["done"]))
            elif "page" in said:
                on_page(said["page"], _so_far(backfills[said["page"]], said))
    except CollectError as error:
        failure = error
    finally:
        job.unlink(missing_ok=True)
    for target in by_name.values():  # the process died before these were done
        keep(target)
    if failure is not None:
        raise failure
    return runs


def _begun(
    store: Store,
    targets: Sequence[CrawlTarget],
    now: datetime,
    days: int | None,
    from_start: bool,
) -> dict[str, Backfill]:
    """The back-fill of each source as it is before this run: its first page, or where one stopped.

    Empty when this is none.
    """
    if days is None:
        return {}
    since = (now - timedelta(days=days)).replace(microsecond=0)
    return {
        target.stored.name: continued(
            backfill_store.find(store, target.stored.id), since, from_start
        )
        or Backfill(since)
        for target in targets
    }


def _so_far(before: Backfill, said: Mapping[str, Any]) -> Backfill:
    """A back-fill with what the crawl process says of its pages, which are not stored yet."""
    days = [before.oldest_day, date.fromisoformat(said["oldest"]) if said["oldest"] else None]
    return replace(
        before,
        pages=before.pages + said["pages"],
        items=before.items + said["items"],
        oldest_day=min((day for day in days if day), default=None),
    )
