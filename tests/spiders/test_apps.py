"""What the spiders of app shops and forum searches bring home from real local servers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import app_sites as sites
import pytest
from crawl_process import Crawled, crawl, source
from faulty_sites import Site, serving

from monitor.collect import judge
from monitor.records import RawItem
from spiders.parse import app_store, google_play, hacker_news, stack_exchange, steam
from spiders.parse.paged import instant

SITES: list[type[Site]] = [
    sites.AppleFeeds,
    sites.PlayReviews,
    sites.PlaySilent,
    sites.PlayBreakingOff,
    sites.SteamReviews,
    sites.SteamOfLongAgo,
    sites.SteamShop,
    sites.Algolia,
    sites.StackApi,
    sites.StackThrottled,
    sites.StackPatience,
    sites.StackUsedUp,
]


class World:
    """All sites, served, and what one crawl of them gave."""

    def __init__(self, crawled: Crawled, served: dict[str, type[Site]]) -> None:
        self.crawled = crawled
        self.served = served

    def ids(self, name: str) -> list[str]:
        return [item["native_id"] for item in self.crawled.items(name)]

    def stats(self, name: str) -> dict[str, Any]:
        return self.crawled.stats(name)

    def state(self, name: str) -> str:
        items, rejects = len(self.crawled.items(name)), len(self.crawled.rejects(name))
        return judge(self.stats(name), items, rejects, used_to_yield=False)

    def asked(self, kind: type[Site]) -> list[str]:
        return self.served[kind.__name__].asked


def jobs(folder: Path, at: dict[str, str]) -> list[dict[str, Any]]:
    def one(name: str, kind: str, url: str, backfill: bool = False, **options: Any) -> Any:
        more: dict[str, Any] = {"backfill": True} if backfill else {}
        return source(folder, name, kind, url, options=options, **more)

    app, play = "/cz/app/zelvano/id1234567890", "/store/apps/details?id=cz.zelvano.app&hl=cs&gl=CZ"
    countries = ["cz", "us", "de", "ru"]
    return [
        one("apple", "app_store", at["AppleFeeds"] + app, countries=countries),
        one("apple-empty", "app_store", at["AppleFeeds"] + app, countries=["us"]),
        one("apple-down", "app_store", at["AppleFeeds"] + app, countries=["de"]),
        one("apple-html", "app_store", at["AppleFeeds"] + app, countries=["ru"]),
        one("apple-few", "app_store", at["AppleFeeds"] + app, countries=countries, max_pages=4),
        one("apple-nowhere", "app_store", at["AppleFeeds"] + "/cz/genre/games"),
        one("play", "google_play", at["PlayReviews"] + play, languages=["cs", "en"]),
        one("play-silent", "google_play", at["PlaySilent"] + play),
        one("play-breaks", "google_play", at["PlayBreakingOff"] + play),
        one("play-nowhere", "google_play", at["PlayReviews"] + "/store/apps"),
        one("steam", "steam", at["SteamReviews"] + "/app/123456/Zelvano/", languages=["cs"]),
        one("steam-old", "steam", at["SteamOfLongAgo"] + "/app/123456/"),
        one("steam-all", "steam", at["SteamOfLongAgo"] + "/app/123456/", backfill=True),
        one("steam-gone", "steam", at["SteamShop"] + "/app/123456/"),
        one("news", "hacker_news", at["Algolia"] + "/?query=zelvano"),
        one("news-all", "hacker_news", at["Algolia"] + "/?q=zelvano", backfill=True),
        one("news-nowhere", "hacker_news", at["Algolia"] + "/about"),
        one("stack", "stack_exchange", at["StackApi"] + "/search?q=zelvano", answers=True),
        one("stack-busy", "stack_exchange", at["StackThrottled"] + "/search?q=zelvano"),
        one("stack-hour", "stack_exchange", at["StackPatience"] + "/search?q=zelvano"),
        one(
            "stack-without", "stack_exchange", at["StackApi"] + "/questions/tagged/zelvano+-kettle"
        ),
        one("stack-quota", "stack_exchange", at["StackUsedUp"] + "/questions/tagged/zelvano"),
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("apps")
    address: dict[str, str] = {}
    served: dict[str, type[Site]] = {}
    sites.StackApi.times = []
    with ExitStack() as stack:
        for kind in SITES:
            address[kind.__name__], served[kind.__name__] = stack.enter_context(serving(kind))
        crawled = crawl(folder, jobs(folder, address), concurrent_sources=12)
        yield World(crawled, served)


# --- App Store ------------------------------------------------------------------------------------


def test_app_store_reads_all_countries_and_the_page_behind_a_full_last_one(world: World) -> None:
    items = world.crawled.items("apple")
    assert sorted(world.ids("apple"), key=int) == [str(n) for n in range(1, 53)]
    assert {item["location"] for item in items} == {"CZ"}
    assert world.state("apple") == "partial"  # two countries of four could not be read
    assert world.stats("apple")["errors"] == {"HttpError": 1, "ServiceRefused": 1}


def test_app_store_takes_only_page_numbers_from_the_feed_and_stays_on_its_server(
    world: World,
) -> None:
    pages = [path for path in world.asked(sites.AppleFeeds) if path.startswith("/cz/rss/")]
    assert all("/id=1234567890/sortby=mostrecent/xml" in path for path in pages)
    assert "elsewhere" not in json.dumps(world.stats("apple"))


def test_app_store_gives_every_country_its_first_page_when_pages_are_few(world: World) -> None:
    stats = world.stats("apple-few")
    assert stats["limit"] == "pages"
    assert len(world.ids("apple-few")) == 50


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("apple-empty", "empty"),
        ("apple-down", "unreachable"),
        ("apple-html", "broken"),
        ("play-silent", "broken"),
        ("play-breaks", "partial"),
        ("steam-gone", "broken"),
        ("stack-busy", "blocked"),
        ("stack-quota", "partial"),
    ],
)
def test_state_tells_an_empty_source_from_one_that_fails(
    world: World, name: str, state: str
) -> None:
    assert world.state(name) == state


@pytest.mark.parametrize("name", ["apple-nowhere", "play-nowhere", "news-nowhere"])
def test_address_of_something_else_is_named_and_nothing_is_asked(world: World, name: str) -> None:
    stats = world.stats(name)
    assert stats["errors"] == {"WrongAddress": 1}
    assert stats["requests"] == 0


def test_edited_app_store_review_comes_again_under_its_id(tmp_path: Path) -> None:
    found = []
    with serving(sites.AppleAfterAnEdit) as (address, _):
        for visit in ("first", "second"):
            url = f"{address}/cz/app/zelvano/id1234567890"
            crawled = crawl(tmp_path, [source(tmp_path, visit, "app_store", url)])
            found += [(item["native_id"], item["rating"]) for item in crawled.items(visit)]
    assert found == [("7", "5"), ("7", "1")]


def test_lone_json_entry_and_lone_link_are_read_like_lists() -> None:
    feed = {
        "entry": {"id": {"label": "1"}, "content": {"label": "Jo"}, "im:rating": {"label": "4"}},
        "link": {"attributes": {"rel": "next", "href": "https://x.example/page=2/id=1/json"}},
    }
    url = "https://x.example/cz/rss/customerreviews/page=1/id=1234/json"
    page = app_store.items_from_app_store(json.dumps({"feed": feed}).encode(), url, "s", "now")
    assert [item.text for item in page.items] == ["Jo"]
    assert page.following == "2"


@pytest.mark.parametrize(
    ("url", "app"),
    [
        ("https://apps.apple.com/cz/app/zelvano-nakupy/id1234567890?l=cs", ("1234567890", "cz")),
        ("https://apps.apple.com/app/id1234567890", ("1234567890", "us")),
        (
            "https://itunes.apple.com/ru/rss/customerreviews/page=1/id=1234567890/xml",
            ("1234567890", "ru"),
        ),
        ("https://apps.apple.com/cz/charts", None),
    ],
)
def test_app_store_address_as_users_copy_it(url: str, app: tuple[str, str] | None) -> None:
    assert app_store.app_at(url) == app


# --- Google Play ----------------------------------------------------------------------------------


def test_google_play_follows_tokens_and_gives_each_review_once(world: World) -> None:
    assert sorted(world.ids("play")) == [f"gp-{n}" for n in range(1, 7)]
    asked = world.asked(sites.PlayReviews)
    assert len(asked) == 6  # three pages in each of two languages
    assert {parse_qs(urlsplit(path.split()[0]).query)["hl"][0] for path in asked} == {"cs", "en"}
    assert all(path.endswith("cz.zelvano.app") for path in asked)
    assert world.state("play") == "ok"


def test_google_play_reply_has_its_time(world: World) -> None:
    reply = next(item for item in world.crawled.items("play") if item["reply_text"])
    assert reply["reply_text"] == "Díky!"
    assert reply["reply_published"] == instant(sites.NOW - 2 * 3600 + 60)


def test_google_play_error_in_the_middle_keeps_what_came(world: World) -> None:
    assert world.ids("play-breaks") == ["gp-1", "gp-2", "gp-3"]
    assert "error instead" in world.stats("play-breaks")["first_error"]


@pytest.mark.parametrize("zone", ["Asia/Tehran", "America/Los_Angeles"])
def test_google_play_times_do_not_depend_on_the_machines_zone(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert instant(1_772_300_096) == "2026-02-28T17:34:56Z"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("hostile", [None, True, -5, 0, 1e30, "1e9", "NaN", float("nan"), [1]])
def test_instant_of_what_is_no_time_is_none(hostile: Any) -> None:
    assert instant(hostile) is None


# --- Steam ----------------------------------------------------------------------------------------


def test_steam_reads_past_a_short_page_and_ends_when_a_cursor_repeats(world: World) -> None:
    assert sorted(world.ids("steam")) == [str(n) for n in range(1, 8)]
    assert len(world.asked(sites.SteamReviews)) == 4
    assert world.state("steam") == "ok"


def test_steam_asks_for_everybodys_reviews_newest_first(world: World) -> None:
    query = parse_qs(urlsplit(world.asked(sites.SteamReviews)[0]).query)["input_json"][0]
    asked = json.loads(query)
    assert asked["filter_offtopic_activity"] is False
    assert (asked["appid"], asked["filter"], asked["purchase_type"]) == (123456, 1, 1)
    assert asked["languages"] == ["czech"]


def test_usual_visit_ends_at_what_is_old_and_a_backfill_does_not(world: World) -> None:
    assert world.ids("steam-old") == ["1", "2", "3"]
    assert len(world.ids("steam-all")) == 7
    assert world.state("steam-old") == "ok"


@pytest.mark.parametrize("order", ["recent", "updated"])
def test_steam_orders_are_the_services_numbers(order: str) -> None:
    address = steam.reviews_address("https://x.example", "1", "*", ["all"], order)
    asked = json.loads(parse_qs(urlsplit(address).query)["input_json"][0])
    assert asked["filter"] == {"recent": 1, "updated": 2}[order]


# --- Hacker News ----------------------------------------------------------------------------------


def test_hacker_news_is_read_slice_by_slice_and_nothing_is_lost_at_the_seams(
    world: World,
) -> None:
    assert sorted(world.ids("news"), key=int) == [str(n) for n in range(1, 451)]
    kinds = {item["native_id"]: item["kind"] for item in world.crawled.items("news")}
    assert (kinds["1"], kinds["2"]) == ("comment", "post")
    assert world.state("news") == "ok"


def test_hacker_news_backfill_reads_what_is_older_too(world: World) -> None:
    assert "451" in world.ids("news-all")
    assert "451" not in world.ids("news")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://hn.algolia.com/?dateRange=all&page=0&query=zelvano%20app", ("zelvano app", None)),
        ("https://news.ycombinator.com/item?id=47000001", (None, "47000001")),
        ("https://hn.algolia.com/api/v1/search?query=%D0%B6", ("ж", None)),
        ("https://news.ycombinator.com/newest", (None, None)),
    ],
)
def test_hacker_news_address_as_users_copy_it(
    url: str, found: tuple[str | None, str | None]
) -> None:
    assert hacker_news.search_at(url) == found


# --- Stack Exchange -------------------------------------------------------------------------------


def test_stack_exchange_waits_as_long_as_it_is_asked_to(world: World) -> None:
    assert sorted(world.ids("stack"), key=int) == ["1", "2", "3", "51", "52"]
    times = sites.StackApi.times
    assert times[1] - times[0] >= 1.0
    assert world.state("stack") == "ok"


def test_stack_exchange_answers_lead_to_their_question(world: World) -> None:
    answers = [item for item in world.crawled.items("stack") if item["parent_id"]]
    # Asked for apart from their questions, answers are about these all the same.
    assert [(item["native_id"], item["parent_id"], item["subject"]) for item in answers] == [
        ("51", "1", "Q1"),
        ("52", "2", "Q2"),
    ]
    assert any(
        "/questions/1;2/answers" in path.replace("%3B", ";") for path in world.asked(sites.StackApi)
    )


def test_stack_exchange_that_wants_an_hour_of_rest_gets_it(world: World) -> None:
    assert world.stats("stack-hour")["blocked"] == "asked to wait 3600 s"
    assert len(world.asked(sites.StackPatience)) == 1
    assert world.ids("stack-hour") == ["1"]


def test_stack_exchange_says_that_the_quota_is_used_up(world: World) -> None:
    assert "quota is used up" in world.stats("stack-quota")["first_error"]


@pytest.mark.parametrize(
    ("url", "site", "words", "tags", "language"),
    [
        ("https://stackoverflow.com/search?q=zelvano", "stackoverflow.com", "zelvano", None, None),
        (
            "https://ru.stackoverflow.com/questions/tagged/zelvano%20api",
            "ru.stackoverflow.com",
            None,
            "zelvano;api",
            "ru",
        ),
        ("https://superuser.com/", "superuser.com", None, None, None),
        ("https://superuser.com/tags/kettle/info", "superuser.com", None, "kettle", None),
        (
            "https://stackoverflow.com/questions/tagged/c%2b%2b+.net?tab=Newest",
            "stackoverflow.com",
            None,
            "c++;.net",
            None,
        ),
        (
            "https://stackoverflow.com/questions/tagged?tagnames=kettle+c%2B%2B",
            "stackoverflow.com",
            None,
            "kettle;c++",
            None,
        ),
        (
            "https://so.example/search?q=%5Bkettle%5D",
            "so.example",
            None,
            "kettle",
            None,
        ),
        (
            "https://stackoverflow.com/search?q=%5Bkettle%5D+leaks",
            "stackoverflow.com",
            "[kettle] leaks",
            None,
            None,
        ),
        (
            "https://api.stackexchange.com/2.3/questions?order=desc&tagged=a;b&site=ru.stackoverflow",
            "ru.stackoverflow",
            None,
            "a;b",
            "ru",
        ),
    ],
)
def test_stack_exchange_address_as_users_copy_it(
    url: str, site: str, words: str | None, tags: str | None, language: str | None
) -> None:
    search = stack_exchange.search_at(url, None, None, None)
    assert (search.site, search.words, search.tags, search.language) == (
        site,
        words,
        tags,
        language,
    )


@pytest.mark.parametrize(
    ("url", "path", "tagged"),
    [
        ("https://superuser.com/questions/tagged/a+b", "/2.3/questions", "a;b"),
        ("https://superuser.com/questions/tagged/a+or+b", "/2.3/search", "a;b"),
        ("https://superuser.com/questions/tagged/a%20or%20b", "/2.3/search", "a;b"),
        (
            "https://api.stackexchange.com/2.3/search?tagged=a;b&site=superuser",
            "/2.3/search",
            "a;b",
        ),
    ],
)
def test_stack_exchange_is_asked_for_all_tags_or_for_any(url: str, path: str, tagged: str) -> None:
    search = stack_exchange.search_at(url, None, None, None)
    asked = urlsplit(stack_exchange.questions_address("https://x.example", search, 1, None, None))
    assert (asked.path, parse_qs(asked.query)["tagged"]) == (path, [tagged])


def test_stack_exchange_reads_by_tag_what_the_server_gives(world: World) -> None:
    asked = [urlsplit(path) for path in world.asked(sites.StackUsedUp)]
    assert {(one.path, parse_qs(one.query)["tagged"][0]) for one in asked} == {
        ("/2.3/questions", "zelvano")
    }
    assert world.stats("stack-without")["errors"] == {"WrongAddress": 1}
    assert world.stats("stack-without")["requests"] == 0


def test_stack_exchange_key_is_sent_and_asked_for_by_activity() -> None:
    search = stack_exchange.search_at("https://stackoverflow.com/search?q=a", None, None, None)
    address = stack_exchange.questions_address("https://x.example", search, 2, 1772000000, "k1")
    asked = parse_qs(urlsplit(address).query)
    assert (asked["key"], asked["min"], asked["sort"]) == (["k1"], ["1772000000"], ["activity"])


# --- All ------------------------------------------------------------------------------------------

_HOSTILE = [
    b"\xff\xfe\x00",
    b"null",
    b"[]",
    b"[[[[[[",
    b"{" * 5000,
    b"[" * 100_000,
    b'{"feed": {"entry": [[], 1, null, {"id": []}], "link": [1, {"attributes": 3}]}}',
    b'{"hits": [1, {"objectID": {}, "created_at_i": "x", "_tags": 5}], "nbPages": "7"}',
    b'{"items": [1, {"answers": 4, "owner": [], "link": "javascript:x"}], "backoff": "x"}',
    b'{"response": {"reviews": [1, {"author": 5, "voted_up": "y", "votes_up": {}}], "cursor": 5}}',
    b')]}\'\n\n[["wrb.fr","UsvDTd","[[[[]],[{}]],[null,5]]"]]',
    b')]}\'\n\n[["wrb.fr","UsvDTd","nonsense"]]',
    b")]}'\n\n99999999999999999999999999999\n",
    b"\x1f\x8b\x08broken",
    b"<!doctype html>",
    b"",
]


@pytest.mark.parametrize("body", _HOSTILE, ids=lambda body: repr(body[:24]))
def test_hostile_answers_never_raise_and_never_make_up_items(body: bytes) -> None:
    url = "https://x.example/page=1/?page=x"
    whose = ("s", "now")
    pages = [
        app_store.items_from_app_store(body, url, *whose),
        google_play.items_from_google_play(body, url, *whose, app="a.b"),
        steam.items_from_steam(body, url, *whose, app="1"),
        hacker_news.items_from_hacker_news(body, url, *whose),
        stack_exchange.items_from_stack_exchange(body, url, *whose),
    ]
    for page in pages:
        assert page.items == []
        assert all(isinstance(item, RawItem) for item in page.items)
        json.dumps([reject.excerpt for reject in page.rejects])
