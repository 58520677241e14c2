"""`python -m tests.recordings.owner`: Heureka's exports, as recorded.

A local server gives each recording out, for the right key, under the address of its export; one
crawl process reads them. The table's rows: recording, INDEX.md's n, items, rejects, and why they
differ.
"""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from tests.recordings.recorded import FOLDER
from tests.recordings.rows import Row, crawl, print_rows
from tests.recordings.serving import Answering, first_values, serving

KEY = "00112233445566778899aabbccddeeff"
EXPORTS = {
    "/direct/dotaznik/export-review.php": "heureka/eshop-reviews.xml",
    "/direct/dotaznik/export-product-review.php": "heureka/product-reviews.xml",
}
_TWICE = "one review stands at two variants of a product, word for word: it is given once"
NOTES = {"heureka/product-reviews.xml": _TWICE}


def raw_reviews(name: str) -> list[dict[str, str]]:
    """The reviews of a recording as they stand in the file, without our parser."""
    root = etree.fromstring((FOLDER / name).read_bytes())
    return [{child.tag: child.text or "" for child in one} for one in root.iter("review")]


def expected(name: str) -> int:
    """How many reviews of a recording differ in anything that a reader sees."""
    return len({tuple(sorted(review.items())) for review in raw_reviews(name)})


class _Exports(Answering):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        is_allowed = first_values(parts.query).get("key") == KEY
        name = EXPORTS.get(parts.path)
        body = (FOLDER / name).read_bytes() if name and is_allowed else b""
        status = 200 if body or parts.path == "/robots.txt" else 403
        self.answer(body, "application/xml", status)


def crawl_owner() -> tuple[list[Row], dict[str, list[dict[str, Any]]]]:
    """A row for every export, by the real process, and the items by recording."""
    with serving(_Exports) as here:
        left = crawl(
            [
                {
                    "name": name,
                    "kind": "heureka",
                    "url": here + path,
                    "secrets": {"key": "env:HEUREKA_KEY"},
                    "backfill": True,
                }
                for path, name in EXPORTS.items()
            ],
            {name: {"key": KEY} for name in EXPORTS.values()},
        )
    rows = [one.row(expected(one.name), NOTES.get(one.name, "")) for one in left]
    items = {row.name: [line for line in row.lines if line["type"] == "item"] for row in rows}
    return rows, items


def table_rows() -> list[Row]:
    """The rows of Heureka's exports for the one table (see overview.py)."""
    rows, _ = crawl_owner()
    return rows


if __name__ == "__main__":
    sys.exit(print_rows(table_rows))
