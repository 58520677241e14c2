"""What several tests need: a store, a configuration, a site, a receiver of alerts, a small model.

Sites and receivers are real servers on localhost; processes are the real command line.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from monitor.records import LABELS, CrawlRun, JudgedMention, Mention, Rating, Source
from monitor.runtime import Runtime, open_runtime
from monitor.score import score_pending
from monitor.store import Store, open_store
from monitor.store import mentions as mention_store
from monitor.store import sources as source_store

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
"""A Wednesday."""


def scheduled(name: str, brand: str) -> Source:
    return Source(name, "reviews_page", brand, f"https://{name}.example.com/", None, 3600)


def make_mention(identity: str, text: str = "", **changes: Any) -> Mention:
    """A mention as normalising would make it; `stars` is short for a rating on 1-5."""
    stars = changes.pop("stars", None)
    defaults: dict[str, Any] = {
        "source": "shop",
        "identity": identity,
        "raw_digest": f"digest of {identity} {text} {stars} {sorted(changes.items())}",
        "kind": "review",
        "url": None,
        "title": None,
        "text": text or f"text of {identity}",
        "language": "en",
        "language_confidence": 1.0,
        "author": f"author of {identity}",
        "rating": None if stars is None else Rating(stars, "1-5", str(stars)),
        "published_at": NOW,
        "edited_at": None,
        "fetched_at": NOW,
        "fingerprint": None,
        "search_text": text,
    }
    return Mention(**{**defaults, **changes})


def judged(number: int, **changes: Any) -> JudgedMention:
    """A scored mention as the rules see it: fresh, negative and sure of it."""
    defaults: dict[str, Any] = {
        "mention_id": number,
        "version_id": 1000 + number,
        "brand": "Acme",
        "source": "shop",
        "kind": "review",
        "language": "en",
        "label": "negative",
        "confidence": 0.9,
        "rating": None,
        "published_at": NOW,
        "said_at": changes.get("published_at", NOW),
        "first_seen_at": NOW,
        "author": f"author {number}",
        "title": None,
        "text": "a bad thing",
        "url": None,
        "reach": 0,
        "is_backfill": False,
    }
    return JudgedMention(**{**defaults, **changes})


def put(
    store: Store, *mentions: Mention, source: str = "shop", at: datetime = NOW
) -> dict[str, int]:
    """Stores and scores mentions of a source; gives their ids by identity."""
    stored = source_store.find(store, source)
    assert stored is not None
    mention_store.save(store, stored, mentions, at)
    score_pending(store, WordScorer(), WordAspects(), lambda: at)
    rows = store.rows("SELECT identity, id FROM mentions WHERE source_id = ?", (stored.id,))
    return {row["identity"]: row["id"] for row in rows}


def end_backfill(store: Store, source: str = "shop") -> None:
    """From here on what the source gives is news."""
    stored = source_store.find(store, source)
    assert stored is not None
    source_store.end_backfill(store, stored.id, NOW)


def run_of(state: str, at: datetime = NOW, source: str = "shop", items: int = 0) -> CrawlRun:
    return CrawlRun(source, state, at, at, items, items, 0, 0, 1, None)


def record(store: Store, run: CrawlRun) -> None:
    stored = source_store.find(store, run.source)
    assert stored is not None
    source_store.record_run(store, stored, run, None)


@dataclass(frozen=True)
class WordAspect:
    """One aspect that `WordAspects` found."""

    aspect: str
    stage: str | None
    label: str
    confidence: float
    clause: str


class WordAspects:
    """Reads the aspect `delivery` wherever the word stands: good or bad as `WordScorer` says."""

    revision = "word-aspects-1"

    def read(
        self, texts: Sequence[str], languages: Sequence[str], kinds: Sequence[str]
    ) -> list[list[WordAspect]]:
        rows = WordScorer().score(texts).tolist()
        labels = [LABELS[row.index(max(row))] for row in rows]
        return [
            [WordAspect("delivery", "delivery", label, 0.9, text)] if "delivery" in text else []
            for text, label in zip(texts, labels, strict=True)
        ]


class WordScorer:
    """A complete model of five words: reads "bad" as negative and "good" as positive."""

    revision = "words-1"
    errors = ()
    negative = ("bad", "špatn", "плох", "بد")
    positive = ("good", "dobr", "хорош", "خوب")

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> Any:
        import numpy

        return numpy.array([self._row(text.casefold()) for text in texts])

    def _row(self, text: str) -> list[float]:
        if any(word in text for word in self.negative):
            return [0.97, 0.02, 0.01]
        if any(word in text for word in self.positive):
            return [0.01, 0.02, 0.97]
        return [0.05, 0.9, 0.05]


@dataclass
class Page:
    body: str
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """A real web server: what it serves can be changed, and a path can be held open.

    A request for a held path is answered only after `release`; `asked` is set as soon as it is
    there. POSTs are kept in `received`; `refuse`, `hang` and `accept` say how they are answered.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[str] = []
        self.received: list[dict[str, Any]] = []
        self.held: set[str] = set()
        self.asked = threading.Event()
        self.release = threading.Event()
        self.answer_status = 200
        self.is_hanging = False
        site = self

        class Handler(_Handler):
            owner = site

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}"
        # The poll interval is how long stop() takes.
        serve = threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True)
        serve.start()

    def stop(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.server.server_close()

    def show(self, path: str, body: str, status: int = 200, **more: Any) -> str:
        """Serves this from now on; gives the address."""
        self.pages[path] = Page(body, status, **more)
        return self.url + path

    def show_reviews(self, path: str, *reviews: dict[str, Any], following: str = "") -> str:
        return self.show(path, review_page(*reviews, following=following))

    def hold(self, path: str) -> None:
        """Answers requests for this path only after `release.set()`."""
        self.held.add(path)

    def free(self, path: str) -> None:
        """Answers this path at once again."""
        self.held.discard(path)
        self.release.set()


class _Handler(BaseHTTPRequestHandler):
    owner: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.owner.requests.append(path)
        if path in self.owner.held:
            self.owner.asked.set()
            self.owner.release.wait(60)
        page = self.owner.pages.get(path, Page("nothing here", 404))
        self._answer(page.status, page.body.encode(), page.content_type, page.headers)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.owner.is_hanging:
            self.owner.release.wait(60)
            return
        if self.owner.answer_status == 200:
            self.owner.received.append(json.loads(body))
        self._answer(self.owner.answer_status, b"", "text/plain", {})

    def _answer(self, status: int, body: bytes, content_type: str, more: dict[str, str]) -> None:
        self.close_connection = True
        try:
            self.send_response(status)
            headers = {"Content-Type": content_type, "Content-Length": str(len(body)), **more}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            pass  # the reader was killed: that is what some tests are about

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: pytest shows what matters."""


def review(number: int, text: str, **more: Any) -> dict[str, Any]:
    """A review as `review_page` takes it; `more` are its stars, author and date."""
    return {"id": number, "text": text, **more}


def review_page(*reviews: dict[str, Any], following: str | None = None) -> str:
    """A page as shops mark up their reviews, with a link to the page that follows."""
    marked = [
        {
            "@type": "Review",
            "@id": f"https://shop.example.com/reviews/{one['id']}",
            "author": {"@type": "Person", "name": one.get("author", f"Author {one['id']}")},
            "datePublished": one.get("date", "2026-11-10T09:15:00+01:00"),
            "reviewBody": one["text"],
            "reviewRating": {"@type": "Rating", "ratingValue": one.get("stars", 3)},
        }
        for one in reviews
    ]
    content = {"@context": "https://schema.org", "@type": "Store", "name": "Acme", "review": marked}
    markup = json.dumps(content, ensure_ascii=False).replace("</", "<\\/")
    link = f'<a rel="next" href="{following}">more</a>' if following else ""
    script = f'<script type="application/ld+json">{markup}</script>'
    return f"<html><head><title>Acme</title>{script}</head><body>{link}</body></html>"


@dataclass
class Config:
    """A configuration file in a folder of its own, and the command line that uses it."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def database(self) -> Path:
        return self.folder / "monitor.db"

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    def write(self, sources: dict[str, str], rules: str = "[]", **more: Any) -> Config:
        """Writes config.yaml with a source (name -> address) for each; `pr` is a channel."""
        lines = [
            "store: monitor.db",
            'operator: {user_agent: "TestMonitor/1.0 (test@example.com)", channels: [ops]}',
            "collect: {delay_seconds: 0, obey_robots: false}",
            f"brands: [{{name: Acme, role: own, timezone: {more.get('zone', 'Europe/Prague')}}}]",
            "alerts:",
            "  channels: [{name: pr, url: 'file:pr.url'}, {name: ops, url: 'file:ops.url'}]",
            f"  rules: {rules}",
            "sources:",
            *(
                f"  - {{name: {name}, kind: {more.get('kind', 'reviews_page')}, brand: Acme,"
                f" url: '{url}', every: {more.get('every', '1h')}}}"
                for name, url in sources.items()
            ),
        ]
        if not sources:
            lines[-1] = "sources: []"
        self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        for channel in ("pr", "ops"):
            self.channel(channel, more.get(channel, "json://127.0.0.1:9/nobody"))
        return self

    def channel(self, name: str, address: str) -> None:
        (self.folder / f"{name}.url").write_text(address, encoding="utf-8")

    def runtime(self, clock: Callable[[], datetime] | None = None) -> Runtime:
        """The real runtime with a small model."""
        opened = open_runtime(self.path)
        if clock is not None:
            opened.clock = clock
        opened.scorer = WordScorer()  # type: ignore[assignment]
        opened.aspects = WordAspects()  # type: ignore[assignment]
        return opened

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[str]:
        """The command line as a process group of its own."""
        command = [sys.executable, "-m", "monitor", "--config", str(self.path), *arguments]
        return subprocess.Popen(
            command, cwd=self.folder, env=environment(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True, **more,
        )  # fmt: skip

    def run(self, *arguments: str, input: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monitor", "--config", str(self.path), *arguments]
        return run_command(command, self.folder, input)

    def value(self, sql: str) -> Any:
        """One value of the store, as an analyst would read it."""
        reader = open_store(self.database, read_only=True)
        try:
            return reader.value(sql)
        finally:
            reader.close()


def run_command(
    command: Sequence[str], folder: Path, input: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment(), input=input, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


def environment() -> dict[str, str]:
    """The test's environment without settings of ours, on a wide terminal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "PYTHONWARNINGS": ""}


def kill_group(process: subprocess.Popen[str]) -> None:
    """SIGKILL to the process and everything that it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    errors: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Said]
"""The command line called in this process; see the fixture `call` in tests/cli."""
