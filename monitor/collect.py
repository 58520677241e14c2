"""Spiders run in their own process; what they leave is stored, and each source gets a state.

The crawl appends to one spool file a source and writes a stats file when that source is done.
Here a finished spool is stored in one transaction together with its run and its conditional-request
marks, and only then deleted: a crash at any point loses nothing and stores nothing twice.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from monitor.backfill import after_run, continued, page_notes
from monitor.config import Secret
from monitor.errors import CollectError
from monitor.ingest import Ingested, ingest, parse_line
from monitor.normalise import Identify, SourceContext
from monitor.records import Backfill, CrawlRun, RawItem, Reject
from monitor.store import Store
from monitor.store import backfills as backfill_store
from monitor.store import sources as source_store
from monitor.store.sources import StoredSource
from monitor.store.times import from_text, local_day

_CAUSES = ("blocked", "first_error", "nothing", "limit")
"""Where a crawl's stats say why it ended as it did, the weightiest first."""
_STOPPED = frozenset({"not started", "shutdown", "killed"})
"""How a visit ended that we cut short ourselves: this says nothing about the source."""

_NOTES = {"backfill", "page"}
"""Lines of a spool that are neither items nor rejects."""

_SECONDS_TO_LET_GO = 10.0
"""A crawl that lost its parent looks twice a second and ends within four more."""


@dataclass(frozen=True, slots=True)
class CrawlTarget:
    """One source for the crawl process: what to fetch, and how its rows are read."""

    stored: StoredSource
    url: str
    options: Mapping[str, Any]
    context: SourceContext
    secrets: Mapping[str, Secret] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CrawlSettings:
    """Manners and limits of one crawl process."""

    user_agent: str
    concurrent_sources: int
    max_seconds: float
    scrapy: Mapping[str, Any]
    spool_folder: Path = Path("spool")


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
    job = _write_job(store, targets, settings, clock(), backfills)

    def keep(target: CrawlTarget) -> None:
        spool = _spool(settings, job, target.stored.name)
        run = _commit(store, target, spool, identify, clock)
        if run is not None:
            runs.append(run)
            on_done(run)

    failure: CollectError | None = None
    try:
        for said in _crawl(job, targets, stop):
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
        target = targets.get(_source_of(spool))
        if target is not None and not _is_let_go(spool):
            raise CollectError(
                f"{target.stored.name}: a crawl that nobody waits for is still writing; try again"
            )
        run = None if target is None else _commit(store, target, spool, identify, clock)
        if run is not None:
            runs.append(run)
    for stats in folder.glob("*.stats.json"):
        if not _spool_of(stats).exists():
            stats.unlink(missing_ok=True)
    return runs


def preview(target: CrawlTarget, settings: CrawlSettings) -> tuple[list[RawItem | Reject], str]:
    """What a source gives now and the state it would get; nothing is stored.

    Raises `CollectError` when a secret of the source cannot be read.
    """
    for name, secret in target.secrets.items():
        try:
            secret.reveal()
        except ValueError as error:
            raise CollectError(f"{target.stored.name}: secrets.{name}: {error}") from error
    # In a folder of its own: a spool in the usual one would be stored by the next collection.
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(settings, spool_folder=Path(folder))
        job = _write_job(None, [target], settings, datetime.now(UTC), {})
        spool = _spool(settings, job, target.stored.name)
        for _ in _crawl(job, [target]):
            pass
        lines = list(read_spool(spool))
        stats = _read_stats(spool)
    items = sum(isinstance(line, RawItem) for line in lines)
    return lines, judge(stats, items, len(lines) - items, used_to_yield=False)


def read_saved_page(file: Path, source: str) -> Iterator[RawItem | Reject]:
    """Items of a page or feed that was saved to a file, read by the spiders' own parsers."""
    command = [sys.executable, "-m", "spiders.read", str(file), "--source", source]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise CollectError(f"{file}: {last[0]}")
    for line in done.stdout.splitlines():
        yield parse_line(json.loads(line))


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
    limit or an early end are `partial`. What was left out because it is not about the brand shows
    that the page can be read: then it is `empty`.
    """
    read = items or left_out
    if stats is None:
        return "partial" if read or rejects else "unreachable"
    if stats.get("blocked"):
        return "partial" if read else "blocked"
    if stats.get("nothing") and not read:
        return "empty"
    answered = any(code[:1] in "23" for code in stats.get("statuses", {}))
    failed = bool(stats.get("first_error") or stats.get("limit")) or _was_stopped(stats)
    if read:
        return "partial" if failed else "ok" if items else "empty"
    if not answered:
        return "unreachable"
    if stats.get("unchanged"):
        return "unchanged"
    if rejects or used_to_yield:
        return "broken"
    return "empty"


def read_spool(spool: Path) -> Iterator[RawItem | Reject]:
    """The lines of a spool file; one torn by a killed crawl is left out and fetched again."""
    for document in _documents(spool):
        if isinstance(document, Mapping) and document.get("type") in _NOTES:
            continue
        try:
            yield parse_line(document)
        except (ValueError, TypeError):
            excerpt = str(document)[:200]
            yield Reject(_source_of(spool), "spool line is no item", spool.name, excerpt)


def _documents(spool: Path) -> Iterator[Any]:
    """Every line of a spool; one that is no JSON as its text, a torn one not at all."""
    if not spool.exists():
        return
    with spool.open("rb") as lines:  # as bytes: a line may be torn in the middle of a letter
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError:
                if line.endswith(b"\n"):
                    yield line.decode("utf-8", "replace")


def _is_let_go(spool: Path) -> bool:
    """Whether nobody writes a spool any more; waits a while for a crawl that was left alone.

    It notices within a second that whoever started it is gone, and ends.
    """
    deadline = time.monotonic() + _SECONDS_TO_LET_GO
    with spool.open("rb") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.05)
            else:
                return True


def _commit(
    store: Store,
    target: CrawlTarget,
    spool: Path,
    identify: Identify,
    clock: Callable[[], datetime],
) -> CrawlRun | None:
    """Stores a spool with its run; None when it was stored before or says nothing of the source."""
    stats = _read_stats(spool)
    with store.write():
        run = None
        is_silent = stats is None or _was_stopped(stats)
        if not (is_silent and _is_empty(spool)) and not source_store.has_run(store, spool.name):
            run = _store_spool(store, target, spool, stats, identify, clock())
    spool.unlink(missing_ok=True)
    _stats_of(spool).unlink(missing_ok=True)
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
    notes = page_notes(_documents(spool))
    since = notes.since if notes else None
    done = ingest(store, stored, read_spool(spool), target.context, identify, now, since=since)
    state = judge(stats, done.items, done.rejects, had_items, done.left_out)
    run = _run(target, stats, done, state, now)
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


def _run(
    target: CrawlTarget,
    stats: Mapping[str, Any] | None,
    done: Ingested,
    state: str,
    now: datetime,
) -> CrawlRun:
    stats = stats or {"first_error": "the crawl process ended before this source was done"}
    return CrawlRun(
        source=target.stored.name,
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


def _write_job(
    store: Store | None,
    targets: Sequence[CrawlTarget],
    settings: CrawlSettings,
    now: datetime,
    backfills: Mapping[str, Backfill],
) -> Path:
    settings.spool_folder.mkdir(parents=True, exist_ok=True)
    # A name that never comes again: a spool of a name that was stored before is not stored.
    job = settings.spool_folder / f"{now:%Y%m%dT%H%M%S}-{token_hex(4)}.job.json"
    sources = []
    for target in targets:
        spool = _spool(settings, job, target.stored.name)
        marks = {} if store is None else source_store.validators(store, target.stored.id)
        backfill = backfills.get(target.stored.name)
        sources.append(
            {
                "name": target.stored.name,
                "kind": target.stored.kind,
                "url": target.url,
                "options": {"max_seconds": settings.max_seconds, **target.options},
                "language": target.stored.language,
                "spool": str(spool),
                "stats": str(_stats_of(spool)),
                "validators": {} if backfill else marks,
                "backfill": backfill is not None,
                "since": backfill.since.isoformat() if backfill else None,
                "open_requests": backfill.open_requests if backfill else (),
                # Where they are kept, not what they are: that goes through a pipe.
                "secrets": {name: str(secret) for name, secret in target.secrets.items()},
            }
        )
    content = {
        "user_agent": settings.user_agent,
        "concurrent_sources": settings.concurrent_sources,
        "settings": dict(settings.scrapy),
        "sources": sources,
    }
    job.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return job


def _crawl(
    job: Path, targets: Sequence[CrawlTarget], stop: threading.Event | None = None
) -> Iterator[dict[str, Any]]:
    """What the crawl process says: `done` and a source's name, or `page` and how far it is.

    Ends when the process does. Secrets go to it through its standard input, and are in none of its
    files, arguments and environment. One that cannot be read now is left out: its source alone says
    so and fails.
    """
    secrets = _revealed(targets)
    # The log goes to a file: a pipe that nobody reads would halt the crawl when it is full.
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "spiders.run", str(job)],
            stdin=subprocess.PIPE,
            env=_environment(targets),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
        )
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(json.dumps(secrets) + "\n")
        if stop is not None:
            threading.Thread(target=_terminate_on, args=[process, stop], daemon=True).start()
        try:
            for line in process.stdout:
                yield json.loads(line)
            if process.wait() not in (0, -signal.SIGTERM):
                log.seek(0)
                errors = log.read().decode("utf-8", "replace").strip().splitlines()
                last = _masked(errors[-1], secrets) if errors else "no message"
                raise CollectError(f"the crawl process failed: {last}")
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=8)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            process.stdout.close()


def _revealed(targets: Sequence[CrawlTarget]) -> dict[str, dict[str, str]]:
    """Values of the secrets by source and name, without those that cannot be read."""
    found: dict[str, dict[str, str]] = {}
    for target in targets:
        for name, secret in target.secrets.items():
            with suppress(ValueError):
                found.setdefault(target.stored.name, {})[name] = secret.reveal()
    return found


def _environment(targets: Sequence[CrawlTarget]) -> dict[str, str]:
    """Our environment without the variables that secrets are in: a crawl may run foreign code."""
    hidden = {secret.variable for target in targets for secret in target.secrets.values()}
    return {name: value for name, value in os.environ.items() if name not in hidden}


def _masked(text: str, secrets: Mapping[str, Mapping[str, str]]) -> str:
    """The text without the secrets, should a process that crashed have printed one."""
    for value in sorted((v for s in secrets.values() for v in s.values()), key=len, reverse=True):
        text = text.replace(value, "***")
    return text


def _terminate_on(process: subprocess.Popen[str], stop: threading.Event) -> None:
    while process.poll() is None:
        if stop.wait(0.2):
            process.terminate()
            return


def _spool(settings: CrawlSettings, job: Path, source: str) -> Path:
    return settings.spool_folder / f"{source}~{job.name.removesuffix('.job.json')}.jsonl"


def _stats_of(spool: Path) -> Path:
    return spool.with_suffix(".stats.json")


def _spool_of(stats: Path) -> Path:
    return stats.with_name(stats.name.removesuffix(".stats.json") + ".jsonl")


def _source_of(spool: Path) -> str:
    return spool.name.split("~", 1)[0]


def _is_empty(spool: Path) -> bool:
    return next(read_spool(spool), None) is None


def _was_stopped(stats: Mapping[str, Any]) -> bool:
    return stats.get("finish_reason") in _STOPPED


def _read_stats(spool: Path) -> dict[str, Any] | None:
    try:
        stats: dict[str, Any] = json.loads(_stats_of(spool).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return stats
