"""Fixtures that several tests share; what they are made of is in support.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support import Config, Site, scheduled

from monitor.records import Brand
from monitor.store import Store, open_store
from monitor.store import sources as source_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store with one brand in Prague, `Acme`, and two sources of it."""
    opened = open_store(tmp_path / "monitor.db")
    source_store.sync(
        opened,
        [Brand("Acme", "own", "Europe/Prague", 1)],
        [scheduled("shop", "Acme"), scheduled("forum", "Acme")],
    )
    yield opened
    opened.close()


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site()
    yield opened
    opened.stop()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(tmp_path)
