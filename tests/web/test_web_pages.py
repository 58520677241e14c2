from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from web_reading import page, words
from web_shelf import NOW, ORIGIN, Shelf

from monitor.config import Settings
from monitor.store import open_store
from monitor.web import create_app

PAGES = [
    "/",
    "/trends",
    "/trends?brand=Norwick&weeks=26&end=2026-11-01",
    "/mentions",
    "/mentions?q=dod%C3%A1vka&brand=Zelvano&week=2026-11-18&label=negative&scale=1-5",
    "/mentions/1",
    "/alerts",
    "/alerts?state=all&brand=Zelvano",
    "/alerts/1",
    "/sources",
    "/sources/forum",
    "/surveys",
    "/surveys/responses?survey=after-delivery&wave=2026+autumn",
    "/digests",
    "/digests/1",
]


@pytest.mark.parametrize("url", PAGES)
def test_page_is_usable_with_keyboard_and_screen_reader(client: TestClient, url: str) -> None:
    html = page(client, url)
    assert html.xpath("/html/@lang").get() == "en"
    assert len(html.xpath("//main")) == len(html.xpath("//h1")) == 1
    assert html.xpath("//a[@class='skip']/@href").get() == "#" + html.xpath("//main/@id").get("")
    assert html.xpath("//header//nav[@aria-label]//a[@aria-current]")
    for table in html.xpath("//table"):
        assert words(table.xpath("./caption")[0])
        assert not table.xpath("./thead//th[not(@scope='col')] | ./tbody//th[not(@scope='row')]")
    for field in html.xpath("//input[not(@type='hidden')] | //select"):
        assert html.xpath("//label[@for=$id]", id=field.attrib["id"]), field.get()
    assert not html.xpath("//img[not(@alt)]")
    ids = html.xpath("//@id").getall()
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("url", PAGES)
def test_page_needs_no_script_and_no_inline_style(client: TestClient, url: str) -> None:
    html = page(client, url)
    assert not html.xpath("//script | //style | //*[@style] | //@*[starts-with(name(), 'on')]")


@pytest.mark.parametrize("url", PAGES)
def test_every_link_of_a_page_leads_somewhere(client: TestClient, url: str) -> None:
    for href in set(page(client, url).xpath("//a/@href | //img/@src | //iframe/@src").getall()):
        if href.startswith("/"):
            assert client.get(href.split("#")[0]).status_code == 200, href


def test_overview_tells_the_last_full_week_of_each_brand(client: TestClient) -> None:
    zelvano, norwick = page(client, "/").xpath("//section[@class='brand']")
    assert "16 – 22 Nov 2026" in words(zelvano)
    assert "partial" in words(zelvano), "the forum was blocked in that week"
    values = [words(value) for value in zelvano.xpath(".//dd[@class='value']")]
    assert values == ["9", "−62", "2.4 of 5", "2", "2 / 3"]
    # Norwick's weeks begin on Saturday.
    assert "14 – 20 Nov 2026" in words(norwick)
    assert "partial" not in words(norwick)


def test_quiet_week_with_a_blind_source_is_partial_not_zero(
    client: TestClient, shelf: Shelf
) -> None:
    shelf.run("rival", "unreachable", days_ago=32)
    html = page(client, "/trends?brand=Norwick&end=2026-10-24")
    first = html.xpath("//tbody/tr[1]")[0]
    assert "24 – 30 Oct 2026" in words(first)
    assert "partial" in words(first)


def test_chart_is_drawn_once_for_each_state_of_the_data(client: TestClient, shelf: Shelf) -> None:
    url = page(client, "/trends").xpath("//figure//img/@src").get("")
    first = client.get(url)
    assert first.headers["content-type"] == "image/svg+xml"
    assert first.text.startswith("<svg")
    again = client.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    shelf.put("forum", "new", "One more, and it is bad.", "negative")
    after = client.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert after.status_code == 200
    assert after.text != first.text
    dark = page(client, "/trends").xpath("//figure//source/@srcset").get("")
    assert client.get(dark).text != after.text


@pytest.mark.parametrize(
    "url",
    [
        "/nothing",
        "/mentions/999",
        "/mentions/99999999999999999999",
        "/alerts/999",
        "/digests/999",
        "/digests/999/body",
        "/sources/nobody",
        "/surveys/responses?survey=after-delivery&wave=never",
        "/static/nothing.css",
    ],
)
def test_unknown_address_is_a_page_that_says_so(client: TestClient, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 404
    assert "There is nothing at this address" in response.text


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("/mentions?brand=Acme", "“brand” cannot be “Acme”. Known: Norwick, Zelvano."),
        ("/mentions?label=angry", "“label” cannot be “angry”"),
        ("/mentions?source=none", "“source” cannot be “none”"),
        ("/mentions?language=../etc", "“language” cannot be"),
        ("/mentions?week=2026-13-01", "there is no such day here"),
        ("/mentions?week=0001-01-01", "there is no such day here"),
        ("/mentions?week=tomorrow", "Write it like 2026-11-16"),
        ("/mentions?scale=1", "Write it like 1-5"),
        ("/mentions?after=x", "“after” cannot be “x”"),
        ("/mentions?q=" + "x" * 301, "longer than 300 characters"),
        ("/mentions?format=xlsx", "“format” cannot be “xlsx”"),
        ("/trends?weeks=1000", "“weeks” cannot be “1000”. Known: 12, 26, 52."),
        ("/alerts?state=lost", "“state” cannot be “lost”"),
        ("/sources?state=lost", "“state” cannot be “lost”"),
        ("/sources?format=csv&table=secrets", "“table” cannot be “secrets”. Known: sources."),
        ("/surveys/responses?survey=after-delivery", "Name a survey and a wave"),
        ("/charts/weekly.svg?theme=pink", "“theme” cannot be “pink”"),
    ],
)
def test_bad_parameter_gets_a_sentence(client: TestClient, url: str, sentence: str) -> None:
    response = client.get(url)
    assert response.status_code == 400
    assert sentence in response.text
    assert "<h1>Error 400</h1>" in response.text


def test_without_a_store_the_page_says_what_to_run(settings: Settings) -> None:
    client = TestClient(create_app(settings), base_url=ORIGIN)
    response = client.get("/")
    assert response.status_code == 503
    assert "monitor run-once" in response.text


def test_empty_store_has_pages_too(settings: Settings) -> None:
    open_store(settings.resolve(settings.store)).close()
    client = TestClient(create_app(settings, clock=lambda: NOW), base_url=ORIGIN)
    for url in ("/", "/mentions", "/alerts", "/sources", "/surveys", "/digests"):
        assert words(page(client, url).xpath("//p[@class='empty']")[0])


def test_no_page_shows_words_with_a_hole(client: TestClient) -> None:
    for url in PAGES:
        # A key shown instead of its words, or a {name} left in them.
        assert not re.search(r"\{\w+\}", words(page(client, url)))
