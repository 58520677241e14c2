"""The job file: what the crawl process is told to fetch, and where its answer belongs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from monitor.collect.spool import spool_of, stats_of
from monitor.collect.targets import CrawlSettings, CrawlTarget
from monitor.records import Backfill
from monitor.store import Store
from monitor.store import sources as source_store


def write_job(
    store: Store | None,
    targets: Sequence[CrawlTarget],
    settings: CrawlSettings,
    now: datetime,
    backfills: Mapping[str, Backfill],
) -> Path:
    """Writes what to fetch and where to leave it; the job file, whose name never comes again.

    With a store, pages that the sites say have not changed are left out; a back-fill wants all.
    """
    settings.spool_folder.mkdir(parents=True, exist_ok=True)
    # A name that never comes again: a spool of a name that was stored before is not stored.
    job = settings.spool_folder / f"{now:%Y%m%dT%H%M%S}-{token_hex(4)}.job.json"
    sources = []
    for target in targets:
        spool = spool_of(settings, job, target.stored.name)
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
                "stats": str(stats_of(spool)),
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
