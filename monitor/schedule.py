"""`monitor run`: the stages at their times, until SIGTERM.

The store says what is due, not the process: a source is due an interval after its last run, a
digest is due when its week is over and no row of it exists. So nothing is skipped by a restart,
and a machine that slept through Monday morning sends the digest when it wakes.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from monitor.config import Settings
from monitor.digest.due import next_digest_time
from monitor.errors import MonitorError
from monitor.pipeline import run_once, send
from monitor.runtime import Runtime
from monitor.store import open_store
from monitor.store import sources as source_store

log = logging.getLogger("monitor.schedule")

TICK_SECONDS = 15
"""How often the store is asked what is due; the shortest interval of a source is a minute."""


def due_sources(settings: Settings, last: dict[str, datetime], now: datetime) -> list[str]:
    """Names of enabled sources whose interval has passed since their last run, or without one."""
    return [
        source.name
        for source in settings.sources
        if source.enabled
        and source.url is not None
        and (source.name not in last or now - last[source.name] >= source.every)
    ]


def run_forever(settings: Settings, announce: Callable[[str], None]) -> None:
    """Runs until SIGTERM or SIGINT; a stage in progress gets ten seconds to end."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    # A tick that takes longer than the time to the next is no fault: it is waited for.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(
        timezone=UTC,
        # Late is better than never, once is better than a queue of late runs, never two at a time.
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    scheduler.add_job(
        _tick,
        "interval",
        seconds=TICK_SECONDS,
        args=[settings, announce, stop],
        next_run_time=datetime.now(UTC),
        id="tick",
    )
    scheduler.start()
    announce(f"watching {len(settings.sources)} sources; stop with SIGTERM or Ctrl-C")
    stop.wait()
    announce("stopping")
    # The crawl is a process of its own; what it spooled is stored by the next start.
    worker = threading.Thread(target=scheduler.shutdown, daemon=True)
    worker.start()
    worker.join(timeout=8)
    if worker.is_alive():
        announce("a stage did not end in time; the next start goes on where it stopped")
        os._exit(0)


def _tick(settings: Settings, announce: Callable[[str], None], stop: threading.Event) -> None:
    """What is due now, in one go: collect and all that follows, digests, the outbox."""
    if stop.is_set():
        return
    with _reported(announce), Runtime(settings) as runtime:
        # Each part for itself: a crawl or a model that fails keeps no digest from going out.
        with _reported(announce):
            _collect_due(runtime, announce, stop)
        with _reported(announce), runtime.lock():
            _write_digests(runtime, announce)
        with _reported(announce), runtime.lock():
            send(runtime)


@contextmanager
def _reported(announce: Callable[[str], None]) -> Iterator[None]:
    """One bad part of a tick must not end the watch: it is told, and the next tick tries again."""
    try:
        yield
    except MonitorError as error:
        announce(f"error: {error}")
    except Exception:
        log.exception("tick failed")


def _collect_due(runtime: Runtime, announce: Callable[[str], None], stop: threading.Event) -> None:
    last = source_store.last_finished(runtime.store)
    due = due_sources(runtime.settings, last, runtime.clock())
    if not due:
        return
    report = run_once(runtime, due, stop=stop)
    announce(
        f"{len(due)} sources: {sum(run.new for run in report.runs)} new,"
        f" {report.scored} scored, {len(report.alerts)} alerts"
    )
    for run in report.runs:
        if run.state not in ("ok", "unchanged", "empty"):
            announce(f"{run.source}: {run.state} ({run.first_error or 'no items'})")


def _write_digests(runtime: Runtime, announce: Callable[[str], None]) -> None:
    from monitor.digest.outbox import write_due

    for subject in write_due(runtime.store, runtime.settings, runtime.clock()):
        announce(f"digest written: {subject}")


def next_times(settings: Settings, now: datetime) -> list[tuple[str, datetime]]:
    """What comes next, for `monitor status`: (what, when), soonest first."""
    path = settings.resolve(settings.store)
    last: dict[str, datetime] = {}
    if path.exists():
        store = open_store(path, read_only=True)
        last = source_store.last_finished(store)
        store.close()
    times = [
        (source.name, max(now, last[source.name] + source.every) if source.name in last else now)
        for source in settings.sources
        if source.enabled and source.url is not None
    ]
    for recipient in settings.digest.recipients:
        zone = settings.brand(recipient.brand).timezone
        moment = next_digest_time(settings.digest.weekly, zone, now)
        times.append((f"digest {recipient.brand}", moment))
    return sorted(set(times), key=lambda pair: pair[1])
