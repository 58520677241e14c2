"""What is left open is decided from the notes alone, and a request survives being written down."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request

from monitor.backfill import PageNotes, after_run, continued, page_notes
from monitor.records import Backfill
from spiders.job import SourceJob
from spiders.open_requests import PageRead, as_request, as_row
from spiders.parse.discourse import Topic
from spiders.parse.vk import Below
from spiders.redact import hide
from spiders.sites.discourse import DiscourseSpider
from spiders.sites.vk import VkSpider
from spiders.visit import Visit

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
ENDED: dict[str, Any] = {"finish_reason": "finished", "limit": None}


def row(key: str) -> dict[str, Any]:
    return {"key": key, "url": f"https://shop.example.com/{key}"}


def notes(done: str, led_to: str, goes_on: bool = False) -> PageNotes:
    return PageNotes(SINCE, goes_on, True, frozenset(done), tuple(map(row, led_to)))


def keys(backfill: Backfill) -> str:
    return "".join(one["key"] for one in backfill.open_requests)


def test_notes_are_read_among_items_and_torn_lines() -> None:
    lines = [
        {"type": "backfill", "since": "2026-01-01T00:00:00Z", "goes_on": False},
        {"type": "page", "done": None, "led_to": [row("a")]},
        {"type": "item", "text": "x"},
        "no json",
        ["a list"],
        {"type": "page", "done": "a", "led_to": [row("b")]},
    ]
    assert page_notes(lines) == notes("a", "ab")
    assert page_notes(lines[2:]) is None  # no back-fill, whatever else it holds


@pytest.mark.parametrize(
    ("done", "led_to", "stats", "left", "is_finished"),
    [
        ("", "a", None, "a", False),
        ("a", "ab", None, "b", False),
        ("ab", "ab", None, "", False),  # killed before it could say that this was all
        ("ab", "ab", ENDED, "", True),
        ("ab", "ab", {**ENDED, "limit": "body"}, "", True),
        ("a", "ab", {**ENDED, "limit": "pages"}, "b", False),
        ("a", "ab", ENDED, "b", False),  # b failed
        ("ba", "bab", ENDED, "", True),  # b was read before it was noted where it came from
        ("", "", {**ENDED, "limit": "time"}, "", False),
        ("a", "a", {"finish_reason": "shutdown", "limit": "stopped"}, "", False),
    ],
)
def test_what_is_open_after_a_run(
    done: str, led_to: str, stats: dict[str, Any] | None, left: str, is_finished: bool
) -> None:
    after = after_run(None, notes(done, led_to), 3, date(2026, 2, 1), stats)
    assert (keys(after), after.is_finished) == (left, is_finished)
    assert (after.pages, after.items, after.oldest_day) == (len(done), 3, date(2026, 2, 1))


def test_one_that_could_not_begin_is_not_finished() -> None:
    lines = [{"type": "backfill", "since": "2026-01-01T00:00:00Z", "goes_on": False}]
    found = page_notes(lines)
    assert found is not None
    after = after_run(None, found, 0, None, ENDED)
    assert (after.is_finished, after.open_requests) == (False, ())


def test_a_run_that_goes_on_adds_to_what_was_before() -> None:
    before = Backfill(SINCE, 2, 20, date(2026, 3, 1), False, (row("c"), row("d")))
    after = after_run(before, notes("c", "e", goes_on=True), 5, date(2026, 4, 1), ENDED)
    assert (keys(after), after.pages, after.items) == ("de", 3, 25)
    assert after.oldest_day == date(2026, 3, 1)
    anew = after_run(before, notes("a", "ab"), 5, None, None)
    assert (keys(anew), anew.pages, anew.oldest_day) == ("b", 1, None)


def test_when_one_is_gone_on_with() -> None:
    stopped = Backfill(SINCE, 1, 1, None, False, (row("b"),))
    later, earlier = SINCE + timedelta(days=1), SINCE - timedelta(days=1)
    assert continued(stopped, later, from_start=False) is stopped
    assert continued(stopped, SINCE, from_start=False) is stopped
    assert continued(stopped, earlier, from_start=False) is None
    assert continued(stopped, later, from_start=True) is None
    assert continued(Backfill(SINCE, 1, 1, None, True), later, from_start=False) is None
    assert continued(Backfill(SINCE), later, from_start=False) is None
    assert continued(None, later, from_start=False) is None


@dataclass(frozen=True)
class JobWithSecrets(SourceJob):
    """A job whose source has a key."""

    secrets: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def spider(tmp_path: Path) -> DiscourseSpider:
    key = {"key": 'sé+cret/"1"'}
    url = "https://forum.example.com/latest"
    files = (tmp_path / "f.jsonl", tmp_path / "f.stats.json")
    return DiscourseSpider(visit=Visit(JobWithSecrets("f", "discourse", url, *files, secrets=key)))


def test_a_request_is_the_same_after_it_was_written_down(spider: DiscourseSpider) -> None:
    topic = Topic("https://forum.example.com", "7", "Kettles", ids={1: "71", 2: "72"})
    request = Request(
        "https://forum.example.com/t/7.json?x=ж",
        callback=spider.parse_posts,
        method="POST",
        body=b"\xffa=1",
        headers={"X-Of": "ours"},
        meta={"topic": topic, "depth": 4, "open_request": "k"},
        priority=-3,
    )
    written = json.loads(json.dumps(as_row(request, spider, "k")))
    again = as_request(written, spider)
    assert again is not None
    for name in ("url", "method", "body", "headers", "callback", "priority"):
        assert getattr(again, name) == getattr(request, name)
    assert (again.meta, again.errback) == ({"topic": topic}, spider.failed)


def test_a_secret_is_written_as_its_name_and_comes_back(spider: DiscourseSpider) -> None:
    request = Request(
        "https://forum.example.com/?k=s%C3%A9%2Bcret%2F%221%22",
        callback=spider.parse,
        headers={"X-Key": 's\u00e9+cret/"1"'},
        meta={"token": 'sé+cret/"1"'},
    )
    written = json.dumps(as_row(request, spider, "k"), ensure_ascii=False)
    assert "cret/" not in written
    assert "%2Bcret" not in written
    again = as_request(json.loads(written), spider)
    assert again is not None
    assert (again.url, again.headers, again.meta) == (request.url, request.headers, request.meta)


def test_what_another_process_cannot_ask_is_not_kept(spider: DiscourseSpider) -> None:
    foreign = Request("https://forum.example.com/", callback=print)
    unwritable = Request(
        "https://forum.example.com/", callback=spider.parse, meta={"open": object()}
    )
    assert as_row(foreign, spider, "k") is None
    assert as_row(unwritable, spider, "k") is None
    unknown = {**(as_row(Request("https://a.example/"), spider, "k") or {}), "callback": "gone"}
    assert as_request(unknown, spider) is None


def test_a_page_of_comments_on_vk_is_the_same_after_it_was_written_down(tmp_path: Path) -> None:
    files = (tmp_path / "v.jsonl", tmp_path / "v.stats.json")
    key = {"token": "vk1.a.token-of-the-test"}
    job = JobWithSecrets("v", "vk", "https://vk.com/wall-1_2", *files, secrets=key)
    spider = VkSpider(visit=Visit(job))
    (request,) = spider._comments(Below(-1, 2), 100)
    written = json.dumps(as_row(request, spider, "k"))
    assert "token-of-the-test" not in written
    again = as_request(json.loads(written), spider)
    assert again is not None
    assert (again.body, again.meta["of"]) == (request.body, Below(-1, 2))


def test_a_token_of_one_visit_is_another_in_the_next(spider: DiscourseSpider) -> None:
    spider.session = {"session": "token-of-yesterday"}
    headers = {"Authorization": "Bearer token-of-yesterday"}
    request = Request("https://forum.example.com/", callback=spider.parse, headers=headers)
    written = json.dumps(as_row(request, spider, "k"))
    assert "yesterday" not in written
    spider.session = {"session": "token-of-today"}
    again = as_request(json.loads(written), spider)
    assert again is not None
    assert again.headers["Authorization"] == b"Bearer token-of-today"


def test_a_token_of_one_visit_is_not_written_down() -> None:
    hide("session-token-4711")
    row = {"key": "k", "headers": {"Authorization": ["Bearer session-token-4711"]}}
    line = PageRead("before", (row,)).as_line()
    assert "4711" not in line
    assert json.loads(line)["done"] == "before"
