"""`python -m tests.recordings.table`: what the real spiders make of every recording.

One crawl process reads all feeds, conformance cases, pages and sitemaps from a local server; the
packed conformance suite is read in this process, file by file. `--all` also lists the rows that
are as expected.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # pytest puts this folder on the path, `python -m` the root
    from recorded import CORRECTED, FOLDER, content_type, files, index, served
else:
    from tests.recordings.recorded import CORRECTED, FOLDER, content_type, files, index, served

ROOT = Path(__file__).parents[2]
SUITE = FOLDER / "feeds_conformance" / "feedparser_all_tests.tar.gz"


@dataclass(frozen=True)
class Row:
    """What one recording gave. `listed` is INDEX.md's n, `expected` the same corrected."""

    name: str
    listed: int | None
    expected: int | None
    items: int
    causes: tuple[str, ...]
    stats: dict[str, Any]

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


def crawl() -> list[Row]:
    """A row for every single recording of feeds, pages and sitemaps, by the real process."""
    names = [name for name in files("feeds", "feeds_conformance") if name != _suite_name()]
    pages = [name for name in files("schema_html") if name.endswith(".html")]
    with tempfile.TemporaryDirectory() as folder, served() as here:
        sources = [_source(Path(folder), here, name, "feed") for name in names]
        sources += [_source(Path(folder), here, name, "reviews_page") for name in pages]
        sources += [_source(Path(folder), here, name, "sitemap") for name in files("sitemaps")]
        job = Path(folder) / "job.json"
        settings = {"DOWNLOAD_DELAY": 0}
        agent = "Recordings/1.0 (+https://test.example)"
        content = {"user_agent": agent, "settings": settings, "sources": sources}
        job.write_text(json.dumps(content), "utf-8")
        subprocess.run(
            [sys.executable, "-m", "spiders.run", str(job)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            timeout=600,
        )
        listed = index()
        return [_row(source, listed) for source in sources]


def _suite_name() -> str:
    return SUITE.relative_to(FOLDER).as_posix()


def _source(folder: Path, here: str, name: str, kind: str) -> dict[str, Any]:
    flat = name.replace("/", "~")
    source: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "url": f"{here}/{name}",
        "spool": str(folder / f"{flat}.jsonl"),
        "stats": str(folder / f"{flat}.stats.json"),
    }
    if kind == "sitemap":
        source |= {"kind": "reviews_page", "url": here, "options": {"sitemap": f"{here}/{name}"}}
    return source


def _row(source: dict[str, Any], listed: dict[str, int]) -> Row:
    lines = [json.loads(line) for line in Path(source["spool"]).read_text("utf-8").splitlines()]
    name = source["name"]
    return Row(
        name,
        listed.get(name),
        CORRECTED.get(name, listed.get(name)),
        sum(line["type"] == "item" for line in lines),
        tuple(line["cause"] for line in lines if line["type"] == "reject"),
        json.loads(Path(source["stats"]).read_text("utf-8")),
    )


def suite() -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """(name, items, causes of rejects) for every file of the packed conformance suite."""
    from spiders.parse.feed import items_from_feed

    with tarfile.open(SUITE) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is None:
                continue
            body = file.read()
            headers = {"content-type": content_type(member.name, body)}
            items, rejects = items_from_feed(body, headers, "https://suite.test/", "suite", "now")
            yield member.name, len(items), tuple(reject.cause for reject in rejects)


def main(arguments: Sequence[str]) -> int:
    """Prints the table; exit code 1 when a row is not as expected, 2 without recordings."""
    if not FOLDER.exists():
        print(f"no recordings: {FOLDER.name} is not beside the checkout", file=sys.stderr)
        return 2
    rows = crawl()
    print(f"{'recording':<64} {'INDEX':>6} {'items':>6} {'rejects':>8}  note")
    for row in rows:
        differs = row.listed is not None and row.listed != row.items
        if row.fault or row.causes or differs or "--all" in arguments:
            note = row.fault or "; ".join(sorted(set(row.causes)))
            listed = "-" if row.listed is None else str(row.listed)
            print(f"{row.name:<64} {listed:>6} {row.items:>6} {len(row.causes):>8}  {note[:80]}")
    _totals(rows)
    return 1 if any(row.fault for row in rows) else 0


def _totals(rows: Sequence[Row]) -> None:
    print()
    for folder in ("feeds", "feeds_conformance", "schema_html", "sitemaps"):
        of_folder = [row for row in rows if row.name.startswith(folder + "/")]
        items = sum(row.items for row in of_folder)
        listed = sum(row.listed or 0 for row in of_folder)
        rejects = sum(len(row.causes) for row in of_folder)
        faults = sum(row.fault is not None for row in of_folder)
        print(
            f"{folder}: {len(of_folder)} files, {items} items (INDEX {listed}), "
            f"{rejects} rejects, {faults} not as expected"
        )
    results = list(suite())
    causes = Counter(cause.split(":")[0] for _, _, found in results for cause in found)
    print(
        f"packed suite: {len(results)} files, {sum(items for _, items, _ in results)} items,",
        end="",
    )
    print(" rejects", dict(causes.most_common()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
