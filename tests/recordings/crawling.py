"""What every module of recordings needs: a server, the real crawl process, rows of the table."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # pytest puts this folder on the path, `python -m` the root
    from recorded import index
else:
    from tests.recordings.recorded import index

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Row:
    """What one recording gave. `listed` is INDEX.md's n, `expected` the same corrected.

    `spider`, `lines` (its spool) and `note` (why the two numbers differ) are for the one table over
    all recordings.
    """

    name: str
    listed: int | None
    expected: int | None
    items: int
    causes: tuple[str, ...]
    stats: dict[str, Any]
    spider: str = ""
    lines: tuple[dict[str, Any], ...] = ()
    note: str = ""

    @property
    def fault(self) -> str | None:
        """What is wrong with the row; None when it is as expected."""
        if self.stats.get("finish_reason") != "finished":
            return f"ended with {self.stats.get('finish_reason')}"
        if any(name not in ("BodyTooLarge",) for name in self.stats["errors"]):
            return str(self.stats["first_error"])
        if self.expected is not None and self.items != self.expected:
            return f"{self.items} items, expected {self.expected}"
        return None


@dataclass(frozen=True)
class Crawled:
    """A source as it was asked for, and what the crawl process left of it."""

    name: str
    kind: str
    lines: tuple[dict[str, Any], ...]
    stats: dict[str, Any]

    @property
    def items(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["type"] == "item"]

    @property
    def causes(self) -> tuple[str, ...]:
        """Why each reject is one."""
        return tuple(line["cause"] for line in self.lines if line["type"] == "reject")

    def row(self, corrections: Mapping[str, tuple[int, str]], expected: int | None = None) -> Row:
        """The row of the recording that the source is named after.

        `corrections` say where INDEX.md's n is not what is expected, and why; `expected` was
        counted in the raw file.
        """
        listed = index().get(self.name)
        corrected, note = corrections.get(self.name, (None, ""))
        wanted = next((n for n in (expected, corrected, listed) if n is not None), None)
        items = len(self.items)
        return Row(
            self.name, listed, wanted, items, self.causes, self.stats, self.kind, self.lines, note
        )


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], **attributes: Any) -> Iterator[str]:
    """Address of a local server; the handler's class gets the attributes, and `here` besides."""
    own: Any = type("Handler", (handler,), attributes)
    own.log_message = lambda *_: None
    server = ThreadingHTTPServer(("127.0.0.1", 0), own)
    server.daemon_threads = True
    own.here = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield own.here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def crawl(
    sources: Sequence[Mapping[str, Any]], secrets: Mapping[str, Mapping[str, str]] | None = None
) -> list[Crawled]:
    """What one crawl process leaves of sources (name, kind, url and more); `secrets` by kind."""
    values = {str(one["name"]): (secrets or {}).get(one["kind"], {}) for one in sources}
    with tempfile.TemporaryDirectory() as folder:
        jobs = [
            {
                **one,
                "secrets": {name: f"env:{name.upper()}" for name in values[one["name"]]},
                "spool": f"{folder}/{number}.jsonl",
                "stats": f"{folder}/{number}.stats.json",
            }
            for number, one in enumerate(sources)
        ]
        agent = "Recordings/1.0 (+https://test.example)"
        content = {"user_agent": agent, "settings": {"DOWNLOAD_DELAY": 0}, "sources": jobs}
        job = Path(folder) / "job.json"
        job.write_text(json.dumps(content), "utf-8")
        subprocess.run(
            [sys.executable, "-m", "spiders.run", str(job)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            input=json.dumps(values) + "\n",
            text=True,
            timeout=600,
        )
        return [_left(one) for one in jobs]


def _left(job: Mapping[str, Any]) -> Crawled:
    spool, stats = (Path(job[name]).read_text("utf-8") for name in ("spool", "stats"))
    lines = tuple(json.loads(line) for line in spool.splitlines())
    return Crawled(job["name"], job["kind"], lines, json.loads(stats))
