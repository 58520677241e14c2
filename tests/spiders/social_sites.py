"""Local servers that answer like social networks, forums and news searches do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from faulty_sites import Site


class Api(Site):
    """A site whose answers depend on path and query."""

    @property
    def path_only(self) -> str:
        return urlsplit(self.path).path

    def parameter(self, name: str) -> str:
        return parse_qs(urlsplit(self.path).query).get(name, [""])[0]

    def json(self, document: Any, status: int = 200, **headers: str) -> None:
        self.send(json.dumps(document), status, "application/json; charset=utf-8", **headers)


def toot(number: int, **more: Any) -> dict[str, Any]:
    """A status of the Mastodon API."""
    account = {"id": "7", "acct": "jana", "username": "jana", "indexable": True}
    return {
        "id": str(number),
        "created_at": "2026-02-11T09:15:00.000Z",
        "content": f"<p>Konvice číslo {number} teče.</p>",
        "url": f"https://social.example/@jana/{number}",
        "account": account,
        **more,
    }


class Mastodon(Api):
    """Twenty pages of a tag and of an account, three posts each; older ones by Link header."""

    def answer(self) -> None:
        if self.path_only == "/api/v1/accounts/lookup":
            if self.parameter("acct") == "jana@elsewhere.example":
                self.json({"id": "7"})
            else:
                self.json({"error": "Record not found"}, 404)
            return
        newest = int(self.parameter("max_id") or 61) - 1
        posts = [toot(number) for number in range(newest, max(newest - 3, 0), -1)]
        host = f"http://{self.headers['Host']}{self.path_only}"
        link = f'<{host}?max_id={newest - 2}>; rel="next", <{host}?min_id={newest}>; rel="prev"'
        self.json(posts, Link=link, ETag=f'"page-{newest}"')


class MastodonSwitchedOff(Api):
    """Gives an empty list, and says elsewhere that its tag timelines are not for everybody."""

    access = "authenticated"

    def answer(self) -> None:
        if self.path_only == "/api/v2/instance":
            feeds = {"local": self.access, "remote": "disabled"}
            self.json({"configuration": {"timelines_access": {"hashtag_feeds": feeds}}})
        else:
            self.json([])


class MastodonQuiet(MastodonSwitchedOff):
    """Gives an empty list because nobody wrote."""

    access = "public"


class MastodonOldAndShut(Api):
    def answer(self) -> None:
        self.json({"error": "This method requires an authenticated user"}, 422)


class MastodonLeadingAway(Api):
    """Names a private neighbour as its next page."""

    def answer(self) -> None:
        self.json([toot(1)], Link='<http://10.0.0.7/api/v1/timelines/tag/x?max_id=1>; rel="next"')


def forum_post(number: int, topic: int, **more: Any) -> dict[str, Any]:
    """A post of the Discourse API; post 3 of topic 70 has id 7003."""
    return {
        "id": topic * 100 + number,
        "post_number": number,
        "post_type": 1,
        "username": f"user{number}",
        "cooked": f"<p>Post {number} of topic {topic}.</p>",
        "created_at": "2026-01-05T08:00:00.000Z",
        "updated_at": "2026-01-05T08:00:00.000Z",
        "version": 1,
        "topic_id": topic,
        "topic_slug": "kettles",
        **more,
    }


class Discourse(Api):
    """A forum in the folder /f: topic 70 has 45 posts, 71 one, 72 is gone; a second list page."""

    def answer(self) -> None:
        match self.path_only:
            case "/f/latest.json" | "/f/c/kettles/5.json" | "/f/tag/kettles.json":
                page = self.parameter("page")
                topics = [{"id": 73}] if page else [{"id": 70}, {"id": 71}, {"id": 72}]
                listed: dict[str, Any] = {"topics": [one | {"title": "T"} for one in topics]}
                if not page:
                    listed["more_topics_url"] = "/f/latest?no_definitions=true&page=1"
                self.json({"topic_list": listed})
            case "/f/search.json":
                self.json(self.found())
            case "/f/t/70.json":
                self.json(self.topic(70, 45))
            case "/f/t/71.json" | "/f/t/73.json":
                self.json(self.topic(int(self.path_only[5:7]), 1))
            case "/f/t/70/posts.json":
                wanted = parse_qs(urlsplit(self.path).query)["post_ids[]"]
                posts = [forum_post(int(one) - 7000, 70) for one in wanted]
                self.json({"post_stream": {"posts": posts}, "id": 70})
            case _:
                self.json({"errors": ["gone"]}, 404)

    def topic(self, number: int, length: int) -> dict[str, Any]:
        posts = [forum_post(one, number) for one in range(1, min(length, 20) + 1)]
        stream = [number * 100 + one for one in range(1, length + 1)]
        title = f"Kettles, part {number}"
        streams = {"posts": posts, "stream": stream}
        return {"id": number, "title": title, "slug": "kettles", "post_stream": streams}

    def found(self) -> dict[str, Any]:
        ids = [7044, 7003] if self.parameter("page") == "1" else [7010]
        posts = [{"id": one, "topic_id": 70, "blurb": "Only the begin..."} for one in ids]
        topics = [{"id": 70, "title": "Kettles, part 70", "slug": "kettles"}]
        more = {"more_full_page_results": True if self.parameter("page") == "1" else None}
        return {"posts": posts, "topics": topics, "grouped_search_result": more}


class DiscourseWithLogin(Api):
    def answer(self) -> None:
        self.json({"errors": ["You need to be logged in."], "error_type": "not_logged_in"}, 403)


class DiscourseBusy(Discourse):
    """Says 429 once, for one second, in the middle of a topic."""

    def answer(self) -> None:
        if self.path_only.endswith("/posts.json") and len(self.asked) == 2:
            self.json({"errors": ["slow down"]}, 429, Retry_After="1")
        else:
            super().answer()


def message(number: int) -> str:
    return (
        f'<div class="tgme_widget_message js-widget_message" data-post="zelvano/{number}">'
        f'<div class="tgme_widget_message_text js-message_text">Зпр. {number}</div>'
        '<a class="tgme_widget_message_date"><time datetime="2026-02-01T10:00:00+00:00"></time></a>'
        "</div>"
    )


class Telegram(Api):
    """A channel of 140 messages, twenty a page; a second one that has no preview."""

    def answer(self) -> None:
        if not self.path_only.startswith("/s/zelvano"):
            self.without_preview()
            return
        before = int(self.parameter("before") or 141)
        first = max(before - 20, 1)
        more = f'<a class="js-messages_more" data-before="{first}"></a>' if first > 1 else ""
        words = "".join(message(number) for number in range(first, before))
        body = f'<div class="tgme_channel_info"></div>{more}{words}'
        self.send(f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>")

    def without_preview(self) -> None:
        if self.path_only.startswith("/s/"):
            self.send("", 302, Location=self.path_only.removeprefix("/s"))
        else:
            self.send('<html><body><div class="tgme_page">Join</div></body></html>')


class TelegramInCircles(Api):
    """The way to older messages leads forward, for ever."""

    def answer(self) -> None:
        before = int(self.parameter("before") or 89) + 1
        more = f'<a class="js-messages_more" data-before="{before}"></a>'
        body = f'<div class="tgme_channel_info"></div>{more}{message(89)}'
        self.send(f"<html><body>{body}</body></html>")


def reddit_entry(number: int) -> str:
    return (
        f"<entry><author><name>/u/user{number}</name></author><id>t3_{number:06d}</id>"
        f'<link href="https://www.reddit.com/r/zelvano/comments/{number:06d}/kettle/"/>'
        f"<published>2026-02-03T11:00:00+00:00</published><title>Kettle {number}</title></entry>"
    )


class Reddit(Api):
    """Four pages of two entries; after the last one it begins again, as Reddit does."""

    def answer(self) -> None:
        after = self.parameter("after")
        start = int(after.removeprefix("t3_")) if after else 0
        numbers = range(1, 3) if start >= 8 else range(start + 1, start + 3)
        entries = "".join(map(reddit_entry, numbers))
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>r</title>{entries}</feed>'
        self.send(feed, content_type="application/atom+xml; charset=UTF-8")


class RedditRefusing(Api):
    """403 with 190 kilobytes of page."""

    def answer(self) -> None:
        page = "<html><title>Blocked</title><body>" + "<p>whoa there, pardner!</p>" * 7_000
        self.send(page + "</body></html>", 403)


class RedditRefusingPolitely(Api):
    """The same page, called a success."""

    def answer(self) -> None:
        self.send("<html><body><p>You've been blocked by network security.</p></body></html>")


class RedditBusy(Api):
    def answer(self) -> None:
        self.send("<html><title>Too Many Requests</title></html>", 429, Retry_After="600")


class RedditWithRobots(Reddit):
    """As it is since the summer of 2024: no program may read anything."""

    robots = "User-agent: *\nDisallow: /\n"


class GoogleNews(Api):
    def answer(self) -> None:
        item = (
            "<item><title>Zelvano recalls kettles - Daily</title><source url='https://d.example'>"
            "Daily</source><pubDate>Tue, 03 Feb 2026 07:00:00 GMT</pubDate></item>"
        )
        self.send(f"<rss version='2.0'><channel>{item}{item}</channel></rss>", 200, "text/xml")


class GoogleNewsWithRobots(GoogleNews):
    """Its searches for people are open to programs, its feeds are not."""

    robots = "User-agent: *\nDisallow: /\nAllow: /search?\n"


class GoogleConsent(Api):
    def answer(self) -> None:
        self.send("<html><title>Before you continue to Google</title><body>Agree</body></html>")


class Gdelt(Api):
    """An article every ten minutes for two days, at most 250 an answer, newest first."""

    def answer(self) -> None:
        moment = "%Y%m%d%H%M%S"
        start = datetime.strptime(self.parameter("startdatetime"), moment).replace(tzinfo=UTC)
        end = datetime.strptime(self.parameter("enddatetime"), moment).replace(tzinfo=UTC)
        step = timedelta(minutes=10)
        first = end.replace(minute=end.minute // 10 * 10, second=0)
        moments = [first - step * number for number in range(400)]
        seen = [one.strftime("%Y%m%dT%H%M%SZ") for one in moments if start <= one <= end][:250]
        articles = [
            {"title": f"Zelvano at {one}", "url": f"https://d.example/{one}", "seendate": one}
            for one in seen
        ]
        self.json({"articles": articles})


class GdeltThrottling(Api):
    def answer(self) -> None:
        self.send("Please limit requests to one every 5 seconds.\n", content_type="text/plain")


class GdeltRefusing(Api):
    def answer(self) -> None:
        self.send("Your query was too short or too long.\n", content_type="text/html")
