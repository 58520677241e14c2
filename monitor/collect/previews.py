"""What a source or a saved page would give, read by the real spiders; nothing is stored."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from monitor.collect.jobs import write_job
from monitor.collect.process import crawl
from monitor.collect.spool import read_spool, read_stats, spool_of
from monitor.collect.states import judge
from monitor.collect.targets import CrawlSettings, CrawlTarget
from monitor.errors import CollectError
from monitor.ingest import parse_line
from monitor.records import RawItem, Reject


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
        job = write_job(None, [target], settings, datetime.now(UTC), {})
        spool = spool_of(settings, job, target.stored.name)
        for _ in crawl(job, [target]):
            pass
        lines = list(read_spool(spool))
        stats = read_stats(spool)
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
