"""`python -m tests.recordings.owner`: Heureka's exports, as recorded.

A local server gives each recording out, for the right key, under the address of its export; one
crawl process reads them. The table's rows: recording, INDEX.md's n, items, rejects, and why they
differ.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import etree

if __package__ in (None, ""):  # pytest puts this folder on the path, `python -m` the root
    from recorded import FOLDER, index
    from table import ROOT, Row
else:
    from tests.recordings.recorded import FOLDER, index
    from tests.recordings.table import ROOT, Row

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


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        is_allowed = parse_qs(parts.query).get("key") == [KEY]
        name = EXPORTS.get(parts.path)
        body = (FOLDER / name).read_bytes() if name and is_allowed else b""
        self.send_response(200 if body or parts.path == "/robots.txt" else 403)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keeps the output clean."""


@contextmanager
def _served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def crawl_owner() -> tuple[list[Row], dict[str, list[dict[str, Any]]]]:
    """A row for every export, by the real process, and the items by recording."""
    with tempfile.TemporaryDirectory() as folder, _served() as here:
        sources = [
            {
                "name": name,
                "kind": "heureka",
                "url": here + path,
                "secrets": {"key": "env:HEUREKA_KEY"},
                "backfill": True,
                "spool": f"{folder}/{number}.jsonl",
                "stats": f"{folder}/{number}.stats.json",
            }
            for number, (path, name) in enumerate(EXPORTS.items())
        ]
        agent = "Recordings/1.0 (+https://test.example)"
        job = {"user_agent": agent, "settings": {"DOWNLOAD_DELAY": 0}, "sources": sources}
        (Path(folder) / "job.json").write_text(json.dumps(job), "utf-8")
        subprocess.run(
            [sys.executable, "-m", "spiders.run", f"{folder}/job.json"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            input=json.dumps({name: {"key": KEY} for name in EXPORTS.values()}) + "\n",
            text=True,
            timeout=300,
        )
        rows, items = [], {}
        for source in sources:
            name = str(source["name"])
            text = Path(str(source["spool"])).read_text("utf-8")
            lines = [json.loads(line) for line in text.splitlines()]
            causes = tuple(line["cause"] for line in lines if line["type"] == "reject")
            items[name] = [line for line in lines if line["type"] == "item"]
            stats = json.loads(Path(str(source["stats"])).read_text("utf-8"))
            listed = index().get(name)
            count, note = len(items[name]), NOTES.get(name, "")
            rows.append(
                Row(
                    name,
                    listed,
                    expected(name),
                    count,
                    causes,
                    stats,
                    "heureka",
                    tuple(lines),
                    note,
                )
            )
        return rows, items


def table_rows() -> list[Row]:
    """The rows of Heureka's exports for the one table (see overview.py)."""
    rows, _ = crawl_owner()
    return rows


def main() -> int:
    """Prints the table; exit code 1 when a row is not as expected, 2 without recordings."""
    if not FOLDER.exists():
        print(f"no recordings: {FOLDER.name} is not beside the checkout", file=sys.stderr)
        return 2
    rows, _ = crawl_owner()
    print(f"{'recording':<64} {'INDEX':>6} {'items':>6} {'rejects':>8}  note")
    for row in rows:
        note = row.fault or NOTES.get(row.name, "")
        print(f"{row.name:<64} {row.listed!s:>6} {row.items:>6} {len(row.causes):>8}  {note}")
    return 1 if any(row.fault for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
