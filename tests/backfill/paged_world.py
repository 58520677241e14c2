"""One real server with a site of every kind that has pages: five pages of two items, newest first.

It counts what it is asked for, and can hold a page of each site the first time it is asked for.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGES = 5
NOW = datetime.now(UTC).replace(microsecond=0)

SOURCES: dict[str, tuple[str, str, str]] = {
    "archive": ("feed", "/archive/1", ""),
    "json-feed": ("feed", "/json-feed/1", ""),
    "numbered": ("html", "/numbered", "item: .r, fields: {id: ./@id, text: p}, page_parameter: p"),
    "linked": ("html", "/linked?p=1", "item: .r, fields: {id: ./@id, text: p}, next: a.next"),
    "cursor": ("json_api", "/cursor", "items: reviews, fields: {id: id, text: text, published: at},"
               " cursor: next, cursor_parameter: after"),
    "header": ("json_api", "/header?p=1", "items: reviews, fields: {id: id, text: text},"
               " link_header: true"),
    "marked-up": ("reviews_page", "/marked-up?p=1", ""),
    "blog": ("wordpress", "/blog", ""),
    "shop": ("woocommerce", "/eshop/product/kettle/", ""),
    "digikala": ("digikala", "/product/dkp-77/", ""),
    "apple": ("app_store", "/cz/app/zelvano/id1234567890", ""),
    "steam": ("steam", "/app/123456/Zelvano/", ""),
    "play": ("google_play", "/store/apps/details?id=cz.zelvano.app", ""),
    "stack": ("stack_exchange", "/questions/tagged/kettle", "site: stackoverflow"),
    "toots": ("mastodon", "/tags/kettle", ""),
    "channel": ("telegram", "/zelvano", ""),
    "forum": ("discourse", "/f/latest", ""),
    "hn": ("hacker_news", "/?query=kettle", ""),
    "sub": ("reddit", "/r/kettle", ""),
    "sky": ("bluesky", "/search?q=kettle", ""),
    "zbozi": ("zbozi", "/v1/nakupy/reviews/?premiseId=7", ""),
    "place": ("google_business", "/v4/accounts/1/locations/2", ""),
}  # fmt: skip
"""Name of a source -> its kind, address and options."""

LOGINS: dict[str, tuple[str, ...]] = {
    "sky": ("identifier", "password"),
    "zbozi": ("token",),
    "place": ("client_id", "client_secret", "refresh_token"),
}
"""Name of a source that logs in -> its secrets; the value of each ends in the secret's name."""
SECRET = "key-of-the-owner-"
TOKEN = "token-of-a-visit-"


def written(page: int, place: int = 0) -> datetime:
    """When an item of a page was published: ten days a page."""
    return NOW - timedelta(days=10 * page + place)


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class PagedWorld:
    """The server: `asked` counts pages by source; pages in `held` wait when asked for first."""

    def __init__(self) -> None:
        self.asked: Counter[tuple[str, int]] = Counter()
        self.paths: list[str] = []
        self.held: dict[str, int] = {}
        self.failing: dict[tuple[str, int], int] = {}
        self.logins: Counter[str] = Counter()
        self.refuses_logins = False
        self.release = threading.Event()
        self.changed = threading.Condition()
        world = self

        class Handler(_Handler):
            owner = world

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    def stop(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.server.server_close()

    def note(self, source: str, page: int) -> int:
        """Counts a page and holds it if it is to be held; the status to answer with."""
        with self.changed:
            self.asked[source, page] += 1
            is_first = self.asked[source, page] == 1
            self.changed.notify_all()
        if self.held.get(source) == page and is_first:
            self.release.wait(60)
        return self.failing.get((source, page), 200)

    def wait_for(self, sources: list[str], page: int) -> None:
        """Returns once this page of each source was asked for."""
        with self.changed:
            arrived = self.changed.wait_for(
                lambda: all(self.asked[name, page] for name in sources), timeout=60
            )
        assert arrived, [name for name in sources if not self.asked[name, page]]

    def times_asked(self, source: str) -> list[int]:
        """How often each page of a source was asked for, and the one behind the last."""
        return [self.asked[source, page] for page in range(1, PAGES + 2)]


class _Handler(BaseHTTPRequestHandler):
    owner: PagedWorld
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.owner.paths.append(self.path)
        for pattern, answer in _ANSWERS:
            if found := re.fullmatch(pattern, parts.path):
                answer(self, *found.groups())
                return
        self.send("nothing here", 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if source := _LOGIN_PATHS.get(self.path):
            self.log_in(source, body)
        else:
            self.google_play(parse_qs(body))

    def log_in(self, source: str, body: str) -> None:
        """A token that is good until the next login, for whoever has all secrets."""
        knows_all = all(SECRET + name in body for name in LOGINS[source])
        if self.owner.refuses_logins or not knows_all:
            self.send(json.dumps({"error": "invalid_grant"}), 400, "application/json")
            return
        self.owner.logins[source] += 1
        token = f"{TOKEN}{source}-{self.owner.logins[source]}"
        answer = {"access_token": token, "accessJwt": token}
        self.send(json.dumps(answer), kind="application/json")

    def is_let_in(self, source: str) -> bool:
        """Whether the newest token came along; answers itself where it did not."""
        token = f"{TOKEN}{source}-{self.owner.logins[source]}"
        is_right = self.headers.get("Authorization") == f"Bearer {token}"
        if not is_right:
            self.owner.note(f"{source}-refused", 1)
            self.send(json.dumps({"error": "ExpiredToken"}), 401, "application/json")
        return is_right

    def google_play(self, form: dict[str, list[str]]) -> None:
        token = json.loads(json.loads(form["f.req"][0])[0][0][1])[2][2][2]
        page = int(token or 1)
        rows = [
            [
                f"gp-{one}",
                [f"Person {one}"],
                4,
                None,
                f"Text {one}",
                [self.second(page), 0],
                0,
                None,
            ]
            for one in items(page)
        ]
        content = json.dumps([rows, [None, str(page + 1) if page < PAGES else None]])
        frame = json.dumps([["wrb.fr", "UsvDTd", content, None, None, None, "generic"]])
        self.page("play", page, f")]}}'\n\n{len(frame) + 1}\n{frame}\n", "application/json")

    def second(self, page: int) -> int:
        return int(written(page).timestamp())

    def page(self, source: str, page: int, body: Any, kind: str = "", **headers: str) -> None:
        """Answers with a page of a source, after what is to happen to it."""
        status = self.owner.note(source, page)
        if not isinstance(body, str):
            body, kind = json.dumps(body), "application/json"
        self.send(body, status, kind or "text/html; charset=utf-8", **headers)

    def send(self, body: str, status: int = 200, kind: str = "text/plain", **more: str) -> None:
        self.close_connection = True
        content = body.encode()
        try:
            self.send_response(status)
            for name, value in {"Content-Type": kind, **more}.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except ConnectionError:
            pass  # the reader was killed: that is what the tests are about

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: pytest shows what matters."""

    def number(self, name: str = "p") -> int:
        return int(self.query.get(name, "1"))


def items(page: int) -> list[int]:
    """Numbers of the items on a page."""
    return [10 * page, 10 * page + 1] if page <= PAGES else []


def archive(to: _Handler, number: str) -> None:
    page = int(number)
    link = f'<link rel="prev-archive" href="/archive/{page + 1}"/>' if page < PAGES else ""
    entries = "".join(
        f"<entry><id>a{one}</id><title>Entry {one}</title>"
        f"<published>{iso(written(page))}</published></entry>"
        for one in items(page)
    )
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{link}{entries}</feed>'
    to.page("archive", page, feed, "application/atom+xml")


def json_feed(to: _Handler, number: str) -> None:
    page = int(number)
    entries = [{"id": f"j{one}", "content_text": f"Entry {one}"} for one in items(page)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": entries}
    more = {"next_url": f"/json-feed/{page + 1}"} if page < PAGES else {}
    to.page("json-feed", page, feed | more)


def html_page(source: str) -> Callable[[_Handler], None]:
    def answer(to: _Handler) -> None:
        page = to.number()
        entries = "".join(f'<div class="r" id="r{n}"><p>Text {n}</p></div>' for n in items(page))
        link = f'<a class="next" href="?p={page + 1}">next</a>' if page < PAGES else ""
        to.page(source, page, f"<html><body>{entries or 'No more'}{link}</body></html>")

    return answer


def cursor(to: _Handler) -> None:
    page = int(to.query.get("after", "c1")[1:])
    found = [{"id": n, "text": f"Text {n}", "at": iso(written(page))} for n in items(page)]
    to.page("cursor", page, {"reviews": found, "next": f"c{page + 1}" if page < PAGES else None})


def header(to: _Handler) -> None:
    page = to.number()
    found = [{"id": n, "text": f"Text {n}"} for n in items(page)]
    link = {"Link": f'</header?p={page + 1}>; rel="next"'} if page < PAGES else {}
    to.page("header", page, {"reviews": found}, **link)


def marked_up(to: _Handler) -> None:
    page = to.number()
    found = [
        {"@type": "Review", "@id": f"#m{n}", "author": f"A{n}", "reviewBody": f"Text {n}"}
        for n in items(page)
    ]
    link = f'<link rel="next" href="?p={page + 1}">' if page < PAGES else ""
    script = f'<script type="application/ld+json">{json.dumps(found)}</script>'
    to.page("marked-up", page, f"<html><head>{link}{script}</head></html>")


def blog(to: _Handler) -> None:
    page = to.number("page")
    found = [
        {"id": n, "date_gmt": iso(written(page))[:-1], "content": {"rendered": f"<p>C {n}</p>"}}
        for n in items(page)
    ]
    to.page("blog", page, found, X_WP_TotalPages=str(PAGES))


def product(to: _Handler) -> None:
    to.owner.note("shop-product", 1)
    to.send(json.dumps([{"id": 4711}]), kind="application/json")


def shop(to: _Handler) -> None:
    page = to.number("page")
    assert to.query.get("product_id") == "4711", "the reviews of all products were asked for"
    found = [{"id": n, "review": f"<p>R {n}</p>", "rating": 4} for n in items(page)]
    to.page("shop", page, found, X_WP_TotalPages=str(PAGES))


def digikala(to: _Handler) -> None:
    page = to.number("page")
    comments = [{"id": n, "body": f"خوب {n}", "rate": 4} for n in items(page)]
    data = {"comments": comments, "pager": {"current_page": page, "total_pages": PAGES}}
    to.page("digikala", page, {"status": 200, "data": data})


def apple(to: _Handler, number: str) -> None:
    page = int(number)
    entries = "".join(
        f"<entry><id>{n}</id><updated>{iso(written(page))}</updated><title>T{n}</title>"
        f'<content type="text">Text {n}</content><im:rating>4</im:rating>'
        f"<author><name>A{n}</name></author></entry>"
        for n in items(page)
    )
    following = f"https://itunes.apple.com/cz/rss/customerreviews/page={page + 1}/id=1/xml"
    link = f'<link rel="next" href="{following}"/>' if page < PAGES else ""
    feed = (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns:im="http://itunes.apple.com/rss"'
        f' xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>R</title>{link}{entries}</feed>'
    )
    to.page("apple", page, feed, "text/xml")


def steam(to: _Handler) -> None:
    asked = json.loads(to.query["input_json"])["cursor"]
    page = 1 if asked == "*" else int(asked)
    found = [
        {
            "recommendationid": str(n),
            "author": {"steamid": f"765{n}"},
            "review": f"Review {n}",
            "voted_up": True,
            "timestamp_created": to.second(page),
            "timestamp_updated": to.second(page),
        }
        for n in items(page)
    ]
    to.page("steam", page, {"response": {"reviews": found, "cursor": str(page + 1)}})


def stack(to: _Handler) -> None:
    page = to.number("page")
    found = [
        {"question_id": n, "title": f"Q{n}", "body": "<p>?</p>", "creation_date": to.second(page)}
        for n in items(page)
    ]
    to.page("stack", page, {"items": found, "has_more": page < PAGES})


def toots(to: _Handler) -> None:
    page = PAGES + 1 - to.number("max_id") // 100 if "max_id" in to.query else 1
    account = {"id": "7", "acct": "jana", "username": "jana", "indexable": True}
    found = [
        {
            "id": str(n),
            "created_at": iso(written(page)),
            "content": f"<p>Konvice {n}</p>",
            "url": f"https://social.example/@jana/{n}",
            "account": account,
            "tags": [{"name": "kettle"}],
        }
        for n in items(page)
    ]
    older = f"{to.owner.url}/api/v1/timelines/tag/kettle?max_id={100 * (PAGES - page)}"
    link = {"Link": f'<{older}>; rel="next"'} if page < PAGES else {}
    to.page("toots", page, found, **link)


def channel(to: _Handler) -> None:
    page = PAGES + 1 - to.number("before") // 100 if "before" in to.query else 1
    words = "".join(
        f'<div class="tgme_widget_message js-widget_message" data-post="zelvano/{1000 - n}">'
        f'<div class="tgme_widget_message_text js-message_text">Зпр. {n}</div>'
        f'<a class="tgme_widget_message_date"><time datetime="{iso(written(page))}"></time></a>'
        "</div>"
        for n in items(page)
    )
    before = 100 * (PAGES - page)
    more = f'<a class="js-messages_more" data-before="{before}"></a>' if page < PAGES else ""
    head = "<html><head><meta charset='utf-8'></head><body><div class='tgme_channel_info'></div>"
    to.page("channel", page, f"{head}{more}{words}</body></html>")


def forum(to: _Handler) -> None:
    page = int(to.query.get("page", "0")) + 1
    topics = [{"id": 70 + page, "title": "T"}] if page <= PAGES else []
    listed: dict[str, Any] = {"topics": topics}
    if page < PAGES:
        listed["more_topics_url"] = f"/f/latest?no_definitions=true&page={page}"
    to.page("forum", page, {"topic_list": listed})


def topic(to: _Handler, number: str) -> None:
    page = int(number) - 70
    posts = [
        {
            "id": n,
            "post_number": place,
            "post_type": 1,
            "username": f"user{n}",
            "cooked": f"<p>Post {n}</p>",
            "created_at": iso(written(page)),
            "updated_at": iso(written(page)),
            "version": 1,
            "topic_id": int(number),
            "topic_slug": "kettles",
        }
        for place, n in enumerate(items(page), 1)
    ]
    streams = {"posts": posts, "stream": items(page)}
    to.page("topics", page, {"id": int(number), "title": "T", "slug": "k", "post_stream": streams})


def hacker_news(to: _Handler) -> None:
    until = re.findall(r"created_at_i<=(\d+)", to.query.get("numericFilters", ""))
    page = next(p for p in range(1, PAGES + 2) if not until or to.second(p) < int(until[0]))
    hits = [
        {"objectID": str(n), "created_at_i": to.second(page), "author": "a", "title": f"Kettle {n}"}
        for n in items(page)
    ]
    left = PAGES + 1 - page
    to.page("hn", page, {"hits": hits, "nbHits": 2 * left, "nbPages": left})


def sub(to: _Handler) -> None:
    page = int(to.query["after"].removeprefix("t3_")) // 10 + 1 if "after" in to.query else 1
    entries = "".join(
        f"<entry><id>t3_{n}</id><title>Kettle {n}</title><updated>{iso(written(page))}</updated>"
        f'<link href="https://www.reddit.com/r/kettle/comments/{n}/"/></entry>'
        for n in items(page)
    )
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>r</title>{entries}</feed>'
    to.page("sub", page, feed, "application/atom+xml")


def sky(to: _Handler) -> None:
    if not to.is_let_in("sky"):
        return
    page = to.number("cursor")
    found = [
        {
            "uri": f"at://did:plc:a/app.bsky.feed.post/{n}",
            "author": {"handle": "a.test"},
            "record": {"text": f"Kettle {n}", "createdAt": iso(written(page)), "langs": ["en"]},
        }
        for n in items(page)
    ]
    more = {"cursor": str(page + 1)} if page < PAGES else {}
    to.page("sky", page, {"posts": found, **more})


def zbozi(to: _Handler) -> None:
    if not to.is_let_in("zbozi"):
        return
    page = to.number("offset") // 2 + 1
    found = [
        {"shopReviewId": n, "positiveComment": f"Dobré {n}", "createDatetime": iso(written(page))}
        for n in items(page)
    ]
    to.page("zbozi", page, {"items": found, "meta": {"count": 2 * PAGES}})


def place(to: _Handler) -> None:
    if not to.is_let_in("place"):
        return
    page = to.number("pageToken")
    at = iso(written(page))
    found = [
        {"reviewId": f"r{n}", "starRating": "FOUR", "createTime": at, "updateTime": at}
        for n in items(page)
    ]
    more = {"nextPageToken": str(page + 1)} if page < PAGES else {}
    to.page("place", page, {"reviews": found, **more})


_LOGIN_PATHS = {
    "/xrpc/com.atproto.server.createSession": "sky",
    "/v1/user/token": "zbozi",
    "/token": "place",
}

_ANSWERS: list[tuple[str, Callable[..., None]]] = [
    (r"/archive/(\d+)", archive),
    (r"/json-feed/(\d+)", json_feed),
    ("/numbered", html_page("numbered")),
    ("/linked", html_page("linked")),
    ("/cursor", cursor),
    ("/header", header),
    ("/marked-up", marked_up),
    ("/blog/wp-json/wp/v2/comments", blog),
    ("/eshop/wp-json/wc/store/v1/products", product),
    ("/eshop/wp-json/wc/store/v1/products/reviews", shop),
    (r"/v1/rate-review/products/\d+/", digikala),
    (r"/cz/rss/customerreviews/page=(\d+)/.*", apple),
    (r"/IUserReviewsService/GetAppReviews/v1/?", steam),
    (r"/2\.3/.*", stack),
    ("/api/v1/timelines/tag/kettle", toots),
    ("/s/zelvano", channel),
    (r"/f/latest\.json", forum),
    (r"/f/t/(\d+)\.json", topic),
    ("/api/v1/search_by_date", hacker_news),
    (r"/r/kettle/.*", sub),
    ("/xrpc/app.bsky.feed.searchPosts", sky),
    ("/v1/nakupy/reviews/", zbozi),
    ("/v4/accounts/1/locations/2/reviews", place),
]
