"""One table over all recordings: spider, files, items expected and stored, rejects with cause.

Every module of this folder that has a function `table_rows() -> list[Row]` is part of it: a new
spider's recordings are a new module beside `social.py`, and nothing here changes. What the crawl
process left for a recording is put into a real store, as a collection would.
"""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.language import identify
from monitor.ingest import ingest, parse_line
from monitor.normalise import SourceContext
from monitor.records import Brand, Source
from monitor.store import Store, open_store
from monitor.store import sources as source_store
from tests.recordings.recorded import files
from tests.recordings.robots import crawl_robots, print_robots
from tests.recordings.rows import Row
from tests.recordings.written_in_yaml import collect_yaml

NOT_READ = {
    "feeds_conformance": "the packed suite is read file by file, below",
    "google_places": "lists of places without reviews",
    "mastodon": "answers of other calls: accounts, instances, no posts",
    "reddit": "the JSON API, which is for approved clients: only refusals and Atom are read",
    "schema_html": "what another tool extracted from the page of the same name",
    "surveys": "no source to crawl: see tests/surveys",
    "telegram": "the bot API, which is no source of ours",
    "youtube": "NewPipe's, of the interface of the site itself, which no spider reads",
}
"""Why recordings of a folder stand in no row."""

TWICE = {
    "discourse/discourse_topics.json + topics + posts": (24, "two posts come twice: one mention"),
    "feeds/picofeed__rss_0.92.xml": (21, "an entry without id, title and date stands there twice"),
    "feeds/rssparser__itunes-missing-image.rss": (
        130,
        "two entries have one guid: one mention, as the last says",
    ),
    "heureka/product-reviews.xml": (
        3,
        "a changed review stands there in both states: one mention, as the last says",
    ),
}
"""Mentions stored where they are fewer than the items that the spider gave, and why."""


@dataclass(frozen=True)
class Line:
    """One recording as the table sees it."""

    name: str
    spider: str
    expected: int | None
    stored: int
    causes: Counter[str]
    note: str
    fault: str | None

    @property
    def folder(self) -> str:
        return self.name.partition("/")[0]


def print_all(is_long: bool = False) -> int:
    """Prints the tables; returns how many recordings are neither equal nor explained."""
    lines = [*_crawled(), *_written_in_yaml()]
    groups: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.spider, line.folder].append(line)
    print(f"{'spider':<15} {'recordings':<18} {'files':>5} {'expected':>8} {'stored':>6}  verdict")
    for (spider, folder), group in sorted(groups.items()):
        _print_group(spider, folder, group, is_long)
    _print_not_read(lines)
    robots = crawl_robots()
    print()
    print_robots(robots)
    print()
    return sum(line.fault is not None for line in lines) + sum(bool(row.fault) for row in robots)


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
    return Line(row.name, row.spider, expected, count, causes, note, fault)


def _written_in_yaml() -> Iterator[Line]:
    for row in collect_yaml():
        fault = None
        if row.stored != row.expected:
            fault = f"{row.stored} stored, expected {row.expected}"
        causes = Counter(row.causes)
        yield Line(row.recording, row.kind, row.expected, row.stored, causes, "", fault)


def _print_group(spider: str, folder: str, group: list[Line], is_long: bool) -> None:
    expected = sum(line.expected for line in group if line.expected is not None)
    unnumbered = sum(line.expected is None for line in group)
    # Files that the index has no number for are held to be free of faults, not to a number.
    stored = sum(line.stored for line in group if line.expected is not None)
    faults = [line for line in group if line.fault]
    verdict = "equal" if not faults else f"{len(faults)} NOT AS EXPECTED"
    if unnumbered:
        more = sum(line.stored for line in group if line.expected is None)
        verdict += f"; {unnumbered} files without a number in INDEX.md gave {more}"
    print(f"{spider:<15} {folder:<18} {len(group):>5} {expected:>8} {stored:>6}  {verdict}")
    for line in faults:
        print(f"    {line.name}: {line.fault}")
    causes = sum((line.causes for line in group), Counter())
    for cause, count in causes.most_common():
        print(f"    {count} x reject: {cause[:90]}")
    for note, count in Counter(line.note for line in group if line.note).items():
        print(f"    {count} x explained: {note}")
    for line in group if is_long else []:
        print(f"      {line.name:<66} {line.expected!s:>6} {line.stored:>6}")


def _print_not_read(lines: Sequence[Line]) -> None:
    read = {line.name for line in lines}
    folders = {name.partition("/")[0] for name in files(".")} - {"INDEX.md", "robots"}
    print()
    for folder in sorted(folders):
        # A row may stand for several files: "…1+2+3.json".
        left = [name for name in files(folder) if name not in read]
        if left:
            why = NOT_READ.get(folder, "part of a row of several files")
            print(f"in no row: {len(left):>3} of {folder}: {why}")
