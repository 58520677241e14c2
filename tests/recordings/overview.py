"""One table over all recordings: spider, files, items expected and stored, rejects with cause.

Every module of this folder that has a function `table_rows() -> list[Row]` is part of it: a new
spider's recordings are a new module beside `social.py`, and nothing here changes. What the crawl
process left for a recording is put into a real store, as a collection would.
"""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.language import identify
from monitor.ingest import ingest, parse_line
from monitor.kinds import SOURCE_KINDS
from monitor.normalise import SourceContext
from monitor.records import Brand, Source
from monitor.store import Store, open_store
from monitor.store import sources as source_store
from tests.recordings.explained import NOT_READ, NOT_RECORDED, TWICE
from tests.recordings.recorded import files, index
from tests.recordings.robots import RobotsRow, crawl_robots
from tests.recordings.rows import Row
from tests.recordings.written_in_yaml import collect_yaml

_NOBODY_SAYS = "NOT AS EXPECTED: nothing says why"


@dataclass(frozen=True)
class Line:
    """One recording as the table sees it; `listed` is INDEX.md's n."""

    name: str
    spider: str
    files: tuple[str, ...]
    listed: int | None
    expected: int | None
    stored: int
    causes: Counter[str]
    note: str
    fault: str | None

    @property
    def folder(self) -> str:
        return self.name.partition("/")[0]

    @property
    def verdict(self) -> str:
        """`equal`, else why it is not: the fault, or the explanation."""
        return f"NOT AS EXPECTED: {self.fault}" if self.fault else self.note or "equal"


@dataclass(frozen=True)
class LeftOut:
    """Recordings of a folder that stand in no row, and why."""

    folder: str
    files: tuple[str, ...]
    why: str

    @property
    def is_fault(self) -> bool:
        return self.why == _NOBODY_SAYS


@dataclass(frozen=True)
class Overview:
    """All that there is to say about the recordings."""

    lines: list[Line]
    left_out: list[LeftOut]
    not_recorded: dict[str, str]
    """Kinds of source without a row, and what is to be said about it."""
    robots: list[RobotsRow]

    @property
    def faults(self) -> int:
        """How much is neither equal nor explained; robots.txt files that were not obeyed too."""
        rows = [line.fault for line in self.lines] + [row.fault for row in self.robots]
        return sum(map(bool, rows)) + sum(left.is_fault for left in self.left_out)


def overview() -> Overview:
    """Every recording through its spider into a store, by real processes; takes a minute."""
    lines = sorted(
        [*_crawled(), *_written_in_yaml()], key=lambda line: (line.spider, line.folder, line.name)
    )
    missing = SOURCE_KINDS.keys() - {line.spider for line in lines}
    not_recorded = {kind: NOT_RECORDED.get(kind, "no recording") for kind in sorted(missing)}
    return Overview(lines, _left_out(lines), not_recorded, crawl_robots())


def modules_with_rows() -> list[str]:
    """Names of the modules of this folder that are part of the table."""
    folder = str(Path(__file__).parent)
    names = [found.name for found in pkgutil.iter_modules([folder])]
    texts = {name: Path(folder, f"{name}.py").read_text("utf-8") for name in names}
    return [name for name in names if "\ndef table_rows() -> list[Row]:" in texts[name]]


def _crawled() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "monitor.db")
        source_store.sync(store, [Brand("Recorded", "own", "UTC", 1)], [])
        for module in modules_with_rows():
            rows: list[Row] = importlib.import_module(f"tests.recordings.{module}").table_rows()
            yield from (_stored(store, row) for row in rows)
        store.close()


def _stored(store: Store, row: Row) -> Line:
    """The row once what it left has been put into the store, under a source of its own."""
    name = f"{row.spider} {row.name}"  # one recording may be read by two spiders
    source = Source(name, row.spider, "Recorded", None, None, None)
    stored = source_store.ensure(store, source)
    context = SourceContext(name, None, None, "UTC", b"key of the recordings")

    def languages(texts: Sequence[str], hints: Sequence[str | None]) -> Sequence[tuple[str, float]]:
        return [(found.code, found.confidence) for found in identify(texts, hints)]

    records = [parse_line({**line, "source": name}) for line in row.lines]
    ingest(store, stored, records, context, languages, datetime.now(UTC))
    count = store.value("SELECT count(*) FROM mentions WHERE source_id = ?", (stored.id,))
    causes: Counter[str] = Counter()
    for cause, times in store.rows(
        "SELECT cause, count(*) FROM rejects WHERE source = ? GROUP BY cause", (name,)
    ):
        causes[cause.split(":")[0]] += times
    assert isinstance(count, int)
    expected, note = row.expected, row.note
    if row.name in TWICE:
        expected, twice = TWICE[row.name]
        note = "; ".join(filter(None, [note, twice]))
    fault = row.fault
    if fault is None and expected is not None and count != expected:
        fault = f"{count} stored, expected {expected}"
    return Line(row.name, row.spider, row.files, row.listed, expected, count, causes, note, fault)


def _written_in_yaml() -> Iterator[Line]:
    listed = index()
    for row in collect_yaml():
        fault = None
        if row.stored != row.expected:
            fault = f"{row.stored} stored, expected {row.expected}"
        yield Line(
            row.recording,
            row.kind,
            (row.recording,),
            listed.get(row.recording),
            row.expected,
            row.stored,
            Counter(row.causes),
            row.note,
            fault,
        )


def _left_out(lines: Sequence[Line]) -> list[LeftOut]:
    read = {name for line in lines for name in line.files}
    folders = {name.partition("/")[0] for name in files(".")} - {"INDEX.md", "robots"}
    left = {
        folder: tuple(name for name in files(folder) if name not in read)
        for folder in sorted(folders)
    }
    return [
        LeftOut(folder, names, NOT_READ.get(folder, _NOBODY_SAYS))
        for folder, names in left.items()
        if names
    ]
