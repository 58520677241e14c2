"""`python -m tests.recordings.table`: what the real spiders make of every recording.

Here: one crawl process reads all feeds, conformance cases, pages and sitemaps from a local server;
the packed conformance suite is read in this process, file by file. The table itself, over all
modules of this folder, is put together in `overview.py`. `--all` also lists every recording.
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
        CORRECTED[name][0] if name in CORRECTED else listed.get(name),
        sum(line["type"] == "item" for line in lines),
        tuple(line["cause"] for line in lines if line["type"] == "reject"),
        json.loads(Path(source["stats"]).read_text("utf-8")),
        source["kind"],
        tuple(lines),
        CORRECTED[name][1] if name in CORRECTED else "",
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


def table_rows() -> list[Row]:
    """The rows of feeds, pages and sitemaps for the one table."""
    return crawl()


def main(arguments: Sequence[str]) -> int:
    """Prints the table; exit code 1 when a row is not as expected, 2 without recordings."""
    from tests.recordings import overview

    if not FOLDER.exists():
        print(f"no recordings: {FOLDER.name} is not beside the checkout", file=sys.stderr)
        return 2
    faults = overview.print_all(is_long="--all" in arguments)
    _print_suite()
    return 1 if faults else 0


def _print_suite() -> None:
    results = list(suite())
    causes = Counter(cause.split(":")[0] for _, _, found in results for cause in found)
    items = sum(items for _, items, _ in results)
    print(f"packed conformance suite, read file by file: {len(results)} files, {items} items")
    for cause, count in causes.most_common():
        print(f"  {count} x {cause}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
