"""The pages of sources: how each does, its silence against its rhythm, what is left out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient
from web_reading import as_csv, page, rows, words
from web_shelf import NOW, Shelf

from monitor.records import CrawlRun, Reject
from monitor.store import sources

DAY = timedelta(days=1)
LAST = {"shop-cs": 1, "shop-fa": 9, "rival": 5}
"""Days since each last gave something; until then it did so every day."""


@pytest.fixture(autouse=True)
def rhythms(shelf: Shelf) -> None:
    """Three sources that gave something every day for forty days, two of which stopped."""
    shelf.store.conn.execute("DELETE FROM crawl_runs WHERE state <> 'blocked'")
    shelf.store.conn.execute("UPDATE sources SET first_collected_at = NULL")
    for source, stopped in LAST.items():
        for days_ago in range(40, -1, -1):
            at = NOW - days_ago * DAY
            gives = days_ago >= stopped
            if gives:
                shelf.put(source, f"day {days_ago}", "Fine.", "positive", day=at.date())
            stored = sources.find(shelf.store, source)
            assert stored is not None
            state = "unreachable" if source == "rival" and days_ago < 5 else "ok"
            counts = (int(gives), int(gives), 0, 0, 1, None)
            run = CrawlRun(source, state, at, at, *counts)
            sources.record_run(shelf.store, stored, run, None)
    rejects = [
        Reject("shop-cs", "not about Zelvano: no term", f"https://a.example/{n}", is_left_out=True)
        for n in range(3)
    ]
    rejects.append(Reject("shop-cs", "no date", "https://a.example/9"))
    sources.keep_rejects(shelf.store, rejects, NOW)


def test_each_source_shows_its_silence_against_its_own_rhythm(client: TestClient) -> None:
    listed = page(client, "/sources").xpath("//tbody/tr")
    silence = {
        words(row.xpath("./th")[0]): words(row.xpath("./td[contains(@class, 'kind-silence')]")[0])
        for row in listed
    }
    assert silence["shop-cs"] == "as usual usually every day"
    assert silence["shop-fa"] == "gone quiet 8 silent days, usually every day"
    assert silence["rival"] == "not known while blind usually every day"
    assert silence["forum"] == "–"
    (alt,) = listed.xpath("self::*[th//text()='rival']//*[name()='svg']/@aria-label").getall()
    assert alt == "56 days: something came on 36 of them, the source was blind on 5."


def test_the_tiles_count_and_lead_to_the_sources_they_count(client: TestClient) -> None:
    html = page(client, "/sources")
    tiles = [words(tile) for tile in html.xpath("//*[@class='tile']")]
    assert tiles[0] == "Answering 2 / 4 2 are blind"
    assert tiles[1].startswith("Gone quiet 1")
    assert tiles[2].startswith("Left out 3")
    (quiet,) = html.xpath("//*[@class='tile'][2]//*[@class='value']/a/@href").getall()
    assert [words(one) for one in page(client, quiet).xpath("//tbody/tr/th")] == ["shop-fa"]


def test_the_download_has_the_silence_in_columns(client: TestClient) -> None:
    found = {row["source"]: row for row in rows(client, as_csv("/sources"))}
    keys = ("silence", "silent_days", "usual_days", "longest_days", "left_out", "rejects")
    assert [found["shop-fa"][key] for key in keys] == ["quiet", "8", "1.0", "0", "0", "0"]
    assert [found["shop-cs"][key] for key in keys] == ["usual", "0", "1.0", "0", "3", "1"]


def test_what_was_left_out_stands_apart_from_what_could_not_be_used(client: TestClient) -> None:
    html = page(client, "/sources/shop-cs")
    (cause,) = html.xpath("//*[@id='causes']//tbody/tr")
    assert words(cause).startswith("not about Zelvano: no term 3")
    assert len(html.xpath("//*[@id='left-out']//tbody/tr")) == 3
    assert len(html.xpath("//*[@id='rejects']//tbody/tr")) == 1
    assert "Nothing was left out." in words(page(client, "/sources/rival").xpath("//main")[0])


def test_a_row_can_be_read_as_a_card_with_each_value_beside_its_heading(
    client: TestClient,
) -> None:
    (table,) = page(client, "/sources").xpath("//table[@class='stacks']")
    headings = [words(one) for one in table.xpath("./thead//th")]
    for row in table.xpath("./tbody/tr"):
        assert row.xpath("./*/@data-label").getall() == headings


@pytest.mark.parametrize("url", ["/sources?silence=loud", "/sources?state=fine"])
def test_a_filter_that_does_not_exist_is_said(client: TestClient, url: str) -> None:
    assert client.get(url).status_code == 400
