"""Local servers that answer as services with a key do: YouTube, VK, Bluesky."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from faulty_sites import Site

KEY = "AIzaSy-test-key-000111222"
TOKEN = "vk1.a.service-token-of-the-test"
HANDLE, PASSWORD = "watcher.test", "abcd-efgh-ijkl-mnop"
SESSION = "eyJhbGciOiJFUzI1NksifQ.session-of-the-test"
OWNER = "UC" + "z" * 22
KETTLE, CLOSED, TOASTER = "zelv4noKett", "zelv4noClos", "zelv4noToas"


def ago(days: float) -> str:
    """A moment as these services write it."""
    moment = datetime.now(UTC) - timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Api(Site):
    """Answers with JSON; subclasses say what to which question."""

    def send_json(self, document: Any, status: int = 200) -> None:
        self.send(json.dumps(document), status, "application/json; charset=UTF-8")

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


class YoutubeApi(Api):
    """Two pages of comments to the kettle, two old ones behind them, replies on pages of their own.

    The comments below CLOSED are switched off. A search finds all three videos.
    """

    keys: ClassVar[list[str]] = []

    def answer(self) -> None:
        if self.headers.get("X-Goog-Api-Key") != KEY:
            self.fail(400, "badRequest", "API key not valid. Please pass a valid API key.")
            return
        method = urlsplit(self.path).path.rpartition("/")[2]
        getattr(self, f"answer_{method}")(self.query)

    def answer_commentThreads(self, asked: dict[str, str]) -> None:
        token = asked.get("pageToken")
        if asked.get("videoId") == CLOSED:
            self.fail(403, "commentsDisabled", "The video has <code>disabled</code> comments.")
        elif asked.get("videoId") == TOASTER:
            self.listed([self.thread("t1", 1)])
        elif token is None:
            self.listed([self.thread("k1", 1, replies=4), self.thread("k2", 2)], "two")
        elif token == "two":
            # A new comment has pushed the last one of the first page to this one.
            moved = [self.thread("k2", 2), self.thread("k3", 3, replies=2)]
            self.listed([*moved, self.thread("k4", 50)], "three")
        elif token == "three":
            self.listed([self.thread("k5", 60)], "four")
        else:
            self.listed([self.thread("k6", 70)])

    def answer_comments(self, asked: dict[str, str]) -> None:
        if asked["parentId"] == "k3":
            self.send("gone", 410)
        elif "pageToken" not in asked:
            self.listed([self.comment("k1.4", 0.1, OWNER), self.comment("k1.3", 0.2)], "more")
        else:
            self.listed([self.comment("k1.2", 0.3), self.comment("k1.1", 0.4, OWNER)])

    def answer_channels(self, asked: dict[str, str]) -> None:
        is_known = asked.get("forHandle") == "@zelvano"
        self.listed([{"kind": "youtube#channel", "id": OWNER}] if is_known else [])

    def answer_search(self, asked: dict[str, str]) -> None:
        numbers = [KETTLE, CLOSED, TOASTER] if "pageToken" not in asked else []
        self.listed([self.found(number) for number in numbers], "next")

    def found(self, number: str) -> dict[str, Any]:
        snippet = {"title": f"On {number}", "publishedAt": ago(4), "channelId": OWNER}
        return {"id": {"kind": "youtube#video", "videoId": number}, "snippet": snippet}

    def thread(self, number: str, days: float, replies: int = 0) -> dict[str, Any]:
        snippet = {"videoId": KETTLE, "channelId": OWNER, "totalReplyCount": replies}
        thread = {"snippet": {**snippet, "topLevelComment": self.comment(number, days)}}
        if replies:
            thread["replies"] = {"comments": [self.comment(f"{number}.{replies}", 0.1, OWNER)]}
        return thread

    def comment(self, number: str, days: float, writer: str = "UCsomebody") -> dict[str, Any]:
        snippet = {"textOriginal": f"Words {number}", "authorDisplayName": "@somebody"}
        times = {"publishedAt": ago(days), "updatedAt": ago(days)}
        return {"id": number, "snippet": {**snippet, **times, "authorChannelId": {"value": writer}}}

    def listed(self, items: list[dict[str, Any]], token: str | None = None) -> None:
        more = {"nextPageToken": token} if token else {}
        self.send_json({"kind": "youtube#anyListResponse", "items": items, **more})

    def fail(self, status: int, reason: str, message: str) -> None:
        errors = [{"reason": reason, "domain": "youtube", "message": message}]
        self.send_json({"error": {"code": status, "message": message, "errors": errors}}, status)


class YoutubeTorn(YoutubeApi):
    """The connection breaks off whenever replies are asked for."""

    def answer_comments(self, asked: dict[str, str]) -> None:
        self.close_connection = True


class YoutubeSpent(YoutubeApi):
    """The day's quota is used up after the first page, or after the first search."""

    def answer(self) -> None:
        if "/search?" in self.path:
            self.answer_search(self.query)
        elif len(self.asked) > 1 or self.query.get("videoId") == TOASTER:
            self.fail(403, "quotaExceeded", 'You have exceeded your <a href="/q">quota</a>.')
        else:
            self.listed([self.thread("k1", 1)], "two")


class VkApi(Api):
    """A wall of 130 posts, a search in two slices, comments, and walls that are closed.

    The token is read from the form; what was asked is noted without it.
    """

    times_in_haste: ClassVar[dict[str, int]]
    closed: ClassVar[dict[str, int]] = {"denied": 15, "deleted": 18, "private": 30, "wrong": 100}

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        form = {name: one[0] for name, one in parse_qs(self.rfile.read(length).decode()).items()}
        token, version = form.pop("access_token", ""), form.pop("v")
        method = self.path.removeprefix("/method/")
        self.asked.append(f"{method} {json.dumps(form, sort_keys=True)} v={version}")
        if token != TOKEN:
            self.fail(5, f"User authorization failed: invalid access_token ({token}).")
        else:
            getattr(self, method.replace(".", "_"))(form)

    def wall_get(self, form: dict[str, str]) -> None:
        domain, offset = form.get("domain", ""), int(form["offset"])
        if domain in self.closed:
            self.fail(self.closed[domain], "said in other words")
        elif domain == "hasty" and not any(asked.endswith("#") for asked in self.asked):
            self.asked.append("#")
            self.fail(6, "Too many requests per second")
        elif domain == "always_hasty":
            self.fail(6, "Too many requests per second")
        elif domain == "small":
            self.listed([self.post(1, comments=2), self.post(2, comments=1), self.post(3)])
        else:
            numbers = range(200 - offset, max(70, 100 - offset), -1)
            self.listed([self.post(number) for number in numbers], count=130)

    def newsfeed_search(self, form: dict[str, str]) -> None:
        if "start_from" not in form:
            self.listed([self.post(1), self.post(2)], next_from="2/-1_2")
        else:
            self.listed([self.post(2), self.post(3)])

    def wall_getComments(self, form: dict[str, str]) -> None:
        if form["post_id"] == "2":
            self.fail(212, "Access to post comments denied")
            return
        if int(form["post_id"]) >= 5:
            self.threads(form)
            return
        answer = self.entry(13, "[id5|Ольга], исправим &amp; вернём", -1)
        self.listed([{**self.entry(12, "Не работает", 5), "thread": {"items": [answer]}}])

    def threads(self, form: dict[str, str]) -> None:
        """130 answers to one comment, ten of them along; the wall's owner answers late.

        Below post 6 they are refused to who asks for them, below 7 at the first time, below 8 they
        are a page, and below 9 the token is no longer liked.
        """
        answers = [self.entry(1000 + n, f"Ответ {n}", -1 if n == 125 else 5) for n in range(130)]
        if "comment_id" not in form:
            first = {**self.entry(50, "Не греет", 6), "thread": {"count": 130, "items": []}}
            first["thread"]["items"] = answers[:10]
            few = {**self.entry(51, "Греет", 6), "thread": {"count": 1, "items": answers[:1]}}
            few["thread"]["items"] = [self.entry(2000, "Рады", 5)]
            self.listed([first, few], count=133, current_level_count=2)
            return
        assert (form["comment_id"], form["sort"]) == ("50", "asc")
        is_first = sum(f'"post_id": "{form["post_id"]}"' in asked for asked in self.asked) == 2
        if form["post_id"] == "6":
            self.fail(15, "Access denied")
        elif form["post_id"] == "7" and is_first:
            self.fail(6, "Too many requests per second")
        elif form["post_id"] == "8":
            self.send("<html>busy</html>")
        elif form["post_id"] == "9":
            self.fail(29, "Rate limit reached")
        else:
            page = answers[int(form["offset"]) :][:100]
            self.listed(page, count=133, current_level_count=130)

    def post(self, number: int, comments: int = 0) -> dict[str, Any]:
        text = self.entry(number, f"Пост {number}", -1)
        return {**text, "owner_id": -1, "comments": {"count": comments}}

    def entry(self, number: int, text: str, writer: int) -> dict[str, Any]:
        moment = datetime.now(UTC) - timedelta(hours=number)
        return {"id": number, "from_id": writer, "date": int(moment.timestamp()), "text": text}

    def listed(self, items: list[dict[str, Any]], count: int | None = None, **more: Any) -> None:
        people = [{"id": 5, "first_name": "Ольга", "last_name": "Ким"}]
        answer = {"count": count or len(items), "items": items, "profiles": people, "groups": []}
        self.send_json({"response": {**answer, **more}})

    def fail(self, code: int, words: str) -> None:
        self.send_json({"error": {"error_code": code, "error_msg": words, "request_params": []}})


class BlueskyServer(Api):
    """Logs in who knows the password; then two pages of posts that a search finds."""

    def do_POST(self) -> None:
        login = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(self.path)
        if login == {"identifier": HANDLE, "password": PASSWORD}:
            self.send_json({"did": "did:plc:w", "accessJwt": SESSION, "refreshJwt": "eyJ-again"})
        else:
            words = "Invalid identifier or password"
            self.send_json({"error": "AuthenticationRequired", "message": words}, 401)

    def answer(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {SESSION}":
            self.send_json({"error": "AuthMissing", "message": "Authentication Required"}, 401)
        elif self.query.get("cursor"):
            self.send_json({"posts": [self.post(3), self.post(4, "!no-unauthenticated")]})
        else:
            self.send_json({"cursor": "2", "posts": [self.post(1), self.post(2)]})

    def post(self, number: int, label: str | None = None) -> dict[str, Any]:
        return {
            "uri": f"at://did:plc:a/app.bsky.feed.post/{number}",
            "author": {"handle": "a.test", "labels": [{"val": label}] if label else []},
            "record": {
                "text": f"Post {number} to @{HANDLE}",
                "createdAt": ago(number),
                "langs": ["en"],
            },
        }


class BlueskyForgetful(BlueskyServer):
    """Takes the login, and then wants another for the second page; its answers repeat tokens."""

    def answer(self) -> None:
        if self.query.get("cursor"):
            self.send_json({"error": "ExpiredToken", "message": f"{SESSION} has expired"}, 400)
        else:
            super().answer()


class BlueskyPortal(BlueskyServer):
    """Stands behind somebody's Wi-Fi: every login is answered with a page."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(self.path)
        self.send("<html><title>Welcome to our Wi-Fi</title></html>")


class LeadingAwayWithSecrets(Api):
    """Sends everybody on to another server, whatever they ask."""

    target: ClassVar[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer()

    def answer(self) -> None:
        self.asked.append(self.path)
        self.send("", 307, Location=f"{self.target}/thief")


class Thief(Api):
    """Notes who comes by, and with what."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer()

    def answer(self) -> None:
        self.asked.append(self.path)
        self.send_json({})
