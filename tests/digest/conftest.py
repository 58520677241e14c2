from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planted_store import Planted


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[Planted]:
    """An empty store with two brands and four sources."""
    store = Planted(tmp_path / "monitor.db")
    yield store
    store.store.close()


@pytest.fixture
def full(planted: Planted) -> Planted:
    """Twelve weeks of four languages, the last of them bad in the app and in Persian."""
    for weeks_ago in range(11, -1, -1):
        for language in ("en", "ru", "cs", "fa"):
            planted.many(1, 1, 4, language=language, weeks_ago=weeks_ago)
        planted.many(3, 4, 5, source="kedrovo-shop", weeks_ago=weeks_ago)
        planted.all_ran(weeks_ago)
    planted.many(
        40, 2, 0, language="fa", source="zelvano-app", text="پیک دیر رسید و بسته باز شده بود"
    )
    return planted
