"""Mastodon, Discourse, Telegram, Reddit and news searches: paging, blockades, dead ends.

All sources are crawled in one process, each from its own local server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import social_sites as sites
from crawl_process import Crawled, crawl, source
from faulty_sites import Site, serving

ALL: list[tuple[str, str, type[Site], str, dict[str, Any]]] = [
    ("tag", "mastodon", sites.Mastodon, "/tags/zelvano", {}),
    ("tag-deep", "mastodon", sites.Mastodon, "/tags/zelvano", {"options": {"max_pages": 7}}),
    ("tag-all", "mastodon", sites.Mastodon, "/tags/zelvano", {"backfill": True}),
    ("account", "mastodon", sites.Mastodon, "/@jana@elsewhere.example", {}),
    ("nobody", "mastodon", sites.Mastodon, "/@nobody", {}),
    ("no-timeline", "mastodon", sites.Mastodon, "/about", {}),
    ("feeds-off", "mastodon", sites.MastodonSwitchedOff, "/tags/zelvano", {}),
    ("nobody-wrote", "mastodon", sites.MastodonQuiet, "/tags/zelvano", {}),
    ("login-only", "mastodon", sites.MastodonOldAndShut, "/tags/zelvano", {}),
    ("leading-away", "mastodon", sites.MastodonLeadingAway, "/tags/zelvano", {}),
    ("forum", "discourse", sites.Discourse, "/f/", {}),
    ("forum-all", "discourse", sites.Discourse, "/f/latest", {"backfill": True}),
    ("category", "discourse", sites.Discourse, "/f/c/kettles/5", {}),
    ("topic", "discourse", sites.Discourse, "/f/t/kettles/70/12", {}),
    ("topic-short", "discourse", sites.Discourse, "/f/t/kettles/70", {"options": {"max_pages": 2}}),
    ("found", "discourse", sites.Discourse, "/f/search?q=leak", {}),
    ("found-all", "discourse", sites.Discourse, "/f/search?q=leak", {"backfill": True}),
    ("forum-shut", "discourse", sites.DiscourseWithLogin, "/", {}),
    ("forum-busy", "discourse", sites.DiscourseBusy, "/f/t/kettles/70", {}),
    ("no-forum", "discourse", sites.GoogleConsent, "/", {}),
    ("channel", "telegram", sites.Telegram, "/zelvano", {}),
    ("channel-all", "telegram", sites.Telegram, "/s/zelvano", {"backfill": True}),
    ("no-preview", "telegram", sites.Telegram, "/closed", {}),
    ("invitation", "telegram", sites.Telegram, "/+AbCdEf", {}),
    ("in-circles", "telegram", sites.TelegramInCircles, "/zelvano", {"backfill": True}),
    ("subreddit", "reddit", sites.Reddit, "/r/zelvano", {}),
    ("subreddit-all", "reddit", sites.Reddit, "/r/zelvano/", {"backfill": True}),
    ("refused", "reddit", sites.RedditRefusing, "/r/zelvano", {}),
    ("refused-200", "reddit", sites.RedditRefusingPolitely, "/r/zelvano", {}),
    ("reddit-busy", "reddit", sites.RedditBusy, "/r/zelvano", {}),
    ("reddit-robots", "reddit", sites.RedditWithRobots, "/r/zelvano", {}),
    ("news", "google_news", sites.GoogleNews, "/search?q=zelvano&hl=cs&gl=CZ&ceid=CZ:cs", {}),
    ("news-robots", "google_news", sites.GoogleNewsWithRobots, "/search?q=zelvano", {}),
    ("news-consent", "google_news", sites.GoogleConsent, "/search?q=zelvano", {}),
    ("world", "gdelt", sites.Gdelt, "/api/v2/doc/doc?query=zelvano", {"options": {"days": 2}}),
    ("world-throttled", "gdelt", sites.GdeltThrottling, "/api/v2/doc/doc?query=zelvano", {}),
    ("world-refused", "gdelt", sites.GdeltRefusing, "/api/v2/doc/doc?query=z", {}),
]


class World:
    """What one crawl of all sources gave, and what each one's server was asked for."""

    def __init__(self, crawled: Crawled, asked: dict[str, list[str]]) -> None:
        self.crawled = crawled
        self.asked = asked

    def stats(self, name: str) -> dict[str, Any]:
        return self.crawled.stats(name)

    def ids(self, name: str) -> list[str]:
        return [item["native_id"] for item in self.crawled.items(name)]

    def causes(self, name: str) -> list[str]:
        return [reject["cause"] for reject in self.crawled.rejects(name)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("social")
    asked: dict[str, list[str]] = {}
    jobs = []
    with ExitStack() as stack:
        for name, kind, site, path, more in ALL:
            address, served = stack.enter_context(serving(site))
            asked[name] = served.asked
            jobs.append(source(folder, name, kind, address + path, **more))
        yield World(crawl(folder, jobs, concurrent_sources=12), asked)


def test_every_source_is_finished_without_a_traceback(world: World) -> None:
    assert world.crawled.exit_code == 0
    assert "Traceback" not in world.crawled.stderr
    assert {world.stats(one[0])["finish_reason"] for one in ALL} == {"finished"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("feeds-off", "the server has switched its public tag timelines off"),
        ("login-only", "the server shows its timelines to its own users only"),
        ("forum-shut", "http 403"),
        ("no-forum", "captcha or consent page"),
        ("no-preview", "no preview: the channel is private, closed to the web, or gone"),
        ("refused", "http 403"),
        ("refused-200", "Reddit refuses programs without an approved login"),
        ("reddit-busy", "http 429, asked to wait 600 s"),
        ("reddit-robots", "robots.txt forbids this address"),
        ("news-robots", "robots.txt forbids this address"),
        ("news-consent", "captcha or consent page"),
        ("world-throttled", "GDELT asks for fewer requests"),
    ],
)
def test_blockade_is_named(world: World, name: str, reason: str) -> None:
    stats = world.stats(name)
    assert (stats["blocked"], stats["items"], stats["validators"]) == (reason, 0, {})


def test_nobody_is_blocked_who_was_not_refused(world: World) -> None:
    blocked = {one[0] for one in ALL if world.stats(one[0])["blocked"]}
    assert len(blocked) == 12
    assert world.stats("nobody-wrote")["rejects"] == 0


def test_mastodon_pages_are_followed_by_link_header(world: World) -> None:
    assert world.ids("tag") == [str(number) for number in range(60, 45, -1)]
    assert world.asked["tag"][:2] == [
        "/api/v1/timelines/tag/zelvano?limit=40",
        "/api/v1/timelines/tag/zelvano?max_id=58",
    ]
    assert world.stats("tag")["limit"] is None


def test_mastodon_depth_can_be_chosen_and_a_backfill_reads_everything(world: World) -> None:
    assert len(world.ids("tag-deep")) == 21
    assert world.stats("tag-deep")["limit"] == "pages"
    assert world.ids("tag-all")[-1] == "1"
    assert len(world.ids("tag-all")) == 60


def test_mastodon_pages_that_lead_on_are_asked_for_in_full_next_time(world: World) -> None:
    # The newest page may say "unchanged" while an older post was edited.
    assert world.stats("tag")["validators"] == {}


def test_mastodon_account_is_looked_up_first(world: World) -> None:
    lookup, first, *_ = world.asked["account"]
    assert lookup == "/api/v1/accounts/lookup?acct=jana%40elsewhere.example"
    assert first == "/api/v1/accounts/7/statuses?limit=40&exclude_reblogs=true"
    assert len(world.ids("account")) == 15


def test_mastodon_next_page_on_another_server_is_not_followed(world: World) -> None:
    stats = world.stats("leading-away")
    assert (stats["items"], stats["requests"], stats["errors"]) == (1, 1, {})


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("nobody", "HttpError: HTTP 404"),
        ("no-timeline", "WrongAddress"),
        ("invitation", "WrongAddress"),
    ],
)
def test_address_of_nothing_is_an_error_in_words(world: World, name: str, error: str) -> None:
    assert world.stats(name)["first_error"].startswith(error)
    assert world.stats(name)["items"] == 0


def test_forum_gives_all_posts_of_its_topics(world: World) -> None:
    expected = {str(7000 + number) for number in range(1, 46)} | {"7101"}
    assert set(world.ids("forum")) == expected
    assert len(world.ids("forum")) == 46
    assert world.causes("forum") == ["topic is gone"]
    assert world.stats("forum")["errors"] == {}


def test_forum_knows_title_parent_and_address_of_every_post(world: World) -> None:
    items = {item["native_id"]: item for item in world.crawled.items("forum")}
    first, last = items["7001"], items["7045"]
    assert (first["kind"], first["title"], first["subject"]) == ("post", "Kettles, part 70", None)
    assert (last["kind"], last["title"], last["subject"]) == ("comment", None, "Kettles, part 70")
    assert last["parent_id"] == "7001"
    assert last["url"].endswith("/f/t/kettles/70/45")


def test_forum_backfill_turns_the_pages_of_the_list(world: World) -> None:
    assert "/f/latest.json?no_definitions=true&page=1" in world.asked["forum-all"]
    assert set(world.ids("forum-all")) - set(world.ids("forum")) == {"7301"}


def test_category_and_topic_addresses_are_understood(world: World) -> None:
    assert world.asked["category"][0] == "/f/c/kettles/5.json"
    assert len(world.ids("category")) == 46
    assert world.asked["topic"][0] == "/f/t/70.json"
    assert len(world.ids("topic")) == 45


def test_newest_posts_of_a_long_topic_are_asked_for_first(world: World) -> None:
    assert world.ids("topic-short")[20:] == [str(number) for number in range(7045, 7025, -1)]
    assert world.stats("topic-short")["limit"] == "pages"


def test_search_gives_the_found_posts_in_full(world: World) -> None:
    assert sorted(world.ids("found")) == ["7003", "7044"]
    assert sorted(world.ids("found-all")) == ["7003", "7010", "7044"]
    texts = {item["text"] for item in world.crawled.items("found")}
    assert texts == {"<p>Post 3 of topic 70.</p>", "<p>Post 44 of topic 70.</p>"}


def test_busy_forum_is_waited_for(world: World) -> None:
    stats = world.stats("forum-busy")
    assert (stats["statuses"], stats["blocked"]) == ({"200": 3, "429": 1}, None)
    assert len(world.ids("forum-busy")) == 45


def test_channel_is_read_backwards(world: World) -> None:
    assert world.asked["channel"][:2] == ["/s/zelvano", "/s/zelvano?before=121"]
    assert len(set(world.ids("channel"))) == 100
    assert set(world.ids("channel-all")) == {f"zelvano/{number}" for number in range(1, 141)}
    assert world.stats("channel-all")["limit"] is None


def test_channel_that_leads_in_circles_is_left(world: World) -> None:
    assert len(world.asked["in-circles"]) == 2


def test_reddit_reads_newest_page_and_everything_on_backfill(world: World) -> None:
    assert world.asked["subreddit"] == ["/r/zelvano/new/.rss?limit=100"]
    assert world.ids("subreddit") == ["t3_000001", "t3_000002"]
    assert world.ids("subreddit-all") == [f"t3_{number:06d}" for number in range(1, 9)]


def test_reddit_is_not_asked_where_its_robots_txt_forbids(world: World) -> None:
    assert world.asked["reddit-robots"] == []


def test_news_search_page_is_read_as_its_feed_and_each_story_once(world: World) -> None:
    assert world.asked["news"] == ["/rss/search?q=zelvano&hl=cs&gl=CZ&ceid=CZ%3Acs"]
    (item,) = world.crawled.items("news")
    assert (item["title"], item["author"]) == ("Zelvano recalls kettles", "Daily")


def test_gdelt_is_asked_in_slices_of_time(world: World) -> None:
    assert len(world.asked["world"]) == 2
    titles = [item["title"] for item in world.crawled.items("world")]
    assert len(set(titles)) == len(titles)
    assert 287 <= len(titles) <= 289  # two days of one in ten minutes
    assert world.stats("world")["limit"] is None


def test_gdelt_says_why_it_refused_a_query(world: World) -> None:
    assert world.causes("world-refused") == [
        "the query was refused: Your query was too short or too long."
    ]
    assert world.stats("world-refused")["blocked"] is None
