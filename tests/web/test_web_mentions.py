from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from web_reading import as_csv, page, rows, words
from web_shelf import HOSTILE, Shelf


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("dodávky", {"cs1"}),
        ("spokojený", {"cs2"}),
        ("کتاب", {"fa1"}),
        ("доставка", {"ru1"}),
        ("доставка -недели", set()),
        ('"nobody has read"', {"en2"}),
        ("ware*", {"story"}),
        ("qqqqq", set()),
        ("!!!", set()),
        ('" OR 1=1 NEAR( *', set()),
    ],
)
def test_search_finds_inflected_forms_in_each_language(
    client: TestClient, shelf: Shelf, query: str, found: set[str]
) -> None:
    response = client.get("/mentions", params={"q": query, "format": "csv"})
    assert response.status_code == 200
    got = {row["mention_id"] for row in rows(client, str(response.url))}
    assert got == {str(shelf.ids[one]) for one in found}


def test_filters_narrow_together(client: TestClient, shelf: Shelf) -> None:
    url = "/mentions?brand=Zelvano&source=shop-fa&language=fa&label=negative&week=2026-11-16"
    assert [row["mention_id"] for row in rows(client, as_csv(url))] == [str(shelf.ids["fa1"])]
    html = page(client, url)
    assert html.xpath("//select/option[@selected and @value!='']/@value").getall() == [
        "Zelvano", "shop-fa", "fa", "negative",
    ]  # fmt: skip


def test_unscored_mentions_can_be_found(client: TestClient, shelf: Shelf) -> None:
    got = rows(client, as_csv("/mentions?label=unscored"))
    assert [row["mention_id"] for row in got] == [str(shelf.ids["en2"])]


def test_paging_visits_every_mention_once_newest_first(client: TestClient) -> None:
    seen: list[int] = []
    url: str | None = "/mentions"
    while url:
        html = page(client, url)
        hrefs = html.xpath("//li//a[starts-with(@href, '/mentions/')]/@href").getall()
        assert len(hrefs) <= 25
        seen += [int(href.rsplit("/", 1)[1]) for href in hrefs]
        url = html.xpath("//a[@rel='next']/@href").get()
    expected = [int(row["mention_id"]) for row in rows(client, as_csv("/mentions"))]
    assert seen == expected
    assert len(seen) == len(set(seen)) == 40


def test_page_of_a_mention_that_arrives_meanwhile_does_not_shift(
    client: TestClient, shelf: Shelf
) -> None:
    second = page(client, "/mentions").xpath("//a[@rel='next']/@href").get("")
    before = page(client, second).xpath("//li//a/@href").getall()
    shelf.put("forum", "late", "Just in.", "neutral", day="2026-11-24")
    assert page(client, second).xpath("//li//a/@href").getall() == before


def test_mention_shows_every_version_its_scores_and_the_reply(
    client: TestClient, shelf: Shelf
) -> None:
    html = page(client, f"/mentions/{shelf.ids['cs2']}")
    assert "pak už ne" in words(html.xpath("//article")[0])
    assert "velmi spokojená" in words(html.xpath("//details")[0])
    versions = [words(row) for row in html.xpath("//section[@id='versions']//tbody/tr")]
    assert len(versions) == 2
    assert "negative" in versions[0]
    assert "80%" in versions[0]
    assert "positive" in versions[1]
    assert "5 of 5" in versions[1]

    persian = page(client, f"/mentions/{shelf.ids['fa1']}")
    reply = persian.xpath("//section[contains(@class, 'reply')]/p[@dir='auto' and @lang='fa']")
    assert words(reply[0]) == "سلام، پیگیری می‌کنیم."


def test_near_duplicates_lead_to_each_other(client: TestClient, shelf: Shelf) -> None:
    story, reprint = (f"/mentions/{shelf.ids[one]}" for one in ("story", "reprint"))
    assert reprint in page(client, story).xpath("//section[@id='duplicates']//a/@href").getall()
    assert story in page(client, reprint).xpath("//section[@id='duplicates']//a/@href").getall()


def test_persian_stands_in_its_own_direction_and_language(client: TestClient, shelf: Shelf) -> None:
    text = page(client, "/mentions?language=fa").xpath("//p[contains(text(), 'کتاب')]")
    assert text.attrib["dir"] == "auto"
    assert text.attrib["lang"] == "fa"
    author = page(client, f"/mentions/{shelf.ids['fa1']}").xpath("//bdi[text()='مریم']")
    assert author.attrib["dir"] == "auto"


def test_hostile_text_is_shown_as_text(client: TestClient, shelf: Shelf) -> None:
    for url in ("/", "/mentions?source=forum", f"/mentions/{shelf.ids['en1']}"):
        html = page(client, url)
        assert "<script>" in words(html), "the text itself is not hidden"
        assert not html.xpath("//script | //img[@onerror]")
    reflected = client.get("/mentions", params={"q": HOSTILE})
    assert "<script>" not in reflected.text
    assert "<script>" not in client.get("/mentions", params={"brand": HOSTILE}).text


def test_collected_javascript_address_is_no_link(client: TestClient, shelf: Shelf) -> None:
    html = page(client, f"/mentions/{shelf.ids['en1']}")
    assert "javascript:alert(document.cookie)" in words(html)
    assert not html.xpath("//a[starts-with(@href, 'javascript')]")
    original = page(client, f"/mentions/{shelf.ids['cs1']}").xpath("//a[@rel]")
    assert original.attrib["href"] == "https://shop-cs.example/cs1"
    assert original.attrib["rel"] == "noreferrer noopener nofollow"
    alert = page(client, "/alerts/1")
    assert "javascript:alert(1)" in words(alert)
    assert not alert.xpath("//a[starts-with(@href, 'javascript')]")


def test_download_cannot_become_a_formula(client: TestClient, shelf: Shelf) -> None:
    for number, text in enumerate(["=1+1", "+1", "-1 star", "@SUM(A1)", "\tx", "5 = 5"]):
        shelf.put("forum", f"f{number}", "words", "neutral", author=text)
    authors = {row["author"] for row in rows(client, as_csv("/mentions?source=forum"))}
    assert {"'=1+1", "'+1", "'-1 star", "'@SUM(A1)", "'\tx", "5 = 5"} <= authors
    answers = rows(client, as_csv("/surveys/responses?survey=after-delivery&wave=2026+autumn"))
    assert "'=HYPERLINK(1)" in {row["comment"] for row in answers}
    # Numbers stay numbers.
    weeks = rows(client, as_csv("/trends"))
    assert float(weeks[0]["net_sentiment"]) < 0


def test_download_opens_with_its_letters(client: TestClient) -> None:
    response = client.get("/mentions?language=fa&format=csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in response.headers["content-disposition"]
