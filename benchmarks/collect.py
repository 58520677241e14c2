"""Items a second from a local server into a real store, beside bare Scrapy on the same pages.

Ours is the real `monitor collect`: its crawl process, robots.txt, spool, and all that is done to a
text before it is stored (language, dates, personal data, identity, near-duplicates, search terms),
committed to SQLite. The named peer in the same run is a bare Scrapy spider with feedparser and
extruct that only parses the pages and yields their items. Neither pauses between requests. Both are
timed from the start of the process to its end; the pages are served by a process of their own.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any

AT_LEAST = 0.6
LANGUAGES = ("ru", "cs", "fa", "en")
# Shaped after recorded feeds and review pages, whose medians are 20 entries of 2.9 kB, and 13
# reviews on a page of 440 kB with 1,500 elements: here more items, on smaller pages.
FEEDS, ENTRIES = 24, 100
SHOPS, PAGES, REVIEWS = 16, 10, 20
MENU = 800
ITEMS = FEEDS * ENTRIES + SHOPS * PAGES * REVIEWS


def main() -> int:
    """Prints both rates and, on the last line, their ratio; exit code 1 when that is too low."""
    with tempfile.TemporaryDirectory() as name, served() as here:
        folder = Path(name)
        bare = bare_scrapy(here)
        print(f"bare Scrapy:     {ITEMS} items in {bare:.1f} s, {ITEMS / bare:.0f} items a second")
        ours = collect(folder, here)
        print(f"monitor collect: {ITEMS} items in {ours:.1f} s, {ITEMS / ours:.0f} items a second")
    ratio = bare / ours
    print(f"ratio: {ratio:.2f}")
    return 0 if ratio >= AT_LEAST else 1


def collect(folder: Path, here: str) -> float:
    """Seconds of `monitor collect` from start to exit; refuses a run that lost an item."""
    lines = [
        "store: monitor.db",
        'operator: {user_agent: "Benchmark/1.0 (+https://example.com)"}',
        "collect: {delay_seconds: 0}",
        "brands: [{name: Zelvano, role: own, timezone: Europe/Prague}]",
        "sources:",
    ]
    kinds = {"feed": FEEDS, "reviews_page": SHOPS}
    lines += [
        f"  - {{name: {kind}-{n}, kind: {kind}, brand: Zelvano, url: '{here}{_path(kind, n)}'}}"
        for kind, count in kinds.items()
        for n in range(count)
    ]
    config = folder / "config.yaml"
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "monitor", "--config", str(config), "collect", "--json"]
    started = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    runs = json.loads(done.stdout)
    stored = sum(run["new"] for run in runs)
    if stored != ITEMS:
        raise SystemExit(f"{stored} of {ITEMS} items were stored")
    return seconds


def bare_scrapy(here: str) -> float:
    """Seconds of the bare spider, from the start of its process to its exit."""
    command = [sys.executable, __file__, "bare", here]
    started = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if int(done.stdout) != ITEMS:
        raise SystemExit(f"bare Scrapy found {done.stdout.strip()} of {ITEMS} items")
    return seconds


def run_bare(here: str) -> None:
    """The peer: Scrapy as it comes, the two usual parsers, items counted and dropped."""
    import feedparser
    from extruct.jsonld import JsonLdExtractor
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess

    count = 0
    json_ld = JsonLdExtractor()

    class Bare(Spider):
        name = "bare"

        async def start(self) -> Any:
            for kind, count in (("feed", FEEDS), ("reviews_page", SHOPS)):
                for number in range(count):
                    yield Request(here + _path(kind, number))

        def parse(self, response: Any) -> Iterator[Any]:
            if "/feed/" in response.url:
                for entry in feedparser.parse(response.body).entries:
                    yield {
                        "id": entry.id,
                        "url": entry.link,
                        "title": entry.title,
                        "text": entry.summary,
                        "author": entry.author,
                        "published": entry.published,
                    }
                return
            for document in json_ld.extract(response.text):
                for review in document["review"]:
                    yield {
                        "id": review["@id"],
                        "author": review["author"]["name"],
                        "text": review["reviewBody"],
                        "published": review["datePublished"],
                        "rating": review["reviewRating"]["ratingValue"],
                    }
            following = response.css("a[rel=next]::attr(href)").get()
            if following:
                yield response.follow(following, self.parse)

    class Count:
        def process_item(self, item: Any) -> Any:
            nonlocal count
            count += 1
            return item

    settings = {"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "DOWNLOAD_DELAY": 0}
    settings |= {"USER_AGENT": "Benchmark/1.0", "ITEM_PIPELINES": {Count: 1}}
    process = CrawlerProcess(settings)
    process.crawl(Bare)
    process.start()
    print(count)


def _path(kind: str, number: int) -> str:
    """Where a source of this kind begins on the server."""
    return f"/feed/{number}" if kind == "feed" else f"/shop/{number}?page=1"


@contextmanager
def served() -> Iterator[str]:
    """Address of the server, a process of its own."""
    command = [sys.executable, __file__, "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def serve() -> None:
    """Makes all pages and serves them until told to stop; prints its address first."""
    pages = dict(all_pages())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, body = pages.get(self.path, ("text/plain", b""))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keeps the output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def all_pages() -> Iterator[tuple[str, tuple[str, bytes]]]:
    """(path, (content type, body)) of every feed and review page, the same in every run."""
    chance = random.Random(11)
    number = 0
    for feed in range(FEEDS):
        language = LANGUAGES[feed % 4]
        items = "".join(_entry(language, number + i, chance) for i in range(ENTRIES))
        number += ENTRIES
        body = f'<rss version="2.0"><channel><title>Feed {feed}</title>{items}</channel></rss>'
        yield f"/feed/{feed}", ("application/rss+xml; charset=utf-8", body.encode())
    for shop in range(SHOPS):
        language = LANGUAGES[shop % 4]
        for page in range(1, PAGES + 1):
            reviews = [_review(language, number + i, chance) for i in range(REVIEWS)]
            number += REVIEWS
            html = _page(shop, page, reviews).encode()
            yield f"/shop/{shop}?page={page}", ("text/html; charset=utf-8", html)


def _page(shop: int, page: int, reviews: list[dict[str, Any]]) -> str:
    """A page as shops build them: markup for search engines, the same again to be seen, a menu."""
    data = {"@context": "https://schema.org", "@type": "Product", "review": reviews}
    seen = "".join(
        f'<article class="review" id="r{n}"><header><span class="author">'
        f"{escape(review['author']['name'])}</span><time>{review['datePublished']}</time></header>"
        f'<div class="stars"><i></i><i></i><i></i></div><p>{escape(review["reviewBody"])}</p>'
        f'<footer><a href="#r{n}">link</a><button>helpful</button></footer></article>'
        for n, review in enumerate(reviews)
    )
    menu = "".join(
        f'<li class="menu__item"><a href="/department/{n}" data-id="{n}">Department {n}</a></li>'
        for n in range(MENU)
    )
    style = "".join(f".menu__item--{n}{{color:#{n:06x};margin:0 {n % 9}px}}" for n in range(MENU))
    link = f'<a rel="next" href="?page={page + 1}">more</a>' if page < PAGES else ""
    return (
        f"<!doctype html><html><head><title>Shop {shop}</title><style>{style}</style>"
        f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script></head>'
        f"<body><nav><ul>{menu}</ul></nav><h1>Shop {shop}</h1>{seen}{link}</body></html>"
    )


@cache
def _sentences(language: str) -> list[dict[str, Any]]:
    """The demo's own texts: an invented shop, written by us."""
    path = resources.files("monitor.demo") / "texts" / f"{language}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _text(language: str, number: int, chance: random.Random, count: int = 2) -> tuple[str, str]:
    """(author, text): texts of the demo, one a line, and a number, so that no two are alike."""
    chosen = chance.sample(_sentences(language), count)
    contact = f" mail{number}@example.com" if number % 20 == 0 else ""
    text = "\n".join(str(one["text"]) for one in chosen)
    return chosen[0]["author"], f"{text} {number}{contact}"


def _entry(language: str, number: int, chance: random.Random) -> str:
    author, text = _text(language, number, chance, 6)
    day = f"{1 + number % 28:02} Oct 2026 {number % 24:02}:15:00 GMT"
    address = f"https://forum.example.com/{number}"
    style = "margin: 0 0 1em; font-family: Georgia, serif; line-height: 1.5"
    body = "".join(
        f'<p class="has-text" style="{style}"><span>{escape(line)}</span></p>'
        for line in text.splitlines()
    )
    body += "".join(
        f'<a class="share" href="{address}?to={n}"><img src="{address}-{n}.png" alt=""></a>'
        for n in range(5)
    )
    return (
        f"<item><guid>entry-{number}</guid><title>{escape(text[:60].strip())}</title>"
        f"<link>{address}</link><comments>{address}#comments</comments>"
        f"<category>shops</category><category>kettles</category><author>{escape(author)}</author>"
        f"<pubDate>{day}</pubDate><description><![CDATA[{body}]]></description></item>"
    )


def _review(language: str, number: int, chance: random.Random) -> dict[str, Any]:
    author, text = _text(language, number, chance)
    return {
        "@type": "Review",
        "@id": f"https://shop.example.com/reviews/{number}",
        "author": {"@type": "Person", "name": author},
        "datePublished": f"2026-10-{1 + number % 28:02}T{number % 24:02}:15:00+02:00",
        "reviewBody": text,
        "reviewRating": {"@type": "Rating", "ratingValue": 1 + number % 5},
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["bare", address]:
            run_bare(address)
        case _:
            sys.exit(main())
