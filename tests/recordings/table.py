"""`python -m tests.recordings.table`: what the real spiders make of every recording.

Here: one crawl process reads all feeds, conformance cases, pages and sitemaps from a local server;
the packed conformance suite is read in this process, file by file. The table itself, over all
modules of this folder, is put together in `overview.py`. `--all` also lists every
recording, `--json` gives it all as one document.
"""

from __future__ import annotations

import argparse
import json
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from tests.recordings.recorded import CORRECTED, FOLDER, content_type, files, index, served
from tests.recordings.rows import Row, crawl

SUITE = FOLDER / "feeds_conformance" / "feedparser_all_tests.tar.gz"
_NO_NUMBER = "no number in INDEX.md: has to be read without a fault"


def crawl_pages() -> list[Row]:
    """A row for every single recording of feeds, pages and sitemaps, by the real process."""
    names = [name for name in files("feeds", "feeds_conformance") if name != _suite_name()]
    pages = [name for name in files("schema_html") if name.endswith(".html")]
    with served() as here:
        sources = [_source(here, name, "feed") for name in names]
        sources += [_source(here, name, "reviews_page") for name in pages]
        sources += [_source(here, name, "sitemap") for name in files("sitemaps")]
        left = crawl(sources)
    return [one.row(*_expected(one.name)) for one in left]


def _expected(name: str) -> tuple[int | None, str]:
    if name in CORRECTED:
        return CORRECTED[name]
    listed = index().get(name)
    return listed, _NO_NUMBER if listed is None else ""


def _suite_name() -> str:
    return SUITE.relative_to(FOLDER).as_posix()


def _source(here: str, name: str, kind: str) -> dict[str, Any]:
    if kind == "sitemap":
        options = {"sitemap": f"{here}/{name}"}
        return {"name": name, "kind": "reviews_page", "url": here, "options": options}
    return {"name": name, "kind": kind, "url": f"{here}/{name}"}


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
    return crawl_pages()


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; exit code 1 when a row is not as expected, 2 without recordings."""
    from tests.recordings.overview import overview
    from tests.recordings.printed import as_document, print_overview

    parser = argparse.ArgumentParser(
        prog="python -m tests.recordings.table",
        description="What the real spiders make of every recording.",
    )
    parser.add_argument("--all", action="store_true", help="list every recording too")
    parser.add_argument("--json", action="store_true", help="one JSON document, a row a recording")
    wanted = parser.parse_args(arguments)
    if not FOLDER.exists():
        print(f"no recordings: {FOLDER.name} is not beside the checkout", file=sys.stderr)
        return 2
    found = overview()
    if wanted.json:
        print(json.dumps(as_document(found, _suite_counts()), ensure_ascii=False, indent=1))
    else:
        print_overview(found, is_long=wanted.all)
        _print_suite(_suite_counts())
    return 1 if found.faults else 0


def _suite_counts() -> dict[str, Any]:
    results = list(suite())
    causes = Counter(cause.split(":")[0] for _, _, found in results for cause in found)
    items = sum(items for _, items, _ in results)
    return {"files": len(results), "items": items, "rejects": dict(causes.most_common())}


def _print_suite(counts: dict[str, Any]) -> None:
    files, items = counts["files"], counts["items"]
    print(f"\npacked conformance suite, read file by file: {files} files, {items} items")
    for cause, count in counts["rejects"].items():
        print(f"  {count} x {cause}")


if __name__ == "__main__":
    sys.exit(main())
