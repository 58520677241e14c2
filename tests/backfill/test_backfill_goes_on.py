"""A back-fill that is stopped anywhere goes on there: pages are read once, items stored once."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Configure
from paged_world import LOGINS, PAGES, SECRET, SOURCES, TOKEN, PagedWorld, written
from support import Config, kill_group

DAYS = "3650"
ENDS_BY_EMPTY_PAGE = {"numbered", "steam", "sub"}
"""Nothing in their pages says which is the last."""


def backfill(config: Config, *more: str, days: str = DAYS) -> dict[str, dict[str, Any]]:
    """Runs `monitor collect --backfill` to its end; what it says of each source."""
    done = config.run("collect", "--backfill", days, "--json", *more)
    assert done.returncode == 0, done.stderr
    return {run["source"]: run for run in json.loads(done.stdout)}


def wait_until(is_so: Callable[[], bool]) -> None:
    """Returns once it is so; what is waited for is on disk, where nobody can be told of it."""
    tick = threading.Event()
    for _ in range(600):
        if is_so():
            return
        tick.wait(0.05)
    raise AssertionError("did not happen within 30 seconds")


def pages_noted(spool: Path) -> int:
    lines = spool.read_text("utf-8").splitlines(keepends=True)
    whole = [json.loads(line) for line in lines if line.endswith("\n")]
    return sum(line["type"] == "page" and line["done"] is not None for line in whole)


def start_until_page_three(
    config: Config, world: PagedWorld, names: list[str]
) -> subprocess.Popen[str]:
    """A back-fill that has read two pages of each source and waits for the third."""
    world.held = dict.fromkeys(names, 3)
    process = config.start("collect", "--backfill", DAYS, "--json")
    world.wait_for(names, 3)
    wait_until(
        lambda: sum(pages_noted(path) >= 2 for path in config.spool.glob("*.jsonl")) == len(names)
    )
    return process


def times(name: str, third: int = 2) -> list[int]:
    """How often each page is asked for when a back-fill was stopped at the third."""
    return [1, 1, third, 1, 1, int(name in ENDS_BY_EMPTY_PAGE)]


@pytest.mark.slow
def test_killed_in_the_middle_every_kind_goes_on_there(
    configure: Configure, world: PagedWorld
) -> None:
    config, names = configure(), list(SOURCES)
    process = start_until_page_three(config, world, names)
    kill_group(process)
    assert config.value("SELECT count(*) FROM mentions") == 0
    world.release.set()

    runs = backfill(config)
    assert {name: world.times_asked(name) for name in names} == {n: times(n) for n in names}
    assert world.asked["shop-product", 1] == 1
    assert {run["state"] for run in runs.values()} == {"ok"}
    for name, run in runs.items():
        assert (run["backfill"]["items"], run["backfill"]["is_finished"]) == (10, True), name
        of_source = f"source_id = (SELECT id FROM sources WHERE name = '{name}')"
        stored = f"SELECT count(*) FROM mentions WHERE {of_source}"
        assert config.value(stored) == 2 * PAGES, name
    assert runs["blog"]["backfill"]["oldest_day"] == written(PAGES).date().isoformat()
    assert list(config.spool.iterdir()) == []


def written_by(config: Config) -> str:
    """Everything that is in the files of a configuration, but for its secrets."""
    files = [path for path in config.folder.rglob("*") if path.is_file()]
    texts = [path.read_bytes().decode("latin-1") for path in files if path.suffix != ".secret"]
    return "\n".join(texts)


@pytest.mark.parametrize("name", LOGINS)
def test_a_source_that_logs_in_goes_on_with_a_session_of_its_own(
    configure: Configure, world: PagedWorld, name: str
) -> None:
    config = configure(name)
    process = start_until_page_three(config, world, [name])
    lying = written_by(config)
    kill_group(process)
    world.release.set()
    world.refuses_logins = True
    killed, refused = json.loads(config.run("collect", "--backfill", DAYS, "--json").stdout)
    assert (killed["state"], killed["new"], refused["state"]) == ("partial", 4, "blocked")
    assert (refused["backfill"]["pages"], refused["backfill"]["open_pages"]) == (2, 1)
    lying += written_by(config)
    world.refuses_logins = False

    run = backfill(config)[name]
    assert (run["state"], run["backfill"]["items"]) == ("ok", 10)
    assert run["backfill"]["is_finished"]
    assert world.times_asked(name) == times(name)
    assert world.logins[name] == 2
    assert world.asked[f"{name}-refused", 1] == 0, "yesterday's token was sent"
    lying += written_by(config)
    assert "page" in lying
    hidden = [TOKEN, *(SECRET + one for one in LOGINS[name] if one != "identifier")]
    assert [secret for secret in hidden if secret in lying] == []


def test_one_whose_login_is_refused_from_the_start_is_not_finished(
    configure: Configure, world: PagedWorld
) -> None:
    config = configure("sky")
    world.refuses_logins = True
    (run,) = json.loads(config.run("collect", "--backfill", DAYS, "--json").stdout)
    assert (run["state"], run["backfill"]["is_finished"]) == ("blocked", False)
    world.refuses_logins = False
    run = backfill(config)["sky"]
    assert (run["backfill"]["items"], run["backfill"]["is_finished"]) == (10, True)


@pytest.mark.parametrize("name", ["archive", "cursor", "apple"])
def test_told_to_stop_it_stores_what_it_has_and_goes_on_there(
    configure: Configure, world: PagedWorld, name: str
) -> None:
    config = configure(name)
    process = start_until_page_three(config, world, [name])
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)
    (run,) = json.loads(out)
    assert process.returncode == 1
    assert (run["state"], run["new"]) == ("partial", 4)
    assert run["backfill"] | {"since": ""} == {
        "since": "", "pages": 2, "items": 4, "oldest_day": written(2).date().isoformat(),
        "open_pages": 1, "is_finished": False,
    }  # fmt: skip
    (unfinished,) = json.loads(config.run("status", "--json").stdout)["backfills"]
    assert (unfinished["source"], unfinished["pages"], unfinished["open_pages"]) == (name, 2, 1)
    assert "Back-fills not finished" in config.run("status").stdout
    world.release.set()

    run = backfill(config)[name]
    assert (run["new"], run["backfill"]["pages"], run["backfill"]["items"]) == (6, PAGES, 10)
    assert world.times_asked(name) == times(name)
    assert json.loads(config.run("status", "--json").stdout)["backfills"] == []


def test_a_crawl_whose_parent_was_killed_ends_and_nothing_of_it_is_lost(
    configure: Configure, world: PagedWorld
) -> None:
    config = configure("blog")
    process = start_until_page_three(config, world, ["blog"])
    process.kill()  # the crawl process itself lives on, and finds out
    process.communicate()
    run = backfill(config)["blog"]
    assert (run["backfill"]["items"], run["backfill"]["is_finished"]) == (10, True)
    assert world.times_asked("blog") == times("blog")
    world.release.set()


def test_a_limit_of_pages_is_gone_on_from_until_all_is_read(
    configure: Configure, world: PagedWorld
) -> None:
    config = configure("blog", "forum", "steam", max_pages=4)
    seen = []
    for _ in range(3):
        runs = backfill(config)
        seen.append({n: (r["state"], r["backfill"]["is_finished"]) for n, r in runs.items()})
    assert [one["blog"] for one in seen[:2]] == [("partial", False), ("ok", True)]
    assert [one["steam"] for one in seen[:2]] == [("partial", False), ("ok", True)]
    assert seen[2]["forum"] == ("ok", True)
    assert world.times_asked("forum") == [1, 1, 1, 1, 1, 0]
    assert [world.asked["topics", page] for page in range(1, 6)] == [1] * 5
    assert world.times_asked("blog") == [2, 2, 2, 2, 1, 0]  # the third was a new one


def test_one_that_is_to_go_farther_back_or_from_the_start_begins_anew(
    configure: Configure, world: PagedWorld
) -> None:
    config = configure("blog", max_pages=1)
    assert backfill(config, days="900")["blog"]["backfill"]["pages"] == 1
    assert backfill(config, days="900")["blog"]["backfill"]["pages"] == 2
    assert backfill(config, days="30")["blog"]["backfill"]["pages"] == 3
    assert backfill(config, days="901")["blog"]["backfill"]["pages"] == 1
    assert backfill(config, days="901")["blog"]["backfill"]["pages"] == 2
    assert backfill(config, "--from-start", days="901")["blog"]["backfill"]["pages"] == 1
    assert world.times_asked("blog") == [3, 2, 1, 0, 0, 0]


def test_a_usual_collection_meanwhile_changes_nothing(
    configure: Configure, world: PagedWorld
) -> None:
    config = configure("blog", max_pages=2)
    backfill(config)
    (run,) = json.loads(config.run("collect", "--json").stdout)
    assert (run["items"], run["backfill"]) == (4, None)
    assert backfill(config)["blog"]["backfill"]["pages"] == 4
    assert world.times_asked("blog") == [2, 2, 1, 1, 0, 0]


def test_a_page_that_failed_is_asked_for_again_and_one_that_is_gone_is_not(
    configure: Configure, world: PagedWorld
) -> None:
    config = configure("blog", "shop", "cursor")
    world.failing = {("blog", 3): 500, ("shop", 3): 403, ("cursor", 3): 404}
    runs = backfill(config)
    assert {n: r["backfill"]["open_pages"] for n, r in runs.items()} == {
        "blog": 1, "shop": 1, "cursor": 0,
    }  # fmt: skip
    assert runs["cursor"]["backfill"]["is_finished"]
    world.failing = {}
    runs = backfill(config)
    assert (world.asked["blog", 1], world.asked["shop", 2], world.asked["cursor", 1]) == (1, 1, 2)
    assert [runs[name]["backfill"]["is_finished"] for name in runs] == [True, True, True]
    assert config.value("SELECT count(*) FROM mentions") == 30


@pytest.mark.parametrize("name", ["archive", "blog", "apple", "steam", "toots", "channel"])
def test_it_reads_no_farther_than_it_is_told(
    configure: Configure, world: PagedWorld, name: str
) -> None:
    run = backfill(configure(name), days="25")[name]  # a page is ten days old, the next twenty
    assert world.times_asked(name) == [1, 1, 1, 0, 0, 0]
    assert (run["new"], run["backfill"]["is_finished"]) == (4, True)


def test_how_far_it_is_is_shown(configure: Configure, world: PagedWorld) -> None:
    config = configure("blog", max_pages=2)
    done = config.run("collect", "--backfill", DAYS, "--json")
    first = json.loads(done.stderr.splitlines()[0])
    oldest = written(1, 0).date().isoformat()
    assert first == {"source": "blog", "pages": 1, "items": 2, "oldest_day": oldest}
    done = config.run("collect", "--backfill", DAYS)
    oldest = written(3, 0).date().isoformat()
    assert f"blog: 3 pages, 6 items, back to {oldest}" in done.stderr
    oldest = written(4, 0).date().isoformat()
    assert (
        f"blog: back-fill not finished, 4 pages, 8 items, back to {oldest}; the same command"
        " goes on there" in done.stdout
    )
    done = config.run("collect", "--backfill", DAYS)
    assert f"blog: back-fill finished, {PAGES} pages, 10 items" in done.stdout


def test_from_start_needs_a_backfill(config: Config) -> None:
    config.write({"shop": "http://127.0.0.1:9/"})
    done = config.run("collect", "--from-start")
    assert (done.returncode, "--from-start goes with --backfill DAYS" in done.stderr) == (2, True)
