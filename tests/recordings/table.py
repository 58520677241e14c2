"""`python -m tests.recordings.table`: what the real spiders make of every recording.

Here: one crawl process reads all feeds, conformance cases, pages and sitemaps from a local server;
the packed conformance suite is read in this process, file by file. The table itself, over all
modules of this folder, is put together in `overview.py`. `--all` also lists every recording,
`--json`
prints each row for a script.
"""

from __future__ import annotations

import json
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

if __package__ in (None, ""):  # pytest puts this folder on the path, `python -m` the root
    import crawling
    from crawling import Row, serving
    from recorded import CORRECTED, FOLDER, Recordings, content_type, files
else:
    from tests.recordings import crawling
    from tests.recordings.crawling import Row, serving
    from tests.recordings.recorded import CORRECTED, FOLDER, Recordings, content_type, files

SUITE = FOLDER / "feeds_conformance" / "feedparser_all_tests.tar.gz"


def crawl() -> list[Row]:
    """A row for every single recording of feeds, pages and sitemaps, by the real process."""
    names = [name for name in files("feeds", "feeds_conformance") if name != _suite_name()]
    pages = [name for name in files("schema_html") if name.endswith(".html")]
    with serving(Recordings) as here:
        sources: list[dict[str, Any]] = [
            {"name": name, "kind": kind, "url": f"{here}/{name}"}
            for kind, of_kind in (("feed", names), ("reviews_page", pages))
            for name in of_kind
        ]
        for name in files("sitemaps"):
            options = {"sitemap": f"{here}/{name}"}
            sources.append({"name": name, "kind": "reviews_page", "url": here, "options": options})
        return [crawled.row(CORRECTED) for crawled in crawling.crawl(sources)]


def _suite_name() -> str:
    return SUITE.relative_to(FOLDER).as_posix()


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
    if "--json" in arguments:
        rows, faults = overview.rows_as_data()
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 1 if faults else 0
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
