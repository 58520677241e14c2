"""What the spiders that need the owner's key bring home from real local servers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import keyed_sites as sites
import pytest
from crawl_process import Crawled, crawl, source
from faulty_sites import Site, serving

from monitor.backfill import after_run, page_notes
from monitor.collect import judge
from monitor.config import load
from monitor.pipeline import Quiet, collect_sources
from monitor.records import Backfill
from monitor.runtime import Runtime
from spiders.parse import bluesky, vk, vk_calls, vk_text, youtube, youtube_calls

SITES: list[type[Site]] = [
    sites.YoutubeApi,
    sites.YoutubeSpent,
    sites.YoutubeTorn,
    sites.VkApi,
    sites.BlueskyServer,
    sites.BlueskyForgetful,
    sites.BlueskyPortal,
    sites.Thief,
]
SECRETS = {
    "youtube": {"key": sites.KEY},
    "vk": {"token": sites.TOKEN},
    "bluesky": {"identifier": sites.HANDLE, "password": sites.PASSWORD},
}
WRONG = {
    "youtube": {"key": "AIza-somebody-elses"},
    "vk": {"token": "vk1.a.somebody-elses"},
    "bluesky": {"identifier": sites.HANDLE, "password": "wrong-wrong"},
}


SINCE = "2020-01-01T00:00:00Z"


class World:
    """All sites, served, and what one crawl of them gave."""

    def __init__(self, crawled: Crawled, served: dict[str, type[Site]]) -> None:
        self.crawled = crawled
        self.served = served

    def ids(self, name: str) -> list[str]:
        return sorted(item["native_id"] for item in self.crawled.items(name))

    def stats(self, name: str) -> dict[str, Any]:
        return self.crawled.stats(name)

    def state(self, name: str) -> str:
        items, rejects = len(self.crawled.items(name)), len(self.crawled.rejects(name))
        return judge(self.stats(name), items, rejects, used_to_yield=False)

    def asked(self, kind: type[Site]) -> list[str]:
        return self.served[kind.__name__].asked

    def item(self, name: str, number: str) -> dict[str, Any]:
        return next(one for one in self.crawled.items(name) if one["native_id"] == number)


def jobs(folder: Path, at: dict[str, str]) -> list[dict[str, Any]]:
    def one(name: str, kind: str, url: str, backfill: bool = False, **options: Any) -> Any:
        more: dict[str, Any] = {"backfill": True} if backfill else {}
        return source(folder, name, kind, url, options=options, **more)

    tube, spent, leads = at["YoutubeApi"], at["YoutubeSpent"], at["LeadingAwayWithSecrets"]
    found, network = at["YoutubeApi"] + "/results?search_query=zelvano", at["VkApi"]
    posts = "/search?q=zelvano"
    return [
        one("tube", "youtube", f"{tube}/watch?v={sites.KETTLE}"),
        one("tube-all", "youtube", f"{tube}/watch?v={sites.KETTLE}", backfill=True),
        one("tube-handle", "youtube", f"{tube}/@zelvano"),
        one("tube-nobody", "youtube", f"{tube}/@nobody"),
        one("tube-search", "youtube", found),
        one("tube-few", "youtube", f"{tube}/watch?v={sites.KETTLE}", max_units=2),
        one("tube-poor", "youtube", found, max_units=99),
        one("tube-torn", "youtube", f"{at['YoutubeTorn']}/watch?v={sites.KETTLE}"),
        one("tube-pages", "youtube", f"{tube}/watch?v={sites.KETTLE}", max_pages=1),
        one("tube-closed", "youtube", f"{tube}/watch?v={sites.CLOSED}"),
        one("tube-spent", "youtube", f"{spent}/watch?v={sites.TOASTER}"),
        one("tube-spent-search", "youtube", f"{spent}/results?search_query=zelvano"),
        one("tube-wrong", "youtube", f"{tube}/watch?v={sites.KETTLE}"),
        one("tube-nowhere", "youtube", f"{tube}/feed/subscriptions"),
        one("tube-away", "youtube", f"{leads}/watch?v={sites.KETTLE}"),
        one("wall", "vk", f"{network}/zelvano"),
        one("wall-number", "vk", f"{network}/club1"),
        one("wall-small", "vk", f"{network}/small", comments=True),
        one("wall-post", "vk", f"{network}/wall-1_1"),
        *[one(f"wall-thread-{n}", "vk", f"{network}/wall-1_{n}") for n in range(5, 10)],
        one("wall-post-closed", "vk", f"{network}/wall-1_2"),
        one("wall-search", "vk", f"{network}/search?c[section]=statuses&c[q]=zelvano"),
        one("wall-hasty", "vk", f"{network}/hasty"),
        one("wall-always-hasty", "vk", f"{network}/always_hasty"),
        *[one(f"wall-{name}", "vk", f"{network}/{name}") for name in sites.VkApi.closed],
        one("wall-token", "vk", f"{network}/zelvano"),
        one("wall-nowhere", "vk", f"{network}/feed"),
        one("wall-away", "vk", f"{leads}/zelvano"),
        one("sky", "bluesky", at["BlueskyServer"] + posts),
        one("sky-login", "bluesky", at["BlueskyServer"] + posts),
        one("sky-expired", "bluesky", at["BlueskyForgetful"] + posts),
        one("sky-portal", "bluesky", at["BlueskyPortal"] + posts),
        one("sky-nowhere", "bluesky", at["BlueskyServer"] + "/profile/zelvano.test"),
        one("sky-away", "bluesky", leads + posts),
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("keyed")
    address: dict[str, str] = {}
    served: dict[str, type[Site]] = {}
    with ExitStack() as stack:
        for kind in SITES:
            address[kind.__name__], served[kind.__name__] = stack.enter_context(serving(kind))
        sites.LeadingAwayWithSecrets.target = address["Thief"]
        leading = stack.enter_context(serving(sites.LeadingAwayWithSecrets))
        address["LeadingAwayWithSecrets"] = leading[0]
        sources = jobs(folder, address)
        wrong = {"tube-wrong", "wall-token", "sky-login"}
        secrets = {}
        for one in sources:
            secrets[one["name"]] = (WRONG if one["name"] in wrong else SECRETS)[one["kind"]]
            one["secrets"] = {name: f"env:{name.upper()}" for name in secrets[one["name"]]}
        # The thief may be reached: nothing but the spiders themselves keeps a secret from it.
        place = urlsplit(address["Thief"]).netloc
        crawled = crawl(folder, sources, secrets, concurrent_sources=12, allow_private=[place])
        yield World(crawled, served)


# --- All three ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("tube", "partial"),  # the replies to one comment were gone
        ("tube-search", "partial"),
        ("tube-few", "partial"),
        ("tube-poor", "unreachable"),
        ("tube-closed", "empty"),
        ("tube-spent", "blocked"),
        ("tube-wrong", "blocked"),
        ("tube-away", "broken"),
        ("wall", "ok"),
        ("wall-small", "ok"),
        ("wall-search", "ok"),
        ("wall-hasty", "ok"),
        ("wall-always-hasty", "blocked"),
        ("wall-denied", "blocked"),
        ("wall-deleted", "blocked"),
        ("wall-private", "blocked"),
        ("wall-wrong", "broken"),
        ("wall-token", "blocked"),
        ("wall-post-closed", "blocked"),
        ("wall-away", "broken"),
        ("wall-thread-5", "ok"),
        ("wall-thread-6", "partial"),
        ("wall-thread-7", "ok"),
        ("wall-thread-8", "partial"),
        ("wall-thread-9", "partial"),
        ("sky", "ok"),
        ("sky-login", "blocked"),
        ("sky-expired", "partial"),
        ("sky-portal", "broken"),
        ("sky-away", "broken"),
    ],
)
def test_state_says_what_the_service_said(world: World, name: str, state: str) -> None:
    assert world.state(name) == state


@pytest.mark.parametrize("name", ["tube-nowhere", "wall-nowhere", "sky-nowhere"])
def test_address_of_something_else_is_named_and_nothing_is_asked(world: World, name: str) -> None:
    stats = world.stats(name)
    assert (stats["errors"], stats["requests"]) == ({"WrongAddress": 1}, 0)


def test_secrets_stand_in_no_address_no_file_and_no_output(world: World) -> None:
    files = [path.read_text("utf-8") for path in world.crawled.folder.iterdir()]
    written = "\n".join([*files, world.crawled.stdout, world.crawled.stderr])
    asked = "\n".join(line for kind in SITES for line in world.asked(kind))
    pairs = [pair for one in (*SECRETS.values(), *WRONG.values()) for pair in one.items()]
    secrets = [value for name, value in pairs if name != "identifier"]
    for secret in (*secrets, sites.SESSION):
        assert secret not in written
        assert secret not in asked
    assert "***" in written  # VK's error and Bluesky's repeat what they were asked with


def test_redirect_to_another_server_is_not_followed_with_a_secret(world: World) -> None:
    assert world.asked(sites.Thief) == []


# --- YouTube --------------------------------------------------------------------------------------


def test_youtube_reads_threads_whole_and_owners_answers_become_the_reply(world: World) -> None:
    assert world.ids("tube") == ["k1", "k1.2", "k1.3", "k2", "k3", "k4", "k5"]
    top = world.item("tube", "k1")
    assert top["reply_text"] == "Words k1.1\n\nWords k1.4"
    assert top["reach"] == {"comments": 4}
    assert world.item("tube", "k1.2")["parent_id"] == "k1"


def test_youtube_thread_whose_replies_fail_is_given_with_those_it_came_with(world: World) -> None:
    assert world.item("tube", "k3")["reply_text"] == "Words k3.2"
    assert world.stats("tube")["errors"] == {"HttpError": 1}


def test_youtube_thread_whose_replies_break_off_is_not_lost(world: World) -> None:
    assert {"k1", "k2", "k3"} <= set(world.ids("tube-torn"))
    assert world.item("tube-torn", "k1")["reply_text"] is not None
    assert world.state("tube-torn") == "partial"


def test_youtube_visit_ends_at_what_is_old_and_a_backfill_does_not(world: World) -> None:
    assert "k6" not in world.ids("tube")
    assert "k6" in world.ids("tube-all")


def test_youtube_channel_is_found_by_its_handle(world: World) -> None:
    assert world.ids("tube-handle") == world.ids("tube")
    channel = f"allThreadsRelatedToChannelId={sites.OWNER}"
    assert any(channel in path for path in world.asked(sites.YoutubeApi))
    assert world.stats("tube-nobody")["errors"] == {"NotFound": 1}


def test_youtube_search_gives_videos_and_their_comments(world: World) -> None:
    videos = [one for one in world.crawled.items("tube-search") if one["kind"] == "post"]
    assert {one["native_id"] for one in videos} == {sites.KETTLE, sites.CLOSED, sites.TOASTER}
    assert world.item("tube-search", "t1")["subject"] == f"On {sites.TOASTER}"
    causes = [reject["cause"] for reject in world.crawled.rejects("tube-search")]
    assert causes == ["comments are switched off (commentsDisabled)"]
    searches = [path for path in world.asked(sites.YoutubeApi) if "/search?" in path]
    assert len(searches) == 1  # a second page would cost a hundred units
    asked = parse_qs(urlsplit(searches[0]).query)
    assert (asked["q"], asked["type"], asked["order"]) == (["zelvano"], ["video"], ["date"])
    assert "publishedAfter" in asked


def test_youtube_units_are_counted_and_kept_to(world: World) -> None:
    assert world.stats("tube-few")["requests"] == 2
    assert "max_units allows more" in world.stats("tube-few")["first_error"]
    # The comment whose replies could not be paid for is there, with what came with it.
    assert world.item("tube-few", "k1")["reply_text"] is not None
    assert world.stats("tube-poor")["requests"] == 0
    assert "0 units" in world.stats("tube-poor")["first_error"]
    assert "100 needed" in world.stats("tube-poor")["first_error"]


def test_youtube_pages_that_are_used_up_lose_no_comment(world: World) -> None:
    assert world.stats("tube-pages")["limit"] == "pages"
    assert world.ids("tube-pages") == ["k1", "k2"]


@pytest.mark.parametrize("options", [{"max_pages": 2}, {"max_units": 102}])
def test_youtube_backfill_that_had_to_stop_goes_on_until_nothing_is_missing(
    world: World, tmp_path: Path, options: dict[str, int]
) -> None:
    """A search, its videos, their comments and the replies to them, two requests at a time."""
    with serving(sites.YoutubeApi) as (address, _):
        before: Backfill | None = None
        ids: set[str] = set()
        for visit in range(12):
            folder = tmp_path / str(visit)
            folder.mkdir()
            url = f"{address}/results?search_query=zelvano"
            job = source(folder, "tube", "youtube", url, options=options, backfill=True)
            job |= {"since": SINCE, "secrets": {"key": "env:KEY"}}
            job["open_requests"] = list(before.open_requests) if before else []
            crawled = crawl(folder, [job], {"tube": SECRETS["youtube"]})
            notes = page_notes(crawled.lines("tube"))
            assert notes is not None
            ids |= {item["native_id"] for item in crawled.items("tube")}
            before = after_run(before, notes, 0, None, crawled.stats("tube"))
            if not before.open_requests:
                break
        assert before.is_finished
        assert ids >= {sites.KETTLE, sites.CLOSED, sites.TOASTER, "t1", "k1.2", "k1.3"}
        assert ids >= {f"k{number}" for number in range(1, 7)}


def test_youtube_switched_off_comments_are_no_failure(world: World) -> None:
    stats = world.stats("tube-closed")
    assert stats["nothing"] == "comments are switched off (commentsDisabled)"
    assert (stats["first_error"], stats["blocked"]) == (None, None)
    assert judge(stats, 0, 0, used_to_yield=True) == "empty"


def test_youtube_used_up_quota_is_named(world: World) -> None:
    blocked = world.stats("tube-spent")["blocked"]
    assert blocked == "quotaExceeded: You have exceeded your quota."


def test_youtube_is_asked_no_further_once_the_quota_is_used_up(world: World) -> None:
    assert len(world.ids("tube-spent-search")) == 3  # the videos; their comments are two more
    assert world.stats("tube-spent-search")["requests"] == 2
    assert world.state("tube-spent-search") == "partial"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.youtube.com/watch?v=zelv4noKett&t=10s", {"video": "zelv4noKett"}),
        ("https://youtu.be/zelv4noKett?si=abc", {"video": "zelv4noKett"}),
        ("https://m.youtube.com/shorts/zelv4noKett", {"video": "zelv4noKett"}),
        ("https://www.youtube.com/live/zelv4noKett", {"video": "zelv4noKett"}),
        (f"https://www.youtube.com/channel/{sites.OWNER}/videos", {"channel": sites.OWNER}),
        ("https://www.youtube.com/@%D0%B6%D0%B5%D0%BB/videos", {"handle": "@жел"}),
        ("https://www.youtube.com/user/zelvano", {"user": "zelvano"}),
        (
            "https://www.youtube.com/results?search_query=%C5%BEelvano+test",
            {"words": "želvano test"},
        ),
        ("https://www.youtube.com/subscriptio", None),
        ("https://www.youtube.com/", None),
    ],
)
def test_youtube_address_as_users_copy_it(url: str, target: dict[str, str] | None) -> None:
    assert youtube_calls.target_at(url) == (target and youtube_calls.Target(**target))


# --- VK -------------------------------------------------------------------------------------------


def test_vk_wall_is_read_by_offset_to_its_count(world: World) -> None:
    assert len(world.ids("wall")) == 130
    asked = [line for line in world.asked(sites.VkApi) if '"domain": "zelvano"' in line]
    good = [json.loads(line.split(" ", 1)[1].rpartition(" v=")[0]) for line in asked]
    assert sorted(int(one["offset"]) for one in good) == [0, 0, 100]  # one with a wrong token
    assert all(line.endswith("v=5.199") for line in asked)


def test_vk_group_is_asked_for_by_its_negative_number(world: World) -> None:
    assert world.ids("wall-number") == world.ids("wall")
    assert any('"owner_id": "-1"' in line for line in world.asked(sites.VkApi))


def test_vk_comments_come_with_the_owners_answer(world: World) -> None:
    comment = world.item("wall-small", "-1_12")
    assert (comment["kind"], comment["parent_id"]) == ("comment", "-1_1")
    assert comment["reply_text"] == "Ольга, исправим & вернём"
    assert comment["author"] == "Ольга Ким (id5)"
    assert world.ids("wall-post") == ["-1_12"]
    causes = [reject["cause"] for reject in world.crawled.rejects("wall-small")]
    assert causes == ["not an answer with posts: error 212, the post's comments are closed"]


def test_vk_search_goes_on_from_where_it_was_told_and_gives_each_post_once(world: World) -> None:
    assert world.ids("wall-search") == ["-1_1", "-1_2", "-1_3"]
    asked = [line for line in world.asked(sites.VkApi) if line.startswith("newsfeed.search")]
    assert ['"start_from": "2/-1_2"' in line for line in asked] == [False, True]
    assert all('"start_time"' in line for line in asked)


def test_vk_that_was_asked_too_often_is_asked_again_a_moment_later(world: World) -> None:
    assert len(world.ids("wall-hasty")) == 130
    asked = [line for line in world.asked(sites.VkApi) if "always_hasty" in line]
    assert len(asked) == 4
    assert world.stats("wall-always-hasty")["blocked"] == "error 6, Too many requests per second"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://vk.com/zelvano", {"domain": "zelvano"}),
        ("https://m.vk.ru/zelvano.shop?from=search", {"domain": "zelvano.shop"}),
        ("https://vk.com/club4501", {"owner": -4501}),
        ("https://vk.com/public4501", {"owner": -4501}),
        ("https://vk.com/id77", {"owner": 77}),
        ("https://vk.com/wall-4501", {"owner": -4501}),
        ("https://vk.com/wall-4501_12?reply=13", {"owner": -4501, "post": 12}),
        ("https://vk.com/feed?section=search&q=%D0%B6%D0%B5%D0%BB%D0%B2", {"words": "желв"}),
        ("https://vk.com/search?c%5Bq%5D=zelvano", {"words": "zelvano"}),
        ("https://vk.com/feed", None),
        ("https://vk.com/", None),
    ],
)
def test_vk_address_as_users_copy_it(url: str, target: dict[str, Any] | None) -> None:
    assert vk_calls.target_at(url) == (target and vk_calls.Target(**target))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("[id1|Иван] и [club2|Магазин]", "Иван и Магазин"),
        ("[id1:bp-2_3|Иван], да", "Иван, да"),
        ("[https://vk.com/wall-1_2|сюда]", "сюда"),
        ("[#alias|магазин|https://zelvano.example]", "магазин"),
        ("a &lt;b&gt; &amp;amp; &quot;c&quot;<br/>d", 'a <b> &amp; "c"\nd'),
        ("[1|2] [скидка|10]", "[1|2] [скидка|10]"),
        ("[" * 5000 + "id1|" * 5000, ("[" * 5000 + "id1|" * 5000)),
    ],
    ids=lambda text: text[:20],
)
def test_vk_markup_becomes_readable(raw: str, text: str) -> None:
    assert vk_text.readable(raw) == text


@pytest.mark.parametrize("name", ["wall-thread-5", "wall-thread-7"])
def test_vk_reads_long_threads_whole_and_finds_the_late_answer(world: World, name: str) -> None:
    answers = [f"-1_{1000 + number}" for number in range(130) if number != 125]
    assert world.ids(name) == sorted(["-1_50", "-1_51", "-1_2000", *answers])
    top = world.item(name, "-1_50")
    assert (top["reply_text"], top["reach"]["comments"]) == ("Ответ 125", 130)
    late = world.item(name, "-1_1129")
    assert (late["text"], late["author"]) == ("Ответ 129", "Ольга Ким (id5)")


def test_vk_asks_for_whole_threads_only_where_they_are_cut(world: World) -> None:
    asked = [one for one in world.asked(sites.VkApi) if '"post_id": "5"' in one]
    offsets = [json.loads(one.split(" ", 1)[1].rpartition(" v=")[0])["offset"] for one in asked]
    assert offsets == ["0", "0", "100"]
    assert ['"comment_id": "50"' in one for one in asked] == [False, True, True]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (6, "ThreadNotRead: answers to -1_50: error 15, access denied"),
        (8, "ThreadNotRead: answers to -1_50: no answer of the API"),
        (9, "ThreadNotRead: answers to -1_50: error 29, the day's limit of requests is reached"),
    ],
)
def test_vk_thread_that_is_refused_keeps_what_came_with_it(
    world: World, number: int, said: str
) -> None:
    name = f"wall-thread-{number}"
    assert len(world.ids(name)) == 13
    assert world.stats(name)["first_error"] == said
    blocked = world.stats(name)["blocked"]
    assert blocked == ("error 29, the day's limit of requests is reached" if number == 9 else None)


# --- Bluesky --------------------------------------------------------------------------------------


def test_bluesky_logs_in_once_and_reads_by_cursor(world: World) -> None:
    uris = [f"at://did:plc:a/app.bsky.feed.post/{number}" for number in (1, 2, 3)]
    assert world.ids("sky") == uris
    assert world.item("sky", uris[0])["url"] == "https://bsky.app/profile/did:plc:a/post/1"
    paths = [urlsplit(path).path for path in world.asked(sites.BlueskyServer)]
    assert paths.count("/xrpc/com.atproto.server.createSession") == 2  # one was refused
    assert paths.count("/xrpc/app.bsky.feed.searchPosts") == 2
    causes = [reject["cause"] for reject in world.crawled.rejects("sky")]
    assert causes == ["author wants readers with an account only (!no-unauthenticated)"]


def test_bluesky_posts_may_mention_the_account_that_reads_them(world: World) -> None:
    texts = [item["text"] for item in world.crawled.items("sky")]
    assert texts == [f"Post {number} to @{sites.HANDLE}" for number in (1, 2, 3)]


def test_bluesky_refused_login_and_session_are_named(world: World) -> None:
    words = "the login was refused: AuthenticationRequired: Invalid identifier or password"
    assert world.stats("sky-login")["blocked"] == words
    assert "ExpiredToken: *** has expired" in world.stats("sky-expired")["first_error"]
    assert world.ids("sky-expired") == world.ids("sky")[:2]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://bsky.app/search?q=zelvano%20praha", "zelvano praha"),
        ("https://bsky.app/hashtag/%C5%BEelvano", "#želvano"),
        ("https://bsky.app/profile/zelvano.test", None),
    ],
)
def test_bluesky_address_as_users_copy_it(url: str, words: str | None) -> None:
    assert bluesky.words_at(url) == words


@pytest.mark.parametrize(
    "uri",
    [
        "at://x/app.bsky.feed.post/../..",
        "javascript:alert(1)",
        "at://a b/app.bsky.feed.post/1",
        None,
    ],
)
def test_bluesky_uri_of_something_else_has_no_web_address(uri: str | None) -> None:
    assert bluesky.web_address_of(uri) is None


# --- From the configuration to the store ----------------------------------------------------------


def test_keyed_sources_of_a_configuration_reach_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUTUBE_KEY", sites.KEY)
    with serving(sites.YoutubeApi) as (here, _):
        config = tmp_path / "config.yaml"
        sources = "".join(
            f"- {{name: {name}, kind: youtube, brand: Zelvano, url: '{here}/watch?v={video}',"
            " secrets: {key: 'env:YOUTUBE_KEY'}}\n"
            for name, video in (("kettle", sites.KETTLE), ("closed", sites.CLOSED))
        )
        config.write_text(
            'operator: {user_agent: "Test/1.0 (monitor@example.com)"}\n'
            f"brands: [{{name: Zelvano, role: own}}]\nstore: {tmp_path}/monitor.db\n"
            f"collect: {{delay_seconds: 0}}\nsources:\n{sources}",
            "utf-8",
        )
        with Runtime(load(config)) as runtime:
            runs = {run.source: run for run in collect_sources(runtime, (), Quiet())}
            ((answered,),) = runtime.store.conn.execute(
                "select reply_text from mentions where reply_text like '%k1.1%'"
            )
    assert answered == "Words k1.1\n\nWords k1.4"
    assert runs["kettle"].new == 7
    assert (runs["closed"].state, runs["closed"].first_error) == (
        "empty",
        "comments are switched off (commentsDisabled)",
    )
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert sites.KEY.encode() not in stored


# --- Hostile --------------------------------------------------------------------------------------

_HOSTILE = [
    b"\xff\xfe\x00",
    b"null",
    b"[]",
    b"{" * 5000,
    b"[" * 100_000,
    b'{"error": 5}',
    b'{"error": {"error_code": true, "errors": [1], "details": {}}}',
    b'{"items": [1, {"snippet": [], "id": {}}, {"snippet": {"topLevelComment": 5}}]}',
    b'{"response": {"items": [1, {"id": true, "attachments": [3, {"poll": []}]}], "profiles": 3}}',
    b'{"posts": [1, {"author": 5, "record": {"langs": [1], "reply": 3, "embed": []}}]}',
    b"<!doctype html>",
    b"",
]


@pytest.mark.parametrize("body", _HOSTILE, ids=lambda body: repr(body[:24]))
def test_hostile_answers_never_raise_and_never_make_up_items(body: bytes) -> None:
    url, whose = "https://x.example/", ("s", "now")
    assert vk.items_from_vk(body, url, *whose).items == []
    assert vk.items_from_vk(body, url, *whose, below=vk.Below(-1, 2)).items == []
    assert bluesky.items_from_bluesky(body, url, *whose).items == []
    youtube.error_in(body)
    for listed in youtube.answer_in(body).listed:
        assert youtube.items_of_thread(youtube.thread_of(listed), url, *whose)[0] == []
        assert youtube.item_of_video(listed, *whose) is None
    assert list(vk.commented_posts(vk.entries_in(body))) == []
    assert vk.next_offset(body, 0) is None or b"items" in body
    assert bluesky.token_in(body) is None
