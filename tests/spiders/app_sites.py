"""Local servers that answer as app shops and forum searches do, at their worst."""

from __future__ import annotations

import gzip
import json
import re
import time
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from faulty_sites import Site

NOW = int(time.time())
DAY = 86_400


def iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


class AppleFeeds(Site):
    """cz: a full page that claims to be the last, and one more; us: nothing; de: 502; ru: HTML."""

    def answer(self) -> None:
        country = self.path[1:3]
        page = int(re.findall(r"/page=(\d+)/", self.path)[0])
        if country == "de":
            self.send("<html><title>Web Server Error</title></html>", 502)
        elif country == "ru":
            self.send("<html><body>The host did not return the document</body></html>")
        elif country == "cz" and page < 3:
            numbers = range(1, 51) if page == 1 else range(50, 53)
            self.send(self.feed(country, page, list(numbers)), content_type="text/xml")
        else:
            self.send(self.feed(country, page, []), content_type="text/xml")

    def feed(self, country: str, page: int, numbers: list[int]) -> str:
        self.entry = (
            "<entry><id>{n}</id><updated>" + iso(NOW - DAY) + "</updated><title>T{n}</title>"
            '<content type="text">Recenze {n}</content><im:rating>{stars}</im:rating>'
            "<author><name>A{n}</name></author></entry>"
        )
        entries = "".join(self.entry.format(n=n, stars=self.stars()) for n in numbers)
        elsewhere = f"https://elsewhere.invalid/{country}/rss/customerreviews/page="
        return (
            '<?xml version="1.0" encoding="utf-8"?><feed xmlns:im="http://itunes.apple.com/rss"'
            f' xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>Reviews</title>'
            f'<link rel="last" href="{elsewhere}1/id=1/xml"/>'
            f'<link rel="next" href="{elsewhere}{page + 1}/id=1/xml"/>{entries}</feed>'
        )

    def stars(self) -> int:
        return 5


class AppleAfterAnEdit(AppleFeeds):
    """One review, which has one star after it was read once."""

    def answer(self) -> None:
        self.send(self.feed("cz", 1, [7]), content_type="text/xml")

    def stars(self) -> int:
        return 5 if len(self.asked) == 1 else 1


class PlayReviews(Site):
    """Three pages behind tokens; the second begins with the review that ended the first."""

    forms: ClassVar[list[tuple[str, Any]]]
    pages: ClassVar[dict[str | None, tuple[list[int], str | None]]] = {
        None: ([1, 2, 3], "token-2"),
        "token-2": ([3, 4, 5], "token-3"),
        "token-3": ([6], None),
    }

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        call = json.loads(json.loads(form["f.req"][0])[0][0][1])
        self.asked.append(f"{self.path} {call[2][2][2]} {call[3][0]}")
        self.reply(call[2][2][2])

    def reply(self, token: str | None) -> None:
        numbers, following = self.pages[token]
        self.send_call(json.dumps([[self.row(n) for n in numbers], [None, following]]))

    def row(self, n: int) -> list[Any]:
        when = NOW - n * 3600
        reply = ["Zelvano", "Díky!", [when + 60, 0]] if n == 2 else None
        return [f"gp-{n}", [f"Osoba {n}"], 4, None, f"Text {n}", [when, 0], n, reply]

    def send_call(self, content: str | None) -> None:
        frame = json.dumps([["wrb.fr", "UsvDTd", content, None, None, None, "generic"]])
        self.send(f")]}}'\n\n{len(frame) + 1}\n{frame}\n", content_type="application/json")


class PlaySilent(PlayReviews):
    """Says 200 and nothing, as it does when something is wrong."""

    def reply(self, token: str | None) -> None:
        self.send_call(None)


class PlayBreakingOff(PlayReviews):
    def reply(self, token: str | None) -> None:
        if token == "token-2":
            self.send_call(None)
        else:
            super().reply(token)


class SteamReviews(Site):
    """A full start, a short page, then more, then one cursor that leads to itself for ever."""

    pages: ClassVar[dict[str, tuple[list[int], str]]] = {
        "*": ([1, 2, 3], "a+/="),
        "a+/=": ([4], "b&c"),
        "b&c": ([5, 6], "stuck"),
        "stuck": ([7], "stuck"),
    }
    age_days = 1

    def answer(self) -> None:
        asked = json.loads(parse_qs(urlsplit(self.path).query)["input_json"][0])
        numbers, cursor = self.pages[asked["cursor"]]
        is_bomb_shown = asked["filter_offtopic_activity"] is False and asked["purchase_type"] == 1
        reviews = [self.review(n) for n in numbers] if is_bomb_shown else []
        self.send(json.dumps({"response": {"reviews": reviews, "cursor": cursor}}))

    def review(self, n: int) -> dict[str, Any]:
        written = NOW - self.age_days * n * DAY
        return {
            "recommendationid": str(n),
            "author": {"steamid": f"765{n}"},
            "review": f"Review {n}",
            "voted_up": n % 2 == 0,
            "timestamp_created": written,
            "timestamp_updated": written,
        }


class SteamOfLongAgo(SteamReviews):
    age_days = 40


class SteamShop(Site):
    """The address of old: it leads to the shop's front page."""

    def answer(self) -> None:
        if self.path == "/":
            self.send("<html><title>Welcome</title><body>Featured games</body></html>")
        else:
            self.send("", 302, Location="/")


class Algolia(Site):
    """450 hits of the last hours and an old one; a new one comes in after a visit's first question.

    Several visits ask at once: each is known by how far back it looks.
    """

    def answer(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        bounds = query.get("numericFilters", [""])[0]
        after = self.looks_back_to(self.path)
        until = int((re.findall(r"created_at_i<=(\d+)", bounds) or [str(NOW + DAY)])[0])
        every = [(NOW - 60 * n, n) for n in range(1, 451)] + [(NOW - 400 * DAY, 451)]
        if sum(self.looks_back_to(path) == after for path in self.asked) > 1:
            every.insert(0, (NOW, 0))
        found = [(when, n) for when, n in every if after < when <= until]
        size = int(query["hitsPerPage"][0])
        hits = [self.hit(when, n) for when, n in found[:size]]
        pages = -(-len(found) // size)
        self.send(json.dumps({"hits": hits, "nbHits": len(found), "nbPages": pages}))

    def looks_back_to(self, path: str) -> int:
        bounds = parse_qs(urlsplit(path).query).get("numericFilters", [""])[0]
        return int((re.findall(r"created_at_i>(\d+)", bounds) or ["0"])[0])

    def hit(self, when: int, n: int) -> dict[str, Any]:
        hit: dict[str, Any] = {"objectID": str(n), "created_at_i": when, "author": "a"}
        if n % 2:
            return hit | {"comment_text": f"Comment {n}", "parent_id": n + 1, "story_id": 900}
        return hit | {"title": f"Story {n}", "points": n}


class StackApi(Site):
    """Two pages of questions with a request to wait between them, and two answers; gzip always."""

    times: ClassVar[list[float]]

    def answer(self) -> None:
        self.times.append(time.monotonic())
        query = parse_qs(urlsplit(self.path).query)
        if "/answers" in self.path:
            items = [{"answer_id": n + 50, "question_id": n, "body": "<p>A</p>"} for n in (1, 2)]
            self.send_json({"items": items, "has_more": False})
        elif query["page"] == ["1"]:
            items = [{"question_id": n, "title": f"Q{n}", "body": "<p>?</p>"} for n in (1, 2)]
            self.send_json({"items": items, "has_more": True, "backoff": 1})
        else:
            items = [{"question_id": 3, "title": "Q3", "body": "<p>?</p>"}]
            self.send_json({"items": items, "has_more": False})

    def send_json(self, document: dict[str, Any], status: int = 200) -> None:
        packed = gzip.compress(json.dumps(document).encode())
        self.send(packed, status, "application/json; charset=utf-8", Content_Encoding="gzip")


class StackThrottled(StackApi):
    def answer(self) -> None:
        error = {"error_id": 502, "error_name": "throttle_violation", "error_message": "too many"}
        self.send_json(error, 400)


class StackPatience(StackApi):
    """Wants to be left alone for an hour."""

    def answer(self) -> None:
        item = {"question_id": 1, "title": "Q1", "body": "<p>?</p>"}
        self.send_json({"items": [item], "has_more": True, "backoff": 3600})


class StackUsedUp(StackApi):
    def answer(self) -> None:
        item = {"question_id": 1, "title": "Q1", "body": "<p>?</p>"}
        self.send_json({"items": [item], "has_more": True, "quota_remaining": 0})
