"""`python -m spiders.run JOB.json`: crawls a batch of sources, all in this one process.

Each source has its own crawler, spool file and stats file; what goes wrong with one is in its
stats and nowhere else. Stdout has one JSON line for each finished source and for each page of a
back-fill, stderr the log. Secrets of sources come as one JSON line on stdin,
`{"SOURCE": {"NAME": "VALUE"}}`; it is read only when the job names any.
Exit code 0 when the process did its work (also when sources failed or it was told to stop),
2 when the job cannot be run as written.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader
from twisted.python.failure import Failure

from spiders import log
from spiders.downloads import PublicResolver, private_places
from spiders.job import Job, JobError, SourceJob, read_job
from spiders.redact import hide
from spiders.visit import Visit

_SECONDS_TO_STOP = 4.0
"""After this a crawl that was told to stop is cut off: the caller expects us gone in five."""

_SECONDS_BETWEEN_LOOKS = 0.5
"""How often the process looks whether the one that started it still lives."""


def main(arguments: Sequence[str]) -> int:
    """Runs the job file named on the command line; returns the exit code."""
    if len(arguments) != 1:
        print("usage: python -m spiders.run JOB.json", file=sys.stderr)
        return 2
    try:
        job = read_job(Path(arguments[0]), secrets=sys.stdin.readline)
        settings = settings_of(job)
        hide(*secrets_of(job, settings))
    except (JobError, ValueError) as error:
        print(f"spiders.run: {error}", file=sys.stderr)
        return 2
    sys.stderr = log.MaskedStream(sys.stderr)  # type: ignore[assignment]
    log.to_stderr(settings.get("LOG_LEVEL"))
    PublicResolver.allowed = frozenset(
        place.rpartition(":")[0] or place
        for source in job.sources
        for place in private_places(source, job)
    )
    process = AsyncCrawlerProcess(settings)
    Batch(process, job).run()
    return 0


def settings_of(job: Job) -> Settings:
    """Our polite settings with the job's on top. A delay of 0 also turns throttling off."""
    settings = Settings()
    settings.setmodule("spiders.settings", priority="project")
    settings.update(dict(job.settings), priority="cmdline")
    settings.set("USER_AGENT", job.user_agent, priority="cmdline")
    if not settings.getfloat("DOWNLOAD_DELAY") and "AUTOTHROTTLE_ENABLED" not in job.settings:
        settings.set("AUTOTHROTTLE_ENABLED", False, priority="cmdline")
    return settings


def secrets_of(job: Job, settings: Settings) -> Iterator[str]:
    """The values that nobody may read, of all sources; the name of an account is none."""
    loader = get_spider_loader(settings)
    for source in job.sources:
        known = source.kind in loader.list()
        names = getattr(loader.load(source.kind), "not_masked", ()) if known else ()
        yield from (value for name, value in source.secrets.items() if name not in names)


class Batch:
    """The sources of one job, so many at a time, and never two of one server at once."""

    def __init__(self, process: AsyncCrawlerProcess, job: Job) -> None:
        self.process = process
        self.job = job
        self.loader = get_spider_loader(process.settings)
        self.delay = process.settings.getfloat("DOWNLOAD_DELAY")
        self._gate = asyncio.Semaphore(job.concurrent_sources)
        self._hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._running: dict[Visit, Crawler | None] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    def run(self) -> None:
        """Crawls everything; returns when the last stats file is written."""
        from twisted.internet import reactor

        loop = asyncio.get_event_loop()
        work = loop.create_task(self._run())
        work.add_done_callback(lambda _: reactor.stop())  # type: ignore[misc]
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        self.process.start(stop_after_crawl=False, install_signal_handlers=False)

    async def _run(self) -> None:
        self._tasks = [asyncio.create_task(self._in_turn(one)) for one in self.job.sources]
        watch = asyncio.create_task(self._watch_parent())
        await asyncio.gather(*self._tasks, return_exceptions=True)
        watch.cancel()

    async def _in_turn(self, source: SourceJob) -> None:
        if not self.delay:
            async with self._gate:
                await self._visit(source)
            return
        async with self._hosts[source.host]:
            async with self._gate:
                await self._visit(source)
            if not self._stopping:
                await asyncio.sleep(self.delay)

    async def _visit(self, source: SourceJob) -> None:
        """Crawls one source; whatever happens, its stats file is written."""
        visit = Visit(source, private_places(source, self.job))
        visit.on_page = self._tell
        try:
            if self._stopping:
                visit.limit = "stopped"
            elif source.lacking:
                visit.open()
                visit.finish_reason = "error"
                visit.fail("MissingSecret", f"cannot be read: {', '.join(source.lacking)}")
            else:
                await self._crawl(visit)
        except asyncio.CancelledError:
            visit.finish_reason = "killed"
        except Exception as error:
            visit.finish_reason = "error"
            visit.fail(type(error).__name__, str(error))
        finally:
            self._running.pop(visit, None)
            self._report(visit)

    async def _crawl(self, visit: Visit) -> None:
        crawler = self._crawler(visit)
        visit.open()
        self._running[visit] = crawler
        timer = asyncio.get_running_loop().call_later(
            visit.source.max_seconds, self._end, visit, "time"
        )
        try:
            await self.process.crawl(crawler, visit=visit)
        finally:
            timer.cancel()

    def _crawler(self, visit: Visit) -> Crawler:
        try:
            spider_class = self.loader.load(visit.source.kind)
        except KeyError:
            known = ", ".join(sorted(self.loader.list()))
            raise ValueError(f"no such kind: {visit.source.kind} (known: {known})") from None
        crawler = Crawler(spider_class, self.process.settings)

        def closed(reason: str) -> None:
            visit.finish_reason = reason

        def failed(failure: Failure) -> None:
            visit.fail(type(failure.value).__name__, failure.getErrorMessage())

        crawler.signals.connect(closed, signal=signals.spider_closed, weak=False)
        crawler.signals.connect(failed, signal=signals.spider_error, weak=False)
        return crawler

    def _report(self, visit: Visit) -> None:
        try:
            visit.close()
        except OSError as error:
            print(f"spiders.run: {visit.source.name}: {error}", file=sys.stderr)
        self._say({"done": visit.source.name, "items": visit.items})

    def _tell(self, visit: Visit) -> None:
        """Says how far a back-fill is."""
        oldest = visit.oldest.date().isoformat() if visit.oldest else None
        counts = {"pages": visit.pages, "items": visit.items, "oldest": oldest}
        self._say({"page": visit.source.name, **counts})

    def _say(self, line: dict[str, Any]) -> None:
        try:
            print(json.dumps(line), flush=True)
        except BrokenPipeError:
            self.stop()

    async def _watch_parent(self) -> None:
        """Stops when whoever started us is gone: nobody would store what we fetch."""
        parent = os.getppid()
        while not self._stopping:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            if os.getppid() != parent:
                self.stop()

    def stop(self) -> None:
        """Ends every visit now; sources that have not begun get a stats file that says so."""
        self._stopping = True
        for visit in list(self._running):
            self._end(visit, "stopped")
        asyncio.get_running_loop().call_later(_SECONDS_TO_STOP, self._cut_off)

    def _cut_off(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _end(self, visit: Visit, limit: str) -> None:
        """Closes one crawl: no further requests, running downloads and waits cut short."""
        visit.stop(limit)
        crawler = self._running.get(visit)
        if crawler is None or crawler._engine is None:
            return
        for slot in crawler.engine.downloader.slots.values():
            _let_through(crawler, slot)
        reason = "shutdown" if limit == "stopped" else f"limit_{limit}"
        self._tasks.append(asyncio.ensure_future(_close(crawler, reason)))


def _let_through(crawler: Crawler, slot: Any) -> None:
    """Requests that wait for the delay between two go now, and fail at once as stopped."""
    slot.delay = 0.0
    if slot.latercall:
        slot.latercall.cancel()
        crawler.engine.downloader._latercall(slot)


async def _close(crawler: Crawler, reason: str) -> None:
    if crawler.engine.spider is not None:
        await crawler.engine.close_spider_async(reason=reason)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
