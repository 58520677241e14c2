"""What one crawl is asked for: its sources, and the manners and limits of its process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.config import Secret
from monitor.normalise import SourceContext
from monitor.store.sources import StoredSource


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
