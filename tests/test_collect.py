"""What a crawl leaves is stored once, whatever happened to it, and each source gets its state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support import Config, Site, review

from monitor.alerts.detect import detect_sources
from monitor.collect import CrawlSettings, CrawlTarget, collect, judge, preview, recover
from monitor.records import CrawlRun, RawItem
from monitor.runtime import Runtime

OK: dict[str, Any] = {"statuses": {"200": 1}}


@pytest.mark.parametrize(
    ("stats", "state"),
    [
        (OK, "empty"),
        ({**OK, "limit": "pages"}, "partial"),
        ({**OK, "blocked": "http 429"}, "partial"),
        (None, "partial"),
    ],
)
def test_a_run_that_found_only_what_is_not_about_the_brand(
    stats: dict[str, Any] | None, state: str
) -> None:
    assert judge(stats, items=0, rejects=1, used_to_yield=True, left_out=7) == state
    assert judge(stats and OK, items=1, rejects=0, used_to_yield=True, left_out=7) in {
        "ok",
        "partial",
    }


@pytest.mark.parametrize(
    ("stats", "items", "rejects", "used_to_yield", "state"),
    [
        ({"statuses": {"200": 1}}, 3, 0, False, "ok"),
        ({"statuses": {"200": 1}}, 3, 2, True, "ok"),
        ({"statuses": {"200": 1}}, 0, 0, False, "empty"),
        ({"statuses": {"200": 1}}, 0, 0, True, "broken"),
        ({"statuses": {"200": 1}}, 0, 1, False, "broken"),
        ({"statuses": {"304": 1}, "unchanged": 1}, 0, 0, True, "unchanged"),
        ({"statuses": {"200": 9}, "limit": "pages"}, 90, 0, True, "partial"),
        ({"statuses": {"200": 1, "500": 1}, "first_error": "HTTP 500"}, 3, 0, True, "partial"),
        ({"statuses": {"403": 1}, "blocked": "http 403"}, 0, 0, True, "blocked"),
        ({"statuses": {"200": 1, "429": 1}, "blocked": "http 429"}, 5, 0, True, "partial"),
        ({"statuses": {}, "first_error": "ConnectionRefused"}, 0, 0, True, "unreachable"),
        ({"statuses": {"500": 3}, "first_error": "HTTP 500"}, 0, 0, False, "unreachable"),
        ({"statuses": {"200": 1}, "finish_reason": "shutdown"}, 3, 0, False, "partial"),
        (None, 3, 0, False, "partial"),
        (None, 0, 1, False, "partial"),
    ],
)
def test_the_state_of_a_run(
    stats: dict[str, Any] | None, items: int, rejects: int, used_to_yield: bool, state: str
) -> None:
    assert judge(stats, items, rejects, used_to_yield) == state


# --- files that a killed run left behind ---------------------------------------------------------

RU = "Посылка пришла разбитой, поддержка молчит"


@pytest.fixture
def opened(config: Config) -> Iterator[Runtime]:
    config.write({"shop": "http://127.0.0.1:9/reviews"})
    with config.runtime() as runtime:
        config.spool.mkdir()
        yield runtime


def line(number: int, text: str = RU) -> str:
    item = RawItem("shop", "2026-11-18T12:00:00Z", native_id=str(number), text=text)
    return json.dumps({"type": "item", **item.as_dict()}, ensure_ascii=False) + "\n"


def spool(config: Config, content: str | bytes, stats: dict[str, Any] | None = None) -> Path:
    path = config.spool / "shop~20261118T120000-abcd.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if stats is not None:
        path.with_suffix(".stats.json").write_text(json.dumps(stats), encoding="utf-8")
    return path


def recovered(runtime: Runtime) -> list[CrawlRun]:
    targets = {target.stored.name: target for target in runtime.targets()}
    return recover(runtime.store, targets, runtime.crawl_settings, runtime.identify, runtime.clock)


DONE = {
    "started_at": "2026-11-18T12:00:00Z",
    "finished_at": "2026-11-18T12:00:09Z",
    "finish_reason": "finished",
    "requests": 2,
    "statuses": {"200": 2},
    "validators": {"http://127.0.0.1:9/reviews": {"etag": '"7"'}},
}


def test_a_finished_crawl_that_was_not_stored_is_stored_by_the_next_run(
    config: Config, opened: Runtime
) -> None:
    spool(config, line(1) + line(2), DONE)
    (run,) = recovered(opened)
    assert (run.state, run.new, run.requests) == ("ok", 2, 2)
    assert run.finished_at == datetime(2026, 11, 18, 12, 0, 9, tzinfo=UTC)
    assert opened.store.value("SELECT etag FROM fetch_validators") == '"7"'
    assert list(config.spool.iterdir()) == []


def test_a_spool_left_after_its_rows_were_committed_is_not_counted_twice(
    config: Config, opened: Runtime
) -> None:
    spool(config, line(1), DONE)
    assert len(recovered(opened)) == 1
    spool(config, line(1) + line(2), DONE)  # the same name: it was not deleted in time
    assert recovered(opened) == []
    assert opened.store.value("SELECT count(*) FROM crawl_runs") == 1
    assert opened.store.value("SELECT count(*) FROM mentions") == 1
    assert list(config.spool.iterdir()) == []


@pytest.mark.parametrize("kept_bytes", [-1, -2, -30, -200, 1])
def test_a_torn_last_line_is_left_out_and_the_rest_is_kept(
    config: Config, opened: Runtime, kept_bytes: int
) -> None:
    torn = line(3).encode()[:kept_bytes]
    spool(config, line(1).encode() + line(2).encode() + torn)
    (run,) = recovered(opened)
    is_whole = kept_bytes == -1  # only the end of the line is missing
    assert (run.state, run.new) == ("partial", 3 if is_whole else 2)
    assert run.rejects == 0
    assert run.first_error == "the crawl process ended before this source was done"


def test_a_line_torn_within_a_letter_is_left_out(config: Config, opened: Runtime) -> None:
    torn = line(2).encode()
    torn = torn[: torn.index("разбитой".encode()) + 3]
    with pytest.raises(UnicodeDecodeError):
        torn.decode()
    spool(config, line(1).encode() + torn)
    assert recovered(opened)[0].new == 1


def test_a_whole_line_that_is_no_item_is_a_reject(config: Config, opened: Runtime) -> None:
    spool(config, line(1) + "\0\0\0\n" + '["list"]\n' + line(2), DONE)
    (run,) = recovered(opened)
    assert (run.new, run.rejects) == (2, 2)
    assert opened.store.value("SELECT DISTINCT cause FROM rejects") == "spool line is no item"


@pytest.mark.parametrize(
    "stats", [None, {**DONE, "finish_reason": "not started"}, {**DONE, "finish_reason": "shutdown"}]
)
def test_a_crawl_cut_short_before_it_got_anything_says_nothing_of_the_source(
    config: Config, opened: Runtime, stats: dict[str, Any] | None
) -> None:
    spool(config, "", stats)
    assert recovered(opened) == []
    assert opened.store.value("SELECT state FROM source_health") == "never"
    assert list(config.spool.iterdir()) == []


def test_the_spool_of_a_source_that_is_not_collected_now_waits(
    config: Config, opened: Runtime
) -> None:
    path = spool(config, line(1), DONE)
    runs = recover(opened.store, {}, opened.crawl_settings, opened.identify, opened.clock)
    assert (runs, path.exists()) == ([], True)


def test_leftovers_without_rows_are_swept(config: Config, opened: Runtime) -> None:
    for name in ("old.job.json", "shop~x.stats.json", "shop~x.stats.json.77.tmp"):
        (config.spool / name).write_text("{}", encoding="utf-8")
    recovered(opened)
    assert list(config.spool.iterdir()) == []


# --- real crawls of a real site ------------------------------------------------------------------


def crawl(runtime: Runtime, clock: Callable[[], datetime] | None = None) -> dict[str, CrawlRun]:
    runs = collect(
        runtime.store,
        runtime.targets(),
        runtime.crawl_settings,
        runtime.identify,
        clock or runtime.clock,
    )
    return {run.source: run for run in runs}


def test_sources_from_the_first_collection_to_the_day_they_go_blind(
    config: Config, site: Site
) -> None:
    shop = site.show_reviews("/shop", review(1, "Good shop"), review(2, RU))
    forum = site.show_reviews("/forum", review(3, "Nice people"))
    config.write({"shop": shop, "forum": forum, "dead": "http://127.0.0.1:9/"})
    with config.runtime() as runtime:
        runs = crawl(runtime)
        assert {name: (run.state, run.new) for name, run in runs.items()} == {
            "shop": ("ok", 2),
            "forum": ("ok", 1),
            "dead": ("unreachable", 0),
        }
        assert "refused" in str(runs["dead"].first_error).lower()

        site.show_reviews("/forum", review(3, "Nice people, but slow"))
        runs = crawl(runtime)
        assert (runs["shop"].new, runs["shop"].changed, runs["shop"].state) == (0, 0, "ok")
        assert (runs["forum"].new, runs["forum"].changed) == (0, 1)

        site.show("/shop", "<html><body>Our new page</body></html>")
        site.show("/forum", "Forbidden", 403)
        runs = crawl(runtime)
        assert (runs["shop"].state, runs["forum"].state) == ("broken", "blocked")
        assert runs["forum"].first_error == "http 403"
        assert runtime.store.value("SELECT count(*) FROM mentions") == 3
        assert runtime.store.value("SELECT count(*) FROM mention_versions") == 4
    assert list(config.spool.iterdir()) == []


def test_a_search_whose_finds_are_about_others_is_empty_and_they_are_counted(
    config: Config, site: Site
) -> None:
    about_us, namesake = review(1, "Acme is good"), review(2, "The acme of bad taste: a theatre")
    url = site.show_reviews("/search", about_us, namesake)
    config.write({"search": url, "shop": url}, kind="reviews_page")
    text = config.path.read_text("utf-8")
    text = text.replace("name: Acme,", "name: Acme, exclude: [theatres],")
    text = text.replace("every: 1h}", "every: 1h, options: {relevance: true}}", 1)
    config.path.write_text(text, "utf-8")
    with config.runtime() as runtime:
        runs = crawl(runtime)
        assert {n: (r.state, r.new, r.left_out) for n, r in runs.items()} == {
            "search": ("ok", 1, 1),
            "shop": ("ok", 2, 0),
        }
        site.show_reviews("/search", namesake)
        run = crawl(runtime)["search"]
        assert (run.state, run.items, run.left_out, run.rejects) == ("empty", 0, 1, 0)
        row = runtime.store.rows("SELECT cause, times_seen FROM rejects")
        assert [tuple(one) for one in row] == [("not about Acme: excluded by 'theatres'", 2)]
        assert (
            runtime.store.value(
                "SELECT left_out || ' ' || rejects FROM source_health WHERE source = 'search'"
            )
            == "1 0"
        )
    status = json.loads(config.run("status", "--json").stdout)
    assert [(row["source"], row["cause"], row["items"]) for row in status["left_out"]] == [
        ("search", "not about Acme: excluded by 'theatres'", 1)
    ]
    assert (status["counts"]["left out"], status["counts"]["rejects"]) == (1, 0)


def toot(number: int, **account: bool) -> dict[str, Any]:
    return {
        "id": str(number),
        "url": f"https://social.example/@jana/{number}",
        "created_at": "2026-11-10T09:15:00.000Z",
        "content": f"<p>Post {number} about #acme</p>",
        "visibility": "public",
        "account": {"acct": f"author{number}", **account},
    }


def test_a_timeline_whose_authors_all_opted_out_is_empty_and_not_broken(
    config: Config, site: Site
) -> None:
    timeline = "/api/v1/timelines/tag/acme"
    site.show(timeline, json.dumps([toot(1), toot(2, noindex=True)]))
    config.write({"tag": site.url + "/tags/acme"}, kind="mastodon")
    with config.runtime() as runtime:
        run = crawl(runtime)["tag"]
        assert (run.state, run.items, run.left_out, run.rejects) == ("ok", 1, 1, 0)
        site.show(timeline, json.dumps([toot(3, indexable=False), toot(2, noindex=True)]))
        run = crawl(runtime)["tag"]
        assert (run.state, run.items, run.left_out, run.rejects) == ("empty", 0, 2, 0)
        assert detect_sources(runtime.store, ["ops"], runtime.clock()) == []
        wordless = {**toot(4), "content": ""}
        site.show(timeline, json.dumps([wordless]))  # nobody opted out: this is another layout
        run = crawl(runtime)["tag"]
        assert (run.state, run.left_out, run.rejects) == ("broken", 0, 1)
        assert len(detect_sources(runtime.store, ["ops"], runtime.clock())) == 1
    left_out = json.loads(config.run("status", "--json").stdout)["left_out"]
    assert {row["cause"]: row["items"] for row in left_out} == {
        "author opted out of indexing (noindex)": 1,
        "author did not opt in to search (indexable is false)": 1,
    }


def test_two_collections_at_the_same_moment_are_two(config: Config, site: Site) -> None:
    url = site.show_reviews("/shop", review(1, "Good"))
    config.write({"shop": url})
    moment = datetime(2026, 11, 18, 12, tzinfo=UTC)
    with config.runtime() as runtime:
        crawl(runtime, lambda: moment)
        site.show_reviews("/shop", review(1, "Good"), review(2, "Bad"))
        assert crawl(runtime, lambda: moment)["shop"].new == 1


def test_a_page_that_says_it_did_not_change_is_unchanged(config: Config, site: Site) -> None:
    site.show_reviews("/shop", review(1, "Good"))
    site.pages["/shop"].headers["ETag"] = '"1"'
    config.write({"shop": site.url + "/shop"})
    with config.runtime() as runtime:
        assert crawl(runtime)["shop"].state == "ok"
        site.pages["/shop"].status = 304
        site.pages["/shop"].body = ""
        assert crawl(runtime)["shop"].state == "unchanged"


def test_a_crawl_with_much_to_log_comes_to_its_end(config: Config, site: Site) -> None:
    # More than a pipe holds (64 KiB): each source logs a line of nearly a kilobyte.
    config.write({"shop": site.url + "/shop"})
    long = "/" + "x" * 800
    with config.runtime() as runtime:
        (target,) = runtime.targets()
        stored = replace(target.stored, kind="feed")
        targets = [
            CrawlTarget(
                replace(stored, name=f"s{number}"),
                site.show(f"{long}{number}", "<rss/>"),
                {"kind": "no such kind"},
                target.context,
            )
            for number in range(90)
        ]
        settings = replace(runtime.crawl_settings, concurrent_sources=30)
        runs = collect(runtime.store, targets, settings, runtime.identify, runtime.clock)
    assert len(runs) == 90


def test_a_preview_shows_items_and_stores_nothing(config: Config, site: Site) -> None:
    config.write({"shop": site.show_reviews("/shop", review(1, "Good"), review(2, RU))})
    with config.runtime() as runtime:
        (target,) = runtime.targets()
        found = preview(target, runtime.crawl_settings)
        assert found.state == "ok"
        assert [one.text for one in found.items] == ["Good", RU]
        assert (found.rejects, found.left_out) == ((), ())
        assert runtime.store.value("SELECT count(*) FROM crawl_runs") == 0
    assert not config.spool.exists()


def test_a_crawl_that_cannot_run_says_why(config: Config) -> None:
    from monitor.errors import CollectError

    config.write({"shop": "http://127.0.0.1:9/"})
    with config.runtime() as runtime:
        settings: CrawlSettings = replace(runtime.crawl_settings, user_agent=" ")
        with pytest.raises(CollectError, match="user_agent is missing"):
            collect(runtime.store, runtime.targets(), settings, runtime.identify, runtime.clock)
    assert list(config.spool.iterdir()) == []
