"""The whole way of a review, and what a killed process leaves to the next one."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support import Config, Site, kill_group, review, review_page

from monitor import pipeline
from monitor.errors import CollectError
from monitor.runtime import Runtime

RULES = "[{name: negative, when: mention, label: negative, to: [pr]}]"


def fresh(number: int, text: str, **more: Any) -> dict[str, Any]:
    """A review written an hour ago."""
    written = datetime.now(UTC) - timedelta(hours=1)
    return review(number, text, date=written.isoformat(timespec="seconds"), **more)


@pytest.fixture
def receiver(site: Site) -> Iterator[Site]:
    other = Site()
    yield other
    other.stop()


def test_a_bad_review_goes_from_the_site_to_the_channel_once(
    config: Config, site: Site, receiver: Site
) -> None:
    url = site.show_reviews("/shop", fresh(1, "A bad shop, never again"))
    config.write({"shop": url}, RULES, pr=f"json://{receiver.host}/pr",
                 ops=f"json://{receiver.host}/ops")  # fmt: skip
    with config.runtime() as runtime:
        first = pipeline.run_once(runtime)
        assert (first.runs[0].new, first.scored, first.alerts) == (1, 1, [])  # back-fill

        site.show_reviews("/shop", fresh(1, "A bad shop, never again"), fresh(2, "Bad as well"))
        second = pipeline.run_once(runtime)
        assert (second.scored, len(second.alerts), second.delivered.sent) == (1, 1, 1)
        (message,) = receiver.received
        assert "Bad as well" in message["message"]

        site.show("/shop", "Forbidden", 403)
        for _ in range(2):
            third = pipeline.run_once(runtime)
            assert third.runs[0].state == "blocked"
        assert [one["title"] for one in receiver.received[1:]] == ["! Source shop is blocked"]


def test_the_other_stages_go_on_when_the_crawl_process_fails(
    config: Config, site: Site, receiver: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.show_reviews("/shop", fresh(1, "Good"))
    config.write({"shop": url}, RULES, pr=f"json://{receiver.host}/pr")
    with config.runtime() as runtime:
        pipeline.run_once(runtime)
        site.show_reviews("/shop", fresh(1, "Good"), fresh(2, "Bad"))
        pipeline.collect_sources(runtime, [], pipeline.Quiet())
        # From now on the crawl process refuses to start: it insists on a user agent.
        monkeypatch.setitem(
            runtime.__dict__, "crawl_settings", replace(runtime.crawl_settings, user_agent=" ")
        )
        with pytest.raises(CollectError, match="user_agent"):
            pipeline.run_once(runtime)
        assert len(receiver.received) == 1


def test_an_unreadable_language_and_an_empty_text_are_looked_at_once(
    config: Config, site: Site
) -> None:
    german = "Der Laden ist schön und die Bedienung war wirklich sehr freundlich zu uns allen"
    config.write({"shop": site.show_reviews("/shop", review(1, german), review(2, ""))})
    with config.runtime() as runtime:
        assert pipeline.run_once(runtime).scored == 0
        rows = runtime.store.rows("SELECT language, label FROM current_scores ORDER BY mention_id")
        assert [row["label"] for row in rows] == [None, None]
        assert pipeline.score(runtime, pipeline.Quiet()) == 0
        assert (
            runtime.store.value("SELECT count(*) FROM mention_versions WHERE scored_by IS NULL")
            == 0
        )


def test_a_new_model_reads_everything_again(config: Config, site: Site) -> None:
    config.write({"shop": site.show_reviews("/shop", review(1, "Bad"), review(2, "Good"))})
    with config.runtime() as runtime:
        assert pipeline.run_once(runtime).scored == 2
        runtime.scorer.revision = "words-2"
        assert pipeline.score(runtime, pipeline.Quiet()) == 2
        assert runtime.store.value("SELECT count(*) FROM scores") == 4
        sql = "SELECT group_concat(DISTINCT revision) FROM current_scores"
        assert runtime.store.value(sql) == "words-2"


# --- killed processes: the real command line, the real spiders -----------------------------------


def two_pages(site: Site) -> str:
    """Two reviews on each of two pages; the second page is held open."""
    site.show("/2", review_page(review(3, "Third"), review(4, "Fourth")))
    site.hold("/2")
    return site.show("/1", review_page(review(1, "First"), review(2, "Second"), following="/2"))


def test_a_collection_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    config: Config, site: Site
) -> None:
    config.write({"shop": two_pages(site)})
    process = config.start("collect")
    assert site.asked.wait(40)

    second = config.run("collect")  # meanwhile
    assert second.returncode == 1
    assert "another monitor is working on monitor.db" in second.stderr
    assert len(second.stderr.splitlines()) == 1

    kill_group(process)
    (left,) = config.spool.glob("*.jsonl")
    assert left.read_text("utf-8").count("\n") == 2
    assert config.value("SELECT count(*) FROM mentions") == 0

    site.free("/2")
    third = config.run("collect")
    assert third.returncode == 0, third.stderr
    assert config.value("SELECT group_concat(text) FROM (SELECT text FROM mention_versions"
                        " ORDER BY id)") == "First,Second,Third,Fourth"  # fmt: skip
    assert config.value("SELECT group_concat(state) FROM crawl_runs") == "partial,ok"
    assert config.value("SELECT group_concat(new) FROM crawl_runs") == "2,2"
    assert list(config.spool.iterdir()) == []


def test_a_collection_whose_crawl_process_alone_is_killed_stores_what_there_is(
    config: Config, site: Site
) -> None:
    config.write({"shop": two_pages(site)})
    process = config.start("collect")
    assert site.asked.wait(40)
    os.kill(crawl_process_of(process.pid), signal.SIGKILL)
    _, errors = process.communicate(timeout=40)
    assert process.returncode == 1
    assert errors.startswith("error: the crawl process failed")
    assert config.value("SELECT group_concat(state || ' ' || new) FROM crawl_runs") == "partial 2"
    site.free("/2")
    assert config.run("collect").returncode == 0
    assert config.value("SELECT count(*) FROM mentions") == 4


def crawl_process_of(pid: int) -> int:
    """The one child process of a process, as Linux tells it."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:  # noqa: PTH123
        (child,) = file.read().split()
    return int(child)


def test_an_empty_configuration_runs(config: Config) -> None:
    config.write({})
    with config.runtime() as runtime:
        assert isinstance(runtime, Runtime)
        report = pipeline.run_once(runtime)
        assert (report.runs, report.scored, report.alerts) == ([], 0, [])
