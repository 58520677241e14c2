"""The spool folder: how its files are called, and what the crawl process left in them.

`SOURCE~JOB.jsonl` holds the lines of one source, `SOURCE~JOB.stats.json` how its crawl ended; that
one is written when the source is done, and `JOB.job.json` is what the process was told to do.
"""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from monitor.collect.targets import CrawlSettings
from monitor.ingest import parse_line
from monitor.records import RawItem, Reject

_NOTES = {"backfill", "page"}
"""Lines of a spool that are neither items nor rejects."""

_SECONDS_TO_LET_GO = 10.0
"""A crawl that lost its parent looks twice a second and ends within four more."""


def read_spool(spool: Path) -> Iterator[RawItem | Reject]:
    """The lines of a spool file; one torn by a killed crawl is left out and fetched again."""
    for document in documents(spool):
        if isinstance(document, Mapping) and document.get("type") in _NOTES:
            continue
        try:
            yield parse_line(document)
        except (ValueError, TypeError):
            excerpt = str(document)[:200]
            yield Reject(source_of(spool), "spool line is no item", spool.name, excerpt)


def documents(spool: Path) -> Iterator[Any]:
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


def read_stats(spool: Path) -> dict[str, Any] | None:
    """How the crawl of a source ended; None when its process died before it could say so."""
    try:
        stats: dict[str, Any] = json.loads(stats_of(spool).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return stats


def is_let_go(spool: Path) -> bool:
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


def is_empty(spool: Path) -> bool:
    """True for a spool without an item or a reject."""
    return next(read_spool(spool), None) is None


def spool_of(settings: CrawlSettings, job: Path, source: str) -> Path:
    """The file that a job leaves the lines of a source in."""
    return settings.spool_folder / f"{source}~{job.name.removesuffix('.job.json')}.jsonl"


def stats_of(spool: Path) -> Path:
    """The file beside a spool that says how the crawl of its source ended."""
    return spool.with_suffix(".stats.json")


def spool_of_stats(stats: Path) -> Path:
    """The spool that a stats file lies beside."""
    return stats.with_name(stats.name.removesuffix(".stats.json") + ".jsonl")


def source_of(spool: Path) -> str:
    """The name of the source whose lines a spool holds."""
    return spool.name.split("~", 1)[0]
