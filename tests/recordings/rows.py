"""The real crawl process over a local server, and the row that the table has for each recording."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.recordings.recorded import FOLDER, index

ROOT = Path(__file__).parents[2]
AGENT = "Recordings/1.0 (+https://test.example)"
_TIMEOUT = 600
"""Seconds after which a crawl of recordings has hung; the longest takes half a minute."""


@dataclass(frozen=True)
class Row:
    """What one recording gave. `listed` is INDEX.md's n, `expected` the same corrected.

    `lines` are those of the spool, `note` says why the two numbers differ. A refusal is a recording
    that ends the crawl of its source, as it should. `files` are the recordings that were read.
    """

    name: str
    spider: str
    listed: int | None
    expected: int | None
    lines: tuple[dict[str, Any], ...]
    stats: dict[str, Any]
    note: str = ""
    is_refusal: bool = False
    files: tuple[str, ...] = ()

    @property
    def items(self) -> int:
        return sum(line["type"] == "item" for line in self.lines)

    @property
    def causes(self) -> tuple[str, ...]:
        """The causes of the rejects, one by one."""
        return tuple(line["cause"] for line in self.lines if line["type"] == "reject")

    @property
    def fault(self) -> str | None:
        """What is wrong with the row; None when it is as expected."""
        if self.is_refusal:
            if not (self.stats["blocked"] or self.stats["first_error"]):
                return "was to be refused and was not"
        elif self.stats.get("finish_reason") != "finished":
            return f"ended with {self.stats.get('finish_reason')}"
        elif any(name != "BodyTooLarge" for name in self.stats["errors"]):
            return str(self.stats["first_error"])
        if self.expected is not None and self.items != self.expected:
            return f"{self.items} items, expected {self.expected}"
        if self.expected != self.listed and not self.note:
            return f"{self.listed} by INDEX.md, {self.expected} expected, and nothing says why"
        return None


@dataclass(frozen=True)
class Crawled:
    """What the crawl process left for one source."""

    name: str
    kind: str
    lines: tuple[dict[str, Any], ...]
    stats: dict[str, Any]

    def row(
        self,
        expected: int | None,
        note: str = "",
        is_refusal: bool = False,
        files: Sequence[str] = (),
    ) -> Row:
        """The row of the recording that the source is named after, or of all the `files`."""
        return Row(
            self.name,
            self.kind,
            index().get(self.name),
            expected,
            self.lines,
            self.stats,
            note,
            is_refusal,
            tuple(files) or (self.name,),
        )


def crawl(
    sources: Sequence[Mapping[str, Any]], secrets: Mapping[str, Mapping[str, str]] | None = None
) -> list[Crawled]:
    """What one real crawl process left for each source, a dict of `name`, `kind`, `url` and more.

    `secrets` are values by source and name; as in the application, they go through stdin only.
    """
    with tempfile.TemporaryDirectory() as folder:
        placed = [
            {**source, "spool": f"{folder}/{number}.jsonl", "stats": f"{folder}/{number}.json"}
            for number, source in enumerate(sources)
        ]
        job = Path(folder) / "job.json"
        content = {"user_agent": AGENT, "settings": {"DOWNLOAD_DELAY": 0}, "sources": placed}
        job.write_text(json.dumps(content), "utf-8")
        subprocess.run(
            [sys.executable, "-m", "spiders.run", str(job)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            input=json.dumps(secrets or {}) + "\n",
            text=True,
            timeout=_TIMEOUT,
        )
        return [_left(source) for source in placed]


def _left(source: Mapping[str, Any]) -> Crawled:
    with Path(source["spool"]).open(encoding="utf-8") as spool:
        lines = tuple(json.loads(line) for line in spool)
    stats = json.loads(Path(source["stats"]).read_text("utf-8"))
    return Crawled(source["name"], source["kind"], lines, stats)


def print_rows(rows_of: Callable[[], list[Row]]) -> int:
    """Prints a module's rows; exit code 1 when one is not as expected, 2 without recordings."""
    if not FOLDER.exists():
        print(f"no recordings: {FOLDER.name} is not beside the checkout", file=sys.stderr)
        return 2
    rows = rows_of()
    print(f"{'recording':<76} {'INDEX':>5} {'expected':>8} {'items':>5} {'rejects':>7}  note")
    for row in rows:
        causes = [f"{count} x {cause[:90]}" for cause, count in Counter(row.causes).items()]
        note = row.fault or "; ".join(filter(None, [row.note, *causes]))
        listed, expected = ("-" if n is None else n for n in (row.listed, row.expected))
        numbers = f"{listed:>5} {expected:>8} {row.items:>5} {len(row.causes):>7}"
        print(f"{row.name:<76} {numbers}  {note}")
    return 1 if any(row.fault for row in rows) else 0
