"""`python -m tests.recordings.social`: networks, forums and channels, as recorded.

A local server gives each recording out under the address at which its site would; one crawl
process reads them all. The table's rows: recording, INDEX.md's n, items, rejects, and why they
differ.
"""

from __future__ import annotations

import json
import re
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

if __package__ in (None, ""):  # pytest puts this folder on the path, `python -m` the root
    from recorded import FOLDER, index
    from table import ROOT, Row
else:
    from tests.recordings.recorded import FOLDER, index
    from tests.recordings.table import ROOT, Row

FORBIDS_FEEDS = "robots/hosts/news.google.com"

_TOOTS = "mastodon/testserver__fetch_remaining__"
_QUOTES_ONE = "mastodon/social__v1_statuses_115044073088181107.json"

FILES: dict[str, tuple[str, str, dict[str, str]]] = {
    # name: (kind, address on the server, {path there: recording})
    "discourse/discourse_topics.json + topics + posts": (
        "discourse",
        "/one/latest",
        {
            "/one/latest.json": "discourse/discourse_topics.json",
            "/one/t/1148.json": "discourse/discourse_topic_1148.json",
            "/one/t/1148/posts.json": "discourse/discourse_posts.json",
            "/one/t/1149.json": "discourse/discourse_topic_1150.json",
        },
    ),
    "discourse/discourse_topic_1148.json": (
        "discourse",
        "/two/t/x/1148",
        {
            "/two/t/1148.json": "discourse/discourse_topic_1148.json",
            "/two/t/1148/posts.json": "discourse/discourse_posts.json",
        },
    ),
    "discourse/discourse_topic_1150.json": (
        "discourse",
        "/three/t/1150",
        {"/three/t/1150.json": "discourse/discourse_topic_1150.json"},
    ),
    "discourse/discourse_posts.json": (
        "discourse",
        "/four/t/1448",
        {"/four/t/1448.json": "discourse/discourse_posts.json"},
    ),
    "discourse/discourse_post.json": (
        "discourse",
        "/five/t/2500",
        {"/five/t/2500.json": "discourse/discourse_post.json"},
    ),
    "discourse/discourse_topics_empty.json": (
        "discourse",
        "/six/latest",
        {"/six/latest.json": "discourse/discourse_topics_empty.json"},
    ),
    "discourse/discourse_topics_pinned.json": (
        "discourse",
        "/seven/c/help/4",
        {"/seven/c/help/4.json": "discourse/discourse_topics_pinned.json"},
    ),
    "discourse/discourse_topics_last_posted_at_null.json": (
        "discourse",
        "/eight/tag/x",
        {"/eight/tag/x.json": "discourse/discourse_topics_last_posted_at_null.json"},
    ),
    "telegram/any2feed__full.html": (
        "telegram",
        "/topwar_official",
        {"/s/topwar_official": "telegram/any2feed__full.html"},
    ),
    "telegram/any2feed__message_text.html": (
        "telegram",
        "/one_text",
        {"/s/one_text": "telegram/any2feed__message_text.html"},
    ),
    "telegram/any2feed__message_poll.html": (
        "telegram",
        "/one_poll",
        {"/s/one_poll": "telegram/any2feed__message_poll.html"},
    ),
    "telegram/any2feed__message_media_forwarded_from.html": (
        "telegram",
        "/one_forwarded",
        {"/s/one_forwarded": "telegram/any2feed__message_media_forwarded_from.html"},
    ),
    "mastodon/testserver__fetch_remaining__1+2+3.json": (
        "mastodon",
        "/tags/remaining",
        {
            "/api/v1/timelines/tag/remaining": f"{_TOOTS}1.json",
            "/api/v1/timelines/tag/remaining2": f"{_TOOTS}2.json",
            "/api/v1/timelines/tag/remaining3": f"{_TOOTS}3.json",
        },
    ),
    "feeds/rssparser__reddit-atom.rss": (
        "reddit",
        "/r/atom",
        {"/r/atom/new/.rss": "feeds/rssparser__reddit-atom.rss"},
    ),
    "feeds/rssparser__reddit-home.rss": (
        "reddit",
        "/r/home",
        {"/r/home/new/.rss": "feeds/rssparser__reddit-home.rss"},
    ),
    "feeds/rssparser__reddit.rss": (
        "reddit",
        "/r/rss",
        {"/r/rss/new/.rss": "feeds/rssparser__reddit.rss"},
    ),
}

NOTES = {
    "discourse/discourse_topics.json + topics + posts": (
        26,
        "20 posts of topic 1148, 2 of its stream's other ids answered with 4, 2 of topic 1150",
    ),
    "discourse/discourse_topic_1148.json": (24, "20, and the 4 that its stream's rest answered"),
    "discourse/discourse_post.json": (1, "a single post; the index counts lists"),
    "discourse/discourse_topics_pinned.json": (0, "3 topics, none recorded under its id: gone"),
    "discourse/discourse_topics_last_posted_at_null.json": (0, "2 topics, as above"),
    "mastodon/testserver__fetch_remaining__1+2+3.json": (30, "three pages by Link header"),
    _QUOTES_ONE: (1, "the second one is quoted inside of the first"),
}
"""Items expected where they are not INDEX.md's n, and why."""


def _mastodon_files() -> Iterator[tuple[str, str]]:
    """(recording, name of the tag it is served as) of every single timeline or status."""
    for name, count in index().items():
        if name.startswith("mastodon/") and count and "fetch_remaining" not in name:
            yield name, re.sub(r"\W|_", "", Path(name).stem)


def _left_out(name: str) -> int:
    """How many posts of a recorded timeline are not public or by accounts that opted out."""
    document = json.loads((FOLDER / name).read_bytes())
    posts = document if isinstance(document, list) else [document]
    return sum(
        post["account"].get("indexable") is False
        or post["account"].get("noindex") is True
        or post["visibility"] not in ("public", "unlisted")
        for post in posts
    )


def _errors() -> Iterator[tuple[str, int, str]]:
    """(recording, status, path) of Reddit's recorded refusals."""
    for path in sorted((FOLDER / "reddit").glob("*.body")):
        status = int(path.stem.split("__")[1])
        yield f"reddit/{path.name}", status, f"/r/{path.stem.replace('__', '')}/new/.rss"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pages: dict[str, tuple[int, str]]
    robots: bytes

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/robots.txt":
            self._send(200, self.robots, "text/plain")
            return
        if "before" in parse_qs(urlsplit(self.path).query):
            page = b"<html><body><div class='tgme_channel_info'></div></body></html>"
            self._send(200, page, "text/html")
            return
        status, name = self.pages.get(path, (404, ""))
        body = (FOLDER / name).read_bytes() if name else b'{"errors": ["not recorded"]}'
        kind = "text/html; charset=utf-8" if name.endswith(".html") else "application/json"
        following = re.search(r"/remaining(\d?)$", path)
        link = ""
        if following and following[1] != "3":
            older = f"/api/v1/timelines/tag/remaining{int(following[1] or 1) + 1}?max_id=1"
            link = f'<http://{self.headers["Host"]}{older}>; rel="next"'
        self._send(status, body, "text/xml" if name.endswith(".rss") else kind, link)

    def _send(self, status: int, body: bytes, kind: str, link: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if link:
            self.send_header("Link", link)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keeps the output clean."""


@contextmanager
def _served(pages: dict[str, tuple[int, str]], robots: bytes = b"") -> Iterator[str]:
    handler = type("Handler", (_Handler,), {"pages": pages, "robots": robots})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _crawl(
    folder: Path, wanted: list[tuple[str, str, str]]
) -> list[tuple[str, list[dict[str, Any]], dict[str, Any]]]:
    """(name, lines of the spool, stats) of each (name, kind, address), crawled in one process."""
    sources = [
        {
            "name": name,
            "kind": kind,
            "url": url,
            "spool": str(folder / f"{number}.jsonl"),
            "stats": str(folder / f"{number}.stats.json"),
        }
        for number, (name, kind, url) in enumerate(wanted)
    ]
    agent = "Recordings/1.0 (+https://test.example)"
    job = {"user_agent": agent, "settings": {"DOWNLOAD_DELAY": 0}, "sources": sources}
    (folder / "job.json").write_text(json.dumps(job), "utf-8")
    command = [sys.executable, "-m", "spiders.run", str(folder / "job.json")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    return [
        (
            source["name"],
            [json.loads(line) for line in Path(source["spool"]).read_text("utf-8").splitlines()],
            json.loads(Path(source["stats"]).read_text("utf-8")),
        )
        for source in sources
    ]


def crawl_social() -> list[Row]:
    """A row for every recording of the social kinds, by the real process."""
    pages: dict[str, tuple[int, str]] = {}
    wanted: list[tuple[str, str, str]] = []
    for name, (kind, address, paths) in FILES.items():
        pages |= {path: (200, recording) for path, recording in paths.items()}
        wanted.append((name, kind, address))
    for name, tag in _mastodon_files():
        pages[f"/api/v1/timelines/tag/{tag}"] = (200, name)
        wanted.append((name, "mastodon", f"/tags/{tag}"))
    listed = index()
    with tempfile.TemporaryDirectory() as folder, _served(pages) as here:
        sources = [(name, kind, here + address) for name, kind, address in wanted]
        found = _crawl(Path(folder), sources)
    rows = []
    for name, lines, stats in found:
        causes = tuple(line["cause"] for line in lines if line["type"] == "reject")
        items = len(lines) - len(causes)
        expected = NOTES.get(name, (listed.get(name), ""))[0]
        if name.startswith("mastodon/") and name in listed and expected is not None:
            expected -= _left_out(name)
        note = NOTES.get(name, (0, ""))[1]
        if not note and causes:
            note = "the rest opted out or is not public: rejects"
        kind = next(kind for known, kind, _ in wanted if known == name)
        rows.append(
            Row(name, listed.get(name), expected, items, causes, stats, kind, tuple(lines), note)
        )
    return rows


def table_rows() -> list[Row]:
    """The rows of the social kinds for the one table (see overview.py), refusals among them."""
    refused = [
        Row(name, None, 0, stats["items"], (), stats, "reddit", (), f"a refusal, HTTP {status}")
        for name, (status, stats) in refusals().items()
    ]
    return [*crawl_social(), *refused]


def google_news_under_its_robots() -> dict[str, Any]:
    """The stats of a search on a server with the robots.txt that Google News was recorded with."""
    robots = (FOLDER / FORBIDS_FEEDS).read_bytes()
    with tempfile.TemporaryDirectory() as folder, _served({}, robots) as here:
        url = f"{here}/search?q=zelvano&hl=cs&gl=CZ&ceid=CZ:cs"
        ((_, _, stats),) = _crawl(Path(folder), [("news", "google_news", url)])
        return stats


def refusals() -> dict[str, tuple[int, dict[str, Any]]]:
    """(status, stats of the crawl) for each of Reddit's recorded refusals."""
    errors = list(_errors())
    pages = {path: (status, name) for name, status, path in errors}
    with tempfile.TemporaryDirectory() as folder, _served(pages) as here:
        sources = [
            (name, "reddit", here + path.removesuffix("/new/.rss")) for name, _, path in errors
        ]
        found = _crawl(Path(folder), sources)
    return {name: (errors[i][1], stats) for i, (name, _, stats) in enumerate(found)}


def main() -> int:
    """Prints the table; exit code 1 when a row is not as expected."""
    rows = crawl_social()
    print(f"{'recording':<64} {'INDEX':>6} {'items':>6} {'rejects':>8}  note")
    for row in rows:
        known = NOTES.get(row.name, (0, ""))[1]
        note = row.fault or known or "; ".join(sorted(set(row.causes)))
        listed = "-" if row.listed is None else str(row.listed)
        print(f"{row.name:<64} {listed:>6} {row.items:>6} {len(row.causes):>8}  {note[:90]}")
    for name, (status, stats) in refusals().items():
        print(f"{name:<64} {'-':>6} {stats['items']:>6} {'':>8}  {status}: {stats['blocked']}")
    blocked = google_news_under_its_robots()["blocked"]
    print(f"{FORBIDS_FEEDS:<64} {'-':>6} {'-':>6} {'':>8}  google_news: {blocked}")
    return 1 if any(row.fault for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
