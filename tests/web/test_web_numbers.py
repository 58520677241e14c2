"""Every number opens the rows that it counts, and exactly those."""

from __future__ import annotations

import re

import pytest
from parsel import Selector
from starlette.testclient import TestClient
from web_reading import as_csv, page, rows, words
from web_shelf import WEEK, Shelf


def _links_of_counts(html: Selector) -> list[tuple[int, str]]:
    """(number, link) of each link whose text is a whole number, or begins with one and a word."""
    found = []
    for anchor in html.xpath("//main//a[starts-with(@href, '/mentions?')]"):
        match = re.match(r"(\d+)(?= [a-z]|$)", words(anchor))
        if match:
            found.append((int(match[1]), anchor.attrib["href"]))
    return found


@pytest.mark.parametrize("url", ["/", "/trends", "/trends?brand=Norwick", "/sources"])
def test_number_links_to_exactly_that_many_mentions(client: TestClient, url: str) -> None:
    links = _links_of_counts(page(client, url))
    if url == "/":
        assert len(links) >= 10
    for number, href in links:
        assert len(rows(client, as_csv(href))) == number, href


def test_all_columns_of_a_week_are_linked(client: TestClient) -> None:
    week = next(
        row for row in page(client, "/trends").xpath("//tbody/tr") if "16 – 22" in words(row)
    )
    anchors = week.xpath(".//td[contains(@class, 'kind-count')]/a")
    assert [int(words(a)) for a in anchors[:5]] == [9, 8, 6, 1, 1]
    assert anchors[2].attrib["href"] == f"/mentions?brand=Zelvano&week={WEEK}&label=negative"


def test_near_duplicate_is_counted_once_and_found_when_asked_for(
    client: TestClient, shelf: Shelf
) -> None:
    url = f"/mentions?q=warehouse&week={WEEK}"
    assert [row["mention_id"] for row in rows(client, as_csv(url))] == [str(shelf.ids["story"])]
    both = {row["mention_id"] for row in rows(client, as_csv(url + "&duplicates=1"))}
    assert both == {str(shelf.ids["story"]), str(shelf.ids["reprint"])}


def test_deleted_mention_is_not_counted_and_its_page_says_so(
    client: TestClient, shelf: Shelf
) -> None:
    with shelf.store.write() as conn:
        conn.execute(
            "UPDATE mentions SET deleted_at = '2026-11-24T00:00:00Z' WHERE id = ?",
            (shelf.ids["cs1"],),
        )
    assert words(page(client, "/").xpath("//dd[@class='value']")[0]) == "8"
    assert len(rows(client, as_csv(f"/mentions?brand=Zelvano&week={WEEK}"))) == 8
    assert "Gone at its source" in words(page(client, f"/mentions/{shelf.ids['cs1']}"))


def test_open_alerts_lead_to_as_many_in_the_inbox(client: TestClient) -> None:
    link = page(client, "/").xpath("//a[starts-with(@href, '/alerts?')]")[0]
    inbox = page(client, link.attrib["href"])
    assert len(inbox.xpath("//ol[@class='alerts']/li")) == int(words(link)) == 2
    wave = inbox.xpath("//a[text()='3 mentions']/@href").get("").split("#")[0]
    assert len(rows(client, as_csv(wave) + "&table=mentions")) == 3


def test_survey_numbers_lead_to_their_answers(client: TestClient) -> None:
    table = page(client, "/surveys").xpath("//tbody/tr")
    assert len(table) == 1
    counted = table[0].xpath(".//td[contains(@class, 'kind-count')]/a")
    assert [int(words(a)) for a in counted] == [6, 3, 1, 2, 2]
    for anchor in counted:
        assert len(rows(client, as_csv(anchor.attrib["href"]))) == int(words(anchor))
    assert "+17" in words(table[0])


def test_week_of_a_brand_is_counted_from_its_own_first_day(client: TestClient) -> None:
    # A Wednesday in Norwick's week of Saturday 14 November.
    html = page(client, "/mentions?brand=Norwick&week=2026-11-18")
    assert "14 – 20 Nov 2026" in words(html)
    assert "30 mentions" in words(html)
