"""`python -m tests.recordings.keyed`: services that need the owner's key, as recorded.

A local server gives each recording out as the answer that its service would give to our question;
one crawl process reads them all. The table's rows: recording, INDEX.md's n, items expected (texts
counted in the raw file), items, rejects with their causes.
"""

from __future__ import annotations

import json
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

SECRETS = {
    "youtube": {"key": "recorded-key"},
    "vk": {"token": "recorded-token"},
    "bluesky": {"identifier": "recorded.test", "password": "recorded-password"},
}
_PAGED = {
    "youtube/dataapi__comment_threads__comment_threads_by_video_paged_1.json",
    "youtube/dataapi__comments__comments_by_parent_paged_1.json",
}
"""Recordings that lead on to the next one, which has a row of its own only beside them."""

_OWN_WORDS = "INDEX.md counts captions and reposts too; expected: entries with words of their own"
_NEXT_PAGE = "read together with the page after it"
_OUR_COMMENT = "replies only: the comment above them is ours and has no words"
_NO_NUMBER = "no number in the index: counted in the raw file"


def recordings() -> list[str]:
    """Every recording that one of the three kinds reads; NewPipe's are of another interface."""
    return [name for name in files("youtube", "vk", "bluesky") if "newpipe__" not in name]


@cache
def _numbered() -> dict[str, str]:
    return {str(500_000 + number): name for number, name in enumerate(recordings())}


def document(name: str) -> Any:
    """A recording as JSON; one of them begins with a byte order mark."""
    return json.loads((FOLDER / name).read_bytes().decode("utf-8-sig"))


def texts_in(name: str) -> int:
    """Comments and posts with a text of their own, counted in the raw file (and the page after).

    Counted by walking the file, not by the spiders' code. A quoted post is somebody else's, and
    so is what a repost passes on.
    """
    raw = document(name)
    listed = raw.get("items") or raw.get("response", {}).get("items")
    if "thread" in raw:
        listed = [raw["thread"]["post"]["record"]]
    count = sum(bool(_text_of(entry)) for entry in ([raw] if listed is None else listed))
    if name in _PAGED:
        both = [*raw["items"], *document(name.replace("_1.json", "_2.json"))["items"]]
        count = len({entry["id"] for entry in both if _text_of(entry)})
    return count


def _text_of(entry: dict[str, Any]) -> str:
    snippet = entry.get("snippet", {})
    snippet = snippet.get("topLevelComment", {}).get("snippet", snippet)
    captions = [photo.get("text") for photo in entry.get("photos", {}).get("items", [])]
    # Captions of somebody's new photos are no post: the kind reads posts and comments.
    assert entry.get("type") == "wall_photo" or not any(captions)
    return str(snippet.get("textOriginal") or entry.get("text") or "").strip()


def _target(number: str, name: str) -> str:
    """The address on the server under which the kind asks for a recording."""
    if name.startswith("youtube/"):
        return f"/watch?v=video{number}"
    if name.startswith("bluesky/"):
        return f"/search?q={number}"
    method = name.partition("/")[2]
    if "Comment" in method:
        return f"/wall-1_{number}"
    return f"/search?q={number}" if method.startswith("NewsFeed") else f"/id{number}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/robots.txt":
            self._send({})
        elif parts.path.endswith("searchPosts"):
            self._send({"posts": [document(_numbered()[query["q"]])["thread"]["post"]]})
        elif parts.path.endswith("/comments"):
            number = query["parentId"].removeprefix("top")
            self._send(_replies(_numbered().get(number), query.get("pageToken")))
        else:
            name = _numbered()[query["videoId"].removeprefix("video")]
            self._send(_threads(name, query.get("pageToken")))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path.endswith("createSession"):
            self._send({"accessJwt": "recorded-session"})
            return
        form = {name: values[0] for name, values in parse_qs(body).items()}
        number = form.get("q") or form.get("post_id") or form["owner_id"]
        is_first = form.get("offset", "0") == "0" and "start_from" not in form
        self._send(document(_numbered()[number]) if is_first else {"response": {"items": []}})

    def _send(self, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keeps the output clean."""


def _threads(name: str, token: str | None) -> dict[str, Any]:
    """A recorded page of threads; recorded replies get a comment to stand below, without words."""
    if "__comments__" in name:
        number = next(number for number, known in _numbered().items() if known == name)
        top = {"id": f"top{number}", "snippet": {}}
        return {"items": [{"snippet": {"topLevelComment": top, "totalReplyCount": 9}}]}
    raw = document(name if token is None else name.replace("_1.json", "_2.json"))
    return raw if "items" in raw else {"items": [raw]}


def _replies(name: str | None, token: str | None) -> dict[str, Any]:
    """Recorded replies; a recorded thread that speaks of some came without them: none."""
    if name is None:
        return {"items": []}
    raw = document(name if token is None else name.replace("_1.json", "_2.json"))
    return raw if "items" in raw else {"items": [raw]}


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


def crawl_keyed() -> list[Row]:
    """A row for every recording of the three kinds, by the real process."""
    with tempfile.TemporaryDirectory() as folder, _served() as here:
        sources = []
        for number, name in _numbered().items():
            kind = name.partition("/")[0]
            files_of = {"spool": f"{folder}/{number}.jsonl", "stats": f"{folder}/{number}.json"}
            secrets = {secret: f"env:{secret.upper()}" for secret in SECRETS[kind]}
            source = {"name": name, "kind": kind, "url": here + _target(number, name)}
            sources.append({**source, "backfill": True, "secrets": secrets, **files_of})
        agent = "Recordings/1.0 (+https://test.example)"
        job = Path(folder) / "job.json"
        content = {"user_agent": agent, "settings": {"DOWNLOAD_DELAY": 0}, "sources": sources}
        job.write_text(json.dumps(content), "utf-8")
        values = json.dumps({one["name"]: SECRETS[one["kind"]] for one in sources}) + "\n"
        subprocess.run(
            [sys.executable, "-m", "spiders.run", str(job)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            timeout=300,
            input=values,
            text=True,
        )
        return [_row(source) for source in sources]


def _row(source: dict[str, Any]) -> Row:
    lines = [json.loads(line) for line in Path(source["spool"]).read_text("utf-8").splitlines()]
    name = source["name"]
    return Row(
        name,
        index().get(name),
        texts_in(name),
        sum(line["type"] == "item" for line in lines),
        tuple(line["cause"] for line in lines if line["type"] == "reject"),
        json.loads(Path(source["stats"]).read_text("utf-8")),
        source["kind"],
        tuple(lines),
        note_on(name),
    )


def note_on(name: str) -> str:
    """Why a recording gives something else than INDEX.md's n; empty where there is nothing to say."""
    notes = []
    if "__comments__" in name:
        notes.append(_OUR_COMMENT)
    if name in _PAGED:
        notes.append(_NEXT_PAGE)
    elif name not in index():
        notes.append(_NO_NUMBER)
    elif texts_in(name) != index()[name]:
        notes.append(_OWN_WORDS)
    return "; ".join(notes)


def table_rows() -> list[Row]:
    """The rows of YouTube, VK and Bluesky for the one table (see overview.py)."""
    return crawl_keyed()


def main() -> int:
    """Prints the table; exit code 1 when a row has not the expected items, 2 without recordings."""
    if not FOLDER.exists():
        print(f"no recordings: {FOLDER.name} is not beside the checkout", file=sys.stderr)
        return 2
    rows = crawl_keyed()
    print(f"{'recording':<76} {'INDEX':>5} {'texts':>5} {'items':>5} {'rejects':>7}  note")
    for row in rows:
        note = row.fault or "; ".join(f"{n} x {cause}" for cause, n in Counter(row.causes).items())
        listed = "-" if row.listed is None else str(row.listed)
        counted = f"{listed:>5} {row.expected:>5} {row.items:>5} {len(row.causes):>7}"
        print(f"{row.name:<76} {counted}  {note}")
    return 1 if any(row.fault for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
