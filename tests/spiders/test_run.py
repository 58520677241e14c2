"""What a crawl leaves behind when sites behave, misbehave, block and attack.

Most sources run in one process, as they do in production, so that each fault is also proof that
it disturbs nobody else.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import faulty_sites as sites
import pytest
from crawl_process import AGENT, Crawled, crawl, source, start, write_job
from faulty_sites import Site, serving

SITES: list[type[Site]] = [
    sites.Fine,
    sites.Forbidden,
    sites.BusyOnce,
    sites.BusyForHours,
    sites.Failing,
    sites.Dripping,
    sites.BreakingOff,
    sites.Endless,
    sites.Circular,
    sites.LeadingAway,
    sites.Bomb,
    sites.Huge,
    sites.Redirecting,
    sites.Unchanged,
    sites.Captcha,
]


class World:
    """All sites, served, and what one crawl of them gave."""

    def __init__(self, crawled: Crawled, served: dict[str, type[Site]]) -> None:
        self.crawled = crawled
        self.served = served

    def stats(self, name: str) -> dict[str, Any]:
        return self.crawled.stats(name)

    def asked(self, kind: type[Site]) -> list[str]:
        return self.served[kind.__name__].asked


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def jobs(folder: Path, address: dict[str, str]) -> list[dict[str, Any]]:
    fine, away = address["Fine"], address["Redirecting"] + "/to/"
    pages = {"max_pages": 5}

    def feed(name: str, url: str, **more: Any) -> dict[str, Any]:
        return source(folder, name, "feed", url, **more)

    def reviews(name: str, url: str, **more: Any) -> dict[str, Any]:
        return source(folder, name, "reviews_page", url, **more)

    known = {"validators": {address["Unchanged"] + "/feed": {"etag": '"v7"'}}}
    shop = {"sitemap": fine + "/sitemap.xml", "match": "/product/"}
    return [
        feed("fine", fine + "/feed", language="cs"),
        feed("forbidden", address["Forbidden"] + "/feed?key=S3CRET"),
        feed("busy-once", address["BusyOnce"] + "/feed"),
        feed("busy-for-hours", address["BusyForHours"] + "/feed"),
        feed("failing", address["Failing"] + "/feed?token=S3CRET"),
        feed("dripping", address["Dripping"] + "/feed", options={"max_seconds": 1.5}),
        feed("breaking-off", address["BreakingOff"] + "/feed"),
        reviews("endless", address["Endless"] + "/", options=pages),
        reviews("circular", address["Circular"] + "/", options=pages),
        reviews("leading-away", address["LeadingAway"] + "/"),
        reviews("shop", fine + "/", options=shop),
        feed("bomb", address["Bomb"] + "/feed"),
        feed("huge", address["Huge"] + "/feed"),
        feed("to-metadata", away + "http://169.254.169.254/latest/meta-data/"),
        feed("to-neighbour", away + fine + "/feed?stolen"),
        feed("to-network", away + "http://10.0.0.1/admin"),
        feed("to-file", away + "file:///etc/passwd"),
        feed("file", "file:///etc/passwd"),
        feed("new", address["Unchanged"] + "/feed"),
        feed("unchanged", address["Unchanged"] + "/feed", **known),
        feed("backfill", address["Unchanged"] + "/feed", backfill=True, **known),
        feed("captcha", address["Captcha"] + "/feed"),
        feed("keyed", address["Captcha"] + "/feed?api_key=S3CRET&page=2"),
        feed("robots", fine + "/private/feed"),
        feed("dead", f"http://127.0.0.1:{free_port()}/feed"),
        source(folder, "no-such-kind", "telepathy", fine),
        feed("bad-option", fine + "/feed", options={"kind": "poem"}),
        feed("bad-address", "no address at all"),
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("crawl")
    address: dict[str, str] = {}
    served: dict[str, type[Site]] = {}
    with ExitStack() as stack:
        for kind in SITES:
            address[kind.__name__], served[kind.__name__] = stack.enter_context(serving(kind))
        (folder / "fine.jsonl").write_text('{"type": "item", "torn by a cra', "utf-8")
        yield World(crawl(folder, jobs(folder, address), concurrent_sources=12), served)


def test_process_ends_well_whatever_the_sources_did(world: World) -> None:
    assert world.crawled.exit_code == 0
    done = [json.loads(line) for line in world.crawled.stdout.splitlines()]
    assert len(done) == len({line["done"] for line in done}) == 28
    assert {"done": "fine", "items": 1} in done


def test_feed_goes_to_the_spool_and_starts_on_a_line_of_its_own(world: World) -> None:
    text = (world.crawled.folder / "fine.jsonl").read_text("utf-8")
    torn, line = text.splitlines()
    item = json.loads(line)
    assert torn.endswith("torn by a cra")
    assert (item["type"], item["source"], item["native_id"]) == ("item", "fine", "g-1")
    assert (item["title"], item["language"]) == ("Kettle leaks", "cs")
    stats = world.stats("fine")
    assert (stats["items"], stats["requests"], stats["statuses"]) == (1, 1, {"200": 1})
    assert (stats["finish_reason"], stats["errors"], stats["blocked"]) == ("finished", {}, None)


def test_sites_see_the_operator_and_nobody_else(world: World) -> None:
    assert all(site.agents <= {AGENT} for site in world.served.values())
    assert world.served["Fine"].agents == {AGENT}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("forbidden", "http 403"),
        ("busy-for-hours", "http 429, asked to wait 7200 s"),
        ("captcha", "captcha or consent page"),
        ("robots", "robots.txt forbids this address"),
    ],
)
def test_blockade_is_named(world: World, name: str, reason: str) -> None:
    stats = world.stats(name)
    assert (stats["blocked"], stats["items"]) == (reason, 0)


def test_robots_txt_is_obeyed(world: World) -> None:
    assert "/private/feed" not in world.asked(sites.Fine)
    assert world.stats("robots")["requests"] == 0


def test_short_retry_after_is_waited_for(world: World) -> None:
    stats = world.stats("busy-once")
    assert (stats["items"], stats["blocked"]) == (1, None)
    assert stats["statuses"] == {"200": 1, "429": 1}


def test_long_retry_after_is_not_argued_with(world: World) -> None:
    assert len(world.asked(sites.BusyForHours)) == 1


def test_failing_server_is_tried_again_and_then_reported(world: World) -> None:
    stats = world.stats("failing")
    assert stats["statuses"] == {"500": 3}
    assert stats["errors"] == {"HttpError": 1}
    assert stats["first_error"].startswith("HttpError: HTTP 500 from http://127.0.0.1:")


def test_dead_port_is_an_error_with_its_name(world: World) -> None:
    stats = world.stats("dead")
    assert stats["errors"] == {"DownloadConnectionRefusedError": 1}
    assert stats["statuses"] == {}


def test_slow_drip_is_cut_at_the_time_limit(world: World) -> None:
    stats = world.stats("dripping")
    assert (stats["limit"], stats["finish_reason"]) == ("time", "limit_time")


def test_answer_that_breaks_off_is_an_error(world: World) -> None:
    stats = world.stats("breaking-off")
    assert (stats["errors"], stats["items"]) == ({"ResponseDataLossError": 1}, 0)


@pytest.mark.parametrize("name", ["bomb", "huge"])
def test_body_over_the_limit_is_refused(world: World, name: str) -> None:
    stats = world.stats(name)
    assert (stats["limit"], stats["errors"]) == ("body", {"BodyTooLarge": 1})


def test_endless_paging_ends_at_the_page_limit(world: World) -> None:
    stats = world.stats("endless")
    assert (stats["items"], stats["limit"], stats["statuses"]) == (5, "pages", {"200": 5})
    assert len(world.asked(sites.Endless)) == 5


def test_paging_in_circles_is_noticed(world: World) -> None:
    assert len(world.asked(sites.Circular)) == 2
    assert world.stats("circular")["limit"] is None


def test_next_page_on_another_site_is_not_followed(world: World) -> None:
    stats = world.stats("leading-away")
    assert (stats["items"], stats["requests"], stats["errors"]) == (1, 1, {})


def test_sitemap_leads_to_the_pages_that_match(world: World) -> None:
    authors = {item["author"] for item in world.crawled.items("shop")}
    assert authors == {"Ann 1", "Ann 2"}
    assert "/about" not in world.asked(sites.Fine)


@pytest.mark.parametrize("name", ["to-metadata", "to-neighbour", "to-network", "file"])
def test_private_places_and_files_are_never_fetched(world: World, name: str) -> None:
    stats = world.stats(name)
    assert (stats["errors"], stats["items"]) == ({"RefusedAddress": 1}, 0)
    assert "/feed?stolen" not in world.asked(sites.Fine)


def test_redirect_to_a_file_is_not_followed(world: World) -> None:
    stats = world.stats("to-file")
    assert (stats["statuses"], stats["errors"]) == ({"302": 1}, {"HttpError": 1})


def test_unchanged_page_is_counted_and_its_validators_kept(world: World) -> None:
    stats = world.stats("unchanged")
    assert (stats["unchanged"], stats["statuses"], stats["errors"]) == (1, {"304": 1}, {})
    (validators,) = stats["validators"].values()
    assert validators == {"etag": '"v7"'}
    assert world.stats("new")["validators"] == stats["validators"]


def test_backfill_asks_for_everything(world: World) -> None:
    stats = world.stats("backfill")
    assert (stats["unchanged"], stats["items"]) == (0, 1)


def test_page_that_was_no_feed_is_asked_for_again(world: World) -> None:
    assert world.stats("captcha")["validators"] == {}
    (reject,) = world.crawled.rejects("captcha")
    assert reject["cause"] == "not a feed but an HTML page"


@pytest.mark.parametrize(
    ("name", "error"),
    [("no-such-kind", "no such kind: telepathy"), ("bad-option", "option kind: 'poem'")],
)
def test_wrong_source_fails_alone_and_says_why(world: World, name: str, error: str) -> None:
    stats = world.stats(name)
    assert stats["errors"] == {"ValueError": 1}
    assert error in stats["first_error"]


def test_address_that_is_none_fails_alone(world: World) -> None:
    assert world.stats("bad-address")["errors"] == {"ValueError": 1}


def test_log_and_stats_hold_no_secrets_and_no_texts(world: World) -> None:
    written = [world.crawled.stdout, world.crawled.stderr]
    written += [file.read_text("utf-8") for file in world.crawled.folder.glob("*.stats.json")]
    assert not [text for text in written if "S3CRET" in text or "Leaks after" in text]
    assert "Traceback" not in world.crawled.stderr


def test_rejects_name_the_page_without_its_key(world: World) -> None:
    (reject,) = world.crawled.rejects("keyed")
    assert reject["place"].endswith("/feed?api_key=***&page=2")


def test_sources_of_one_server_take_turns(tmp_path: Path) -> None:
    with serving(sites.OneAtATime) as (address, site):
        names = ["a", "b", "c"]
        three = [source(tmp_path, name, "feed", f"{address}/{name}") for name in names]
        delay = {"DOWNLOAD_DELAY": 0.01, "AUTOTHROTTLE_ENABLED": False}
        crawled = crawl(tmp_path, three, settings=delay)
        assert [len(crawled.items(name)) for name in names] == [1, 1, 1]
        assert site.most_open == 1  # type: ignore[attr-defined]


def test_private_name_is_fetched_only_where_the_job_allows_it(tmp_path: Path) -> None:
    with serving(sites.Fine) as (address, site):
        port = address.rpartition(":")[2]
        disguised = source(tmp_path, "disguised", "feed", f"http://127.1:{port}/feed")
        crawled = crawl(tmp_path, [disguised])
        assert site.asked == []
        assert crawled.stats("disguised")["errors"] == {"RefusedAddress": 1}
        redirected = source(tmp_path, "allowed", "feed", f"http://127.1:{port}/feed")
        crawled = crawl(tmp_path, [redirected], allow_private=["127.1"])
        assert crawled.stats("allowed")["items"] == 1


def test_termination_stops_within_seconds_and_leaves_stats(tmp_path: Path) -> None:
    with serving(sites.Dripping) as (address, site), serving(sites.Fine) as (fine, _):
        slow = source(tmp_path, "slow", "feed", address + "/feed")
        waiting = source(tmp_path, "waiting", "feed", fine + "/feed")
        process = start(write_job(tmp_path, [slow, waiting], concurrent_sources=1))
        assert site.began.wait(20)
        process.terminate()
        stdout, stderr = process.communicate(timeout=5)
        crawled = Crawled(tmp_path, process.returncode, stdout, stderr)
        assert (crawled.exit_code, crawled.stats("slow")["finish_reason"]) == (0, "shutdown")
        assert crawled.stats("slow")["limit"] == "stopped"
        assert crawled.stats("waiting")["finish_reason"] == "not started"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"user_agent": ""}, "user_agent is missing"),
        ({"user_agent": None}, "user_agent is missing"),
        ({"surprise": 1}, "unknown field 'surprise'"),
        ({"sources": [{"name": "x"}]}, "sources[0].kind"),
    ],
)
def test_wrong_job_is_refused_in_one_line(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    more: dict[str, Any] = {"sources": [], **change}
    crawled = crawl(tmp_path, **more)
    assert crawled.exit_code == 2
    assert len(crawled.stderr.splitlines()) == 1
    assert words in crawled.stderr
