"""`python -m tests.recordings.social`: networks, forums and channels, as recorded.

A local server gives each recording out under the address at which its site would; one crawl
process reads them all. The table's rows: recording, INDEX.md's n, items, rejects, and why they
differ.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.recordings.recorded import FOLDER, index
from tests.recordings.rows import Crawled, Row, crawl, print_rows
from tests.recordings.serving import Answering, first_values, serving

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


class _Sites(Answering):
    pages: dict[str, tuple[int, str]]
    robots: bytes = b""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/robots.txt":
            self.answer(self.robots, "text/plain")
            return
        if "before" in first_values(urlsplit(self.path).query):
            page = b"<html><body><div class='tgme_channel_info'></div></body></html>"
            self.answer(page, "text/html")
            return
        status, name = self.pages.get(path, (404, ""))
        body = (FOLDER / name).read_bytes() if name else b'{"errors": ["not recorded"]}'
        kind = "text/html; charset=utf-8" if name.endswith(".html") else "application/json"
        following = re.search(r"/remaining(\d?)$", path)
        more: dict[str, str] = {}
        if following and following[1] != "3":
            older = f"/api/v1/timelines/tag/remaining{int(following[1] or 1) + 1}?max_id=1"
            more["Link"] = f'<http://{self.headers["Host"]}{older}>; rel="next"'
        self.answer(body, "text/xml" if name.endswith(".rss") else kind, status, more)


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
    with serving(_Sites, pages=pages) as here:
        left = crawl(
            [{"name": name, "kind": kind, "url": here + url} for name, kind, url in wanted]
        )
    return [_row(one) for one in left]


def _row(crawled: Crawled) -> Row:
    name, listed = crawled.name, index().get(crawled.name)
    expected, note = NOTES.get(name, (listed, ""))
    if name.startswith("mastodon/") and listed is not None and expected is not None:
        expected -= _left_out(name)
    if not note and any(line["type"] == "reject" for line in crawled.lines):
        note = "the rest opted out or is not public: rejects"
    paths = FILES[name][2] if name in FILES else {}
    return crawled.row(expected, note, files=sorted(set(paths.values())))


def google_news_under_its_robots() -> Row:
    """The row of a search on a server with the robots.txt that Google News was recorded with."""
    robots = (FOLDER / FORBIDS_FEEDS).read_bytes()
    with serving(_Sites, pages={}, robots=robots) as here:
        url = f"{here}/search?q=zelvano&hl=cs&gl=CZ&ceid=CZ:cs"
        (left,) = crawl([{"name": FORBIDS_FEEDS, "kind": "google_news", "url": url}])
    return left.row(0, "its robots.txt forbids the feeds: nothing is asked for", is_refusal=True)


def refusals() -> dict[str, tuple[int, Row]]:
    """(status, row) for each of Reddit's recorded refusals."""
    status_of = {name: status for name, status, _ in _errors()}
    pages = {path: (status, name) for name, status, path in _errors()}
    with serving(_Sites, pages=pages) as here:
        left = crawl(
            [
                {"name": name, "kind": "reddit", "url": here + path.removesuffix("/new/.rss")}
                for name, _, path in _errors()
            ]
        )
    found = {}
    for one in left:
        status = status_of[one.name]
        found[one.name] = (status, one.row(0, f"a refusal, HTTP {status}", is_refusal=True))
    return found


def table_rows() -> list[Row]:
    """The rows of the social kinds for the one table (see overview.py), refusals among them."""
    refused = [row for _, row in refusals().values()]
    return [*crawl_social(), *refused, google_news_under_its_robots()]


if __name__ == "__main__":
    sys.exit(print_rows(table_rows))
