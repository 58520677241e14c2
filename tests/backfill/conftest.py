"""The paged server, and a configuration with a source for each of its sites."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from paged_world import LOGINS, SECRET, SOURCES, PagedWorld
from support import Config

Configure = Callable[..., Config]


@pytest.fixture
def world() -> Iterator[PagedWorld]:
    opened = PagedWorld()
    yield opened
    opened.stop()


@pytest.fixture
def configure(config: Config, world: PagedWorld) -> Configure:
    """`configure("blog", max_pages=2)`: these sources of the world, all without names."""

    def write(*names: str, **options: int) -> Config:
        config.write({})
        lines = ["sources:"]
        for name in names or SOURCES:
            kind, path, given = SOURCES[name]
            more = ", ".join(filter(None, [given, "relevance: false"]))
            more += "".join(f", {key}: {value}" for key, value in options.items())
            secrets = ", ".join(f"{one}: 'file:{one}.secret'" for one in LOGINS.get(name, ()))
            for one in LOGINS.get(name, ()):
                (config.folder / f"{one}.secret").write_text(SECRET + one, "utf-8")
            lines.append(
                f"  - {{name: {name}, kind: {kind}, brand: Acme, url: '{world.url}{path}',"
                f" options: {{{more}}}, secrets: {{{secrets}}}}}"
            )
        text = config.path.read_text("utf-8").replace("sources: []", "\n".join(lines))
        text = text.replace("collect: {", "collect: {concurrent_sources: 64, ")
        config.path.write_text(text, "utf-8")
        return config

    return write
