"""One crawl of one source: its spool file, its counts, its limits, and how it is stopped."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from io import BufferedRandom
from pathlib import Path
from typing import Any

from monitor.records import RawItem, Reject
from spiders.dates import moment_of
from spiders.job import SourceJob
from spiders.lines import line_of
from spiders.open_requests import PageRead
from spiders.redact import without_keys, without_queries, without_secrets


def now() -> str:
    """The present in UTC as the spool and the stats write it: 2026-03-01T12:00:00Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Visit:
    """What happens while one source is crawled; written as the stats file when it has ended.

    The spool is appended to line by line and flushed, so that a killed process loses nothing it
    has read. A crash may leave half a line at the end: the next visit starts on a new one.
    """

    def __init__(self, source: SourceJob, private_places: frozenset[str] = frozenset()) -> None:
        self.source = source
        self.private_places = private_places
        self.started_at = now()
        self.finish_reason = "not started"
        self.items = 0
        self.rejects = 0
        self.requests = 0
        self.unchanged = 0
        self.statuses: Counter[int] = Counter()
        self.errors: Counter[str] = Counter()
        self.first_error: str | None = None
        self.blocked: str | None = None
        self.nothing: str | None = None
        self.limit: str | None = None
        self.validators: dict[str, Mapping[str, str]] = {}
        self.pages = 0
        self.oldest: datetime | None = None
        self.on_page: Callable[[Visit], None] = lambda visit: None
        self.stopping = asyncio.Event()
        self._downloads: set[asyncio.Future[Any]] = set()
        self._spool: BufferedRandom | None = None
        self._spool_failed = False

    def open(self) -> None:
        """Opens the spool for appending. Raises OSError if it cannot be written."""
        self.source.spool.parent.mkdir(parents=True, exist_ok=True)
        self._spool = self.source.spool.open("ab+")
        # Held until it is closed, or the process dies: whether somebody still writes it.
        fcntl.flock(self._spool, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if self._spool.tell():
            self._spool.seek(-1, os.SEEK_END)
            if self._spool.read(1) != b"\n":
                self._spool.write(b"\n")
        if self.is_backfill:
            assert self.source.since is not None
            since = self.source.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            head = {"type": "backfill", "since": since, "goes_on": bool(self.source.open_requests)}
            self._append(json.dumps(head) + "\n")

    @property
    def is_backfill(self) -> bool:
        """Whether pages are noted, so that a back-fill that is stopped can be continued."""
        return self.source.backfill and self.source.since is not None

    def page_read(self, page: PageRead) -> None:
        """Notes a page behind its items, and tells how far the visit is."""
        self._append(page.as_line())
        if page.done is not None:
            self.pages += 1
            self.on_page(self)

    def write(self, record: RawItem | Reject) -> None:
        """Appends one item or reject to the spool and counts it."""
        if isinstance(record, Reject):
            record = replace(record, place=without_keys(record.place))
        elif record.url and (shown := without_keys(record.url)) != record.url:
            record = replace(record, url=shown)
        self._append(line_of(record))
        if isinstance(record, Reject):
            self.rejects += 1
            return
        self.items += 1
        published = moment_of(record.published)
        if published and (self.oldest is None or published < self.oldest):
            self.oldest = published

    def _append(self, line: str) -> None:
        if self._spool is None:
            raise RuntimeError("the spool is not open")
        try:
            self._spool.write(line.encode("utf-8", "replace"))
            self._spool.flush()
        except OSError:
            self._spool_failed = True
            raise

    def close(self) -> None:
        """Puts the spool safely on disk; then, and only then, writes the stats file."""
        if self._spool is not None:
            self._spool.flush()
            os.fsync(self._spool.fileno())
        write_atomically(self.source.stats, self.as_dict())
        if self._spool is not None:
            self._spool.close()
            self._spool = None

    def fail(self, name: str, message: str) -> None:
        """Counts an error under its name; the first one is kept in words."""
        self.errors[name] += 1
        if self.first_error is None:
            message = without_secrets(message)[:2000]  # masked first: half a key is not found
            self.first_error = without_queries(f"{name}: {message}")[:500]

    def block(self, reason: str) -> None:
        """Notes that the site does not want us, in its first words."""
        self.blocked = self.blocked or without_secrets(reason)

    def nothing_to_read(self, reason: str) -> None:
        """Notes that the site itself says that it has nothing, even if it says so as an error."""
        self.nothing = self.nothing or without_secrets(reason)

    def keep_known(self, url: str) -> None:
        """Carries an address's validators of last time over: no change, or no answer."""
        mark = without_secrets(url)
        if mark in self.source.validators:
            self.validators[mark] = self.source.validators[mark]

    def stop(self, limit: str | None = None) -> None:
        """Ends waiting and running downloads at once; the crawl then closes by itself."""
        if limit and self.limit is None:
            self.limit = limit
        self.stopping.set()
        for download in self._downloads:
            download.cancel()

    async def download(self, work: asyncio.Future[Any]) -> Any:
        """The result of a download that `stop` can cut short (asyncio.CancelledError then)."""
        self._downloads.add(work)
        try:
            return await work
        finally:
            self._downloads.discard(work)

    async def wait(self, seconds: float) -> None:
        """Waits, for politeness; ends early when the visit is stopped."""
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return

    def as_dict(self) -> dict[str, Any]:
        """The stats file's content."""
        return {
            "source": self.source.name,
            "started_at": self.started_at,
            "finished_at": now(),
            "finish_reason": self.finish_reason,
            "items": self.items,
            "rejects": self.rejects,
            "requests": self.requests,
            "unchanged": self.unchanged,
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "errors": dict(self.errors),
            "first_error": self.first_error,
            "blocked": self.blocked,
            "nothing": self.nothing,
            "limit": self.limit,
            # Without the rows on disk a page must be asked for again in full.
            "validators": {} if self._spool_failed else self.validators,
        }


def write_atomically(path: Path, content: Mapping[str, Any]) -> None:
    """Writes JSON so that a reader sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
