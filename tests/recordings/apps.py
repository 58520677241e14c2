"""`python -m tests.recordings.apps`: app shops and forum searches, as recorded.

A local server gives each recording out under the address at which its service would, page by
page; one crawl process reads them all. The table's rows: recording, INDEX.md's n, items, rejects,
and why they differ.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

if __package__ in (None, ""):  # pytest puts this folder on the path, `python -m` the root
    from recorded import FOLDER, files, index
    from table import ROOT, Row
else:
    from tests.recordings.recorded import FOLDER, files, index
    from tests.recordings.table import ROOT, Row

FOLDERS = ("appstore", "googleplay", "hackernews", "stackexchange", "steam")
_STEAM_PAGE = 100
_NO_MORE_PLAY = b')]}\'\n\n[["wrb.fr","UsvDTd","[]",null,null,null,"generic"]]'
_LAST_QUESTIONS = "stackexchange/stackexchange_question_page_2.json"

_EMPTIED = "every title and text was emptied when it was anonymised: all are named rejects"
NOTES = {
    "googleplay/permissions__translate.txt": (0, "the answer to another question: refused"),
    "googleplay/synthetic__batch-chunked.txt": (0, "the answer to another question: refused"),
    "stackexchange/stackexchange_question.json": (0, _EMPTIED),
    "stackexchange/stackexchange_question_backoff_page.json": (0, _EMPTIED),
    "stackexchange/stackexchange_question_page.json": (0, _EMPTIED),
    "stackexchange/stackexchange_question_page_2.json": (0, _EMPTIED),
    "stackexchange/stackexchange_question_parse.json": (0, _EMPTIED),
}
"""Items expected where they are not INDEX.md's n, and why."""


def emptied_posts(name: str) -> int:
    """Questions, answers and comments of a Stack Exchange recording and of the page after it."""
    document = json.loads((FOLDER / name).read_bytes())
    questions = document if isinstance(document, list) else document["items"]
    count = sum(1 + len(q.get("answers", [])) + len(q.get("comments", [])) for q in questions)
    has_more = isinstance(document, dict) and document["has_more"]
    return count + (emptied_posts(_LAST_QUESTIONS) if has_more else 0)


@cache
def _numbered() -> dict[str, str]:
    """Recordings by a number under which an app of the shops can be asked for."""
    return {str(700_000 + number): name for number, name in enumerate(files(*FOLDERS))}


def _target(number: str, name: str) -> tuple[str, str, dict[str, Any]]:
    """(kind, address on the server, options) for a recording."""
    folder = name.partition("/")[0]
    match folder:
        case "appstore":
            return "app_store", f"/gb/app/x/id{number}", {"format": "json"}
        case "googleplay":
            return "google_play", f"/store/apps/details?id=recorded.n{number}", {}
        case "steam":
            return "steam", f"/app/{number}/", {}
        case "hackernews":
            return "hacker_news", f"/?query={number}", {}
        case _:
            return "stack_exchange", "/questions", {"site": number}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if parts.path == "/robots.txt":
            self._send(b"")
        elif "/rss/customerreviews/" in parts.path:
            page, app = re.findall(r"page=(\d+)/id=(\d+)", parts.path)[0]
            name = _numbered()[app] if page == "1" else "appstore/empty_page.json"
            self._send((FOLDER / name).read_bytes())
        elif parts.path.startswith("/IUserReviewsService/"):
            asked = json.loads(query["input_json"][0])
            self._send(_steam_page(_numbered()[str(asked["appid"])], asked["cursor"]))
        elif parts.path == "/api/v1/search_by_date":
            self._send((FOLDER / _numbered()[query["query"][0]]).read_bytes())
        else:
            name = _numbered()[query["site"][0]] if query["page"] == ["1"] else _LAST_QUESTIONS
            self._send(_questions(name))

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        call = json.loads(json.loads(parse_qs(form)["f.req"][0])[0][0][1])
        name = _numbered()[call[3][0].removeprefix("recorded.n")]
        is_first = call[2][2][2] is None
        self._send((FOLDER / name).read_bytes() if is_first else _NO_MORE_PLAY)

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keeps the output clean."""


def _steam_page(name: str, cursor: str) -> bytes:
    """A page of a recording, whose envelope is a client's and whose reviews are the service's."""
    reviews = list(json.loads((FOLDER / name).read_bytes())["reviews"].values())
    start = 0 if cursor == "*" else int(cursor)
    page = {"reviews": reviews[start : start + _STEAM_PAGE], "cursor": str(start + _STEAM_PAGE)}
    return json.dumps({"response": page}).encode()


def _questions(name: str) -> bytes:
    """A recorded answer; a bare list of questions gets its envelope back."""
    document = json.loads((FOLDER / name).read_bytes())
    if isinstance(document, list):
        document = {"items": document, "has_more": False}
    return json.dumps(document).encode()


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


def crawl_apps() -> list[Row]:
    """A row for every recording of the five kinds, by the real process."""
    with tempfile.TemporaryDirectory() as folder, _served() as here:
        sources = []
        for number, name in _numbered().items():
            kind, address, options = _target(number, name)
            files_of = {"spool": f"{folder}/{number}.jsonl", "stats": f"{folder}/{number}.json"}
            sources.append(
                {"name": name, "kind": kind, "url": here + address, "options": options}
                | {"backfill": True, **files_of}
            )
        agent = "Recordings/1.0 (+https://test.example)"
        job = Path(folder) / "job.json"
        content = {"user_agent": agent, "settings": {"DOWNLOAD_DELAY": 0}, "sources": sources}
        job.write_text(json.dumps(content), "utf-8")
        command = [sys.executable, "-m", "spiders.run", str(job)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
        return [_row(source) for source in sources]


def _row(source: dict[str, Any]) -> Row:
    lines = [json.loads(line) for line in Path(source["spool"]).read_text("utf-8").splitlines()]
    name, listed = source["name"], index().get(source["name"])
    return Row(
        name,
        listed,
        NOTES[name][0] if name in NOTES else listed,
        sum(line["type"] == "item" for line in lines),
        tuple(line["cause"] for line in lines if line["type"] == "reject"),
        json.loads(Path(source["stats"]).read_text("utf-8")),
        source["kind"],
        tuple(lines),
        NOTES.get(name, (0, ""))[1],
    )


def table_rows() -> list[Row]:
    """The rows of the five kinds for the one table (see overview.py)."""
    return crawl_apps()


def main() -> int:
    """Prints the table; exit code 1 when a row has not the expected items, 2 without recordings."""
    if not FOLDER.exists():
        print(f"no recordings: {FOLDER.name} is not beside the checkout", file=sys.stderr)
        return 2
    rows = crawl_apps()
    print(f"{'recording':<56} {'INDEX':>6} {'items':>6} {'rejects':>8}  note")
    for row in rows:
        causes = "; ".join(f"{n} x {cause}" for cause, n in Counter(row.causes).items())
        note = ": ".join(filter(None, [NOTES.get(row.name, (0, ""))[1], causes[:90]]))
        listed = "-" if row.listed is None else str(row.listed)
        print(f"{row.name:<56} {listed:>6} {row.items:>6} {len(row.causes):>8}  {note}")
    return 1 if any(row.items != row.expected for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
