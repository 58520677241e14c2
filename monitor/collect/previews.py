"""What a source or a saved page would give, read by the real spiders; nothing is stored."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from monitor.collect.jobs import write_job
from monitor.collect.process import crawl
from monitor.collect.spool import read_spool, read_stats, spool_of
from monitor.collect.states import judge
from monitor.collect.targets import CrawlSettings, CrawlTarget
from monitor.errors import CollectError
from monitor.ingest import parse_line
from monitor.normalise import SourceContext, why_left_out
from monitor.records import RawItem, Reject


@dataclass(frozen=True, slots=True)
class Preview:
    """What a source or a file gives, and the state that a first collection of it would get."""

    state: str
    items: tuple[RawItem, ...] = ()
    rejects: tuple[Reject, ...] = ()
    left_out: tuple[Reject, ...] = ()
    """Not about the brand, or not to be taken; `excerpt` is the beginning of what it says."""


def preview(target: CrawlTarget, settings: CrawlSettings) -> Preview:
    """What a source gives now, sorted as a collection would; nothing is stored.

    What a collection stored before `exclude` was changed is left out here, and there followed on.
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
        found = sort_out(read_spool(spool), target.context)
        stats = read_stats(spool)
    state = judge(
        stats,
        len(found.items),
        len(found.rejects),
        used_to_yield=False,
        left_out=len(found.left_out),
    )
    return replace(found, state=state)


def sort_out(lines: Iterable[RawItem | Reject], context: SourceContext) -> Preview:
    """Items that would be kept, rejects, and what would be left out as not about the brand."""
    items: list[RawItem] = []
    rejects: list[Reject] = []
    unwanted: list[Reject] = []
    for line in lines:
        if isinstance(line, Reject):
            (unwanted if line.is_left_out else rejects).append(line)
        elif reject := why_left_out(line, context):
            unwanted.append(reject)
        else:
            items.append(line)
    return Preview("read", tuple(items), tuple(rejects), tuple(unwanted))


def read_saved_page(file: Path, source: str) -> Iterator[RawItem | Reject]:
    """Items of a page or feed that was saved to a file, read by the spiders' own parsers."""
    command = [sys.executable, "-m", "spiders.read", str(file), "--source", source]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise CollectError(f"{file}: {last[0]}")
    for line in done.stdout.splitlines():
        yield parse_line(json.loads(line))
