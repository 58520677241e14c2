"""A filled store and a client that reads it as a browser on this machine would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from web_shelf import CONFIG, NOW, ORIGIN, Shelf, fill

from monitor.config import Settings, load_text
from monitor.store import open_store
from monitor.web import create_app


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return load_text(CONFIG, path)


@pytest.fixture
def shelf(settings: Settings) -> Iterator[Shelf]:
    store = open_store(settings.resolve(settings.store))
    shelf = Shelf(store)
    fill(shelf)
    yield shelf
    store.close()


@pytest.fixture
def app(settings: Settings) -> Starlette:
    return create_app(settings, clock=lambda: NOW)


@pytest.fixture
def client(app: Starlette, shelf: Shelf) -> Iterator[TestClient]:
    with TestClient(app, base_url=ORIGIN, follow_redirects=False) as client:
        yield client
