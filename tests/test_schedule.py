"""What is due when, and the real `monitor run`: collects, survives, stops, is never two."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from typing import Literal

import pytest
from support import NOW, Config, Site, environment, kill_group, record, review, review_page, run_of

from monitor.config import Weekly, load
from monitor.digest.due import last_digest_time, next_digest_time
from monitor.schedule import due_sources, next_times

HOUR = timedelta(hours=1)


def test_a_source_is_due_when_its_interval_has_passed_or_it_never_ran(config: Config) -> None:
    addresses = {name: f"http://{name}.example.com/" for name in ("a", "b", "c")}
    settings = load(config.write(addresses, every="2h").path)
    last = {"a": NOW - 2 * HOUR, "b": NOW - 2 * HOUR + timedelta(seconds=1)}
    assert due_sources(settings, last, NOW) == ["a", "c"]


def test_what_is_switched_off_or_imported_is_never_due(config: Config) -> None:
    config.write({"a": "http://a.example.com/"})
    text = config.path.read_text("utf-8").replace("every: 1h}", "every: 1h, enabled: false}")
    text += "  - {name: files, kind: import, brand: Acme}\n"
    config.path.write_text(text, encoding="utf-8")
    assert due_sources(load(config.path), {}, NOW) == []


Day = Literal["monday", "saturday", "sunday"]


@pytest.mark.parametrize(
    ("day", "at", "zone", "now", "last", "following"),
    [
        # A Wednesday in winter: 07:30 in Prague is 06:30 UTC.
        ("monday", "07:30", "Europe/Prague", "2026-11-18T12:00", "2026-11-16T06:30",
         "2026-11-23T06:30"),
        # The moment itself, and the minute before.
        ("monday", "07:30", "Europe/Prague", "2026-11-16T06:30", "2026-11-16T06:30",
         "2026-11-23T06:30"),
        ("monday", "07:30", "Europe/Prague", "2026-11-16T06:29", "2026-11-09T06:30",
         "2026-11-16T06:30"),
        # The last digest of summer time, the first of winter time: 07:30 stays 07:30.
        ("monday", "07:30", "Europe/Prague", "2026-10-25T12:00", "2026-10-19T05:30",
         "2026-10-26T06:30"),
        ("monday", "07:30", "Europe/Prague", "2026-10-26T06:29", "2026-10-19T05:30",
         "2026-10-26T06:30"),
        ("monday", "07:30", "Europe/Prague", "2026-03-30T05:30", "2026-03-30T05:30",
         "2026-04-06T05:30"),
        # Saturday in Tehran begins on Friday evening UTC; there is no summer time any more.
        ("saturday", "00:30", "Asia/Tehran", "2026-11-13T21:00", "2026-11-13T21:00",
         "2026-11-20T21:00"),
        ("saturday", "00:30", "Asia/Tehran", "2026-11-13T20:59", "2026-11-06T21:00",
         "2026-11-13T21:00"),
        # 02:30 comes twice in the night to 25 October; the first one counts.
        ("sunday", "02:30", "Europe/Prague", "2026-10-25T00:30", "2026-10-25T00:30",
         "2026-11-01T01:30"),
        ("sunday", "02:30", "Europe/Prague", "2026-10-25T01:15", "2026-10-25T00:30",
         "2026-11-01T01:30"),
        # 02:30 does not come in the night to 29 March; it is made up for an hour later.
        ("sunday", "02:30", "Europe/Prague", "2026-03-29T01:30", "2026-03-29T01:30",
         "2026-04-05T00:30"),
    ],
)  # fmt: skip
def test_the_times_of_the_digest(
    day: Day, at: str, zone: str, now: str, last: str, following: str
) -> None:
    def utc(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    weekly = Weekly(day=day, time=time.fromisoformat(at))
    assert last_digest_time(weekly, zone, utc(now)) == utc(last)
    assert next_digest_time(weekly, zone, utc(now)) == utc(following)


def test_status_can_say_what_comes_next(config: Config) -> None:
    config.write({"a": "http://a.example.com/", "b": "http://b.example.com/"}, every="2h")
    with config.runtime() as runtime:
        record(runtime.store, run_of("ok", NOW - HOUR, "a", items=1))
        assert next_times(runtime.settings, NOW) == [("b", NOW), ("a", NOW + HOUR)]


# --- the process ---------------------------------------------------------------------------------


def lines_until(process: subprocess.Popen[str], word: str) -> list[str]:
    """What the process says, to the first line that holds the word; ends with the process."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if word in line:
            return lines
    raise AssertionError(f"{word!r} was never said: {lines} {process.communicate()[1]}")


def stop(process: subprocess.Popen[str]) -> str:
    """SIGTERM; what it said on the way out. Fails when it takes more than ten seconds."""
    process.send_signal(signal.SIGTERM)
    out, errors = process.communicate(timeout=10)
    assert process.returncode == 0, errors
    assert errors == ""
    return out


def held_site(site: Site) -> str:
    site.show("/2", review_page(review(3, "Third"), review(4, "Fourth")))
    site.hold("/2")
    return site.show("/1", review_page(review(1, "First"), review(2, "Second"), following="/2"))


def test_it_collects_survives_a_kill_in_the_middle_and_stops_when_told(
    config: Config, site: Site
) -> None:
    config.write({"shop": held_site(site)})
    first = config.start("run")
    try:
        lines_until(first, "watching 1 sources")
        assert site.asked.wait(40)
    finally:
        kill_group(first)
    site.free("/2")
    second = config.start("run")
    try:
        said = lines_until(second, "scored")
        assert "1 sources: 4 new, 4 scored, 0 alerts" in said[-1]
        assert "stopping" in stop(second)
    finally:
        second.kill()
    assert config.value("SELECT count(*) FROM mentions") == 4
    assert config.value("SELECT count(*) FROM mention_versions") == 4


def test_it_stops_within_ten_seconds_in_the_middle_of_a_slow_crawl(
    config: Config, site: Site
) -> None:
    config.write({"shop": held_site(site), "other": site.show_reviews("/o", review(9, "Ninth"))})
    process = config.start("run")
    try:
        lines_until(process, "watching 2 sources")
        assert site.asked.wait(40)
        stop(process)
    finally:
        process.kill()
    # What was fetched is there; a source that was cut short is no blind source.
    assert config.value("SELECT count(*) FROM mentions JOIN sources s ON s.id = source_id"
                        " WHERE s.name = 'shop'") == 2  # fmt: skip
    assert config.value("SELECT state FROM source_health WHERE source = 'shop'") == "partial"
    assert config.value("SELECT count(*) FROM alerts") == 0
    assert config.value("SELECT first_collected_at FROM sources WHERE name = 'shop'") is None


def test_a_slow_tick_is_not_joined_by_a_second_one(config: Config, site: Site) -> None:
    config.write({"shop": held_site(site)})
    hasty = (
        "import monitor.schedule, monitor.cli;"
        "monitor.schedule.TICK_SECONDS = 0.05;"
        "monitor.cli.main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", hasty, "--config", str(config.path), "run"],
        cwd=config.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert site.asked.wait(40)
        assert config.run("status").returncode == 0  # takes the time of many ticks
        assert site.requests.count("/1") == 1
        site.free("/2")
        lines_until(process, "4 new")
        assert config.run("status").returncode == 0
        assert site.requests.count("/1") == 1  # not due again
        said = stop(process)
        assert "error" not in said
    finally:
        process.kill()
