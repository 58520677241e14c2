"""Kinds that read any site by options, shops and blogs, and other people's spiders.

One crawl process reads all the sources, each from its own local server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import generic_sites as sites
import pytest
from crawl_process import AGENT, Crawled, crawl, source
from faulty_sites import Site, serving
from generic_sites import COUNT

from spiders.parse.mapped import as_count
from spiders.parse.paging import next_in_link_header
from spiders.parse.shop_addresses import digikala_product, shop_and_slug

MODULE = "tests.spiders.foreign_spiders"
ALL = list(range(1, COUNT + 1))
FIELDS = {"id": "id", "text": "text", "rating": "stars"}
IN_PAGE = {"item": ".r", "fields": {"id": "::attr(id)", "text": "p"}}

SOURCES: dict[str, tuple[str, type[Site], str, dict[str, Any]]] = {
    # name: (kind, site, path, options)
    "api-page": (
        "json_api",
        sites.Api,
        "/page",
        {"items": "data.reviews", "fields": FIELDS, "page_parameter": "page"},
    ),
    "api-from-zero": (
        "json_api",
        sites.Api,
        "/from_zero?p=0",
        {"items": "reviews", "fields": FIELDS, "page_parameter": "p", "more": "more"},
    ),
    "api-offset": (
        "json_api",
        sites.Api,
        "/offset?lang=fa",
        {"items": "reviews", "fields": FIELDS, "offset_parameter": "skip"},
    ),
    "api-cursor": (
        "json_api",
        sites.Api,
        "/cursor",
        {
            "items": "reviews",
            "fields": FIELDS,
            "cursor": "meta.cursor",
            "cursor_parameter": "after",
        },
    ),
    "api-next": (
        "json_api",
        sites.Api,
        "/next",
        {"items": "reviews", "fields": FIELDS, "next": "links.next"},
    ),
    "api-link": ("json_api", sites.Api, "/link", {"fields": FIELDS, "link_header": True}),
    "api-away": (
        "json_api",
        sites.Api,
        "/away",
        {"items": "reviews", "fields": FIELDS, "next": "links.next"},
    ),
    "api-same": (
        "json_api",
        sites.Api,
        "/same",
        {"items": "data.reviews", "fields": FIELDS, "page_parameter": "page"},
    ),
    "api-limited": (
        "json_api",
        sites.Api,
        "/page",
        {"items": "data.reviews", "fields": FIELDS, "page_parameter": "page", "max_pages": 2},
    ),
    "api-refusing": ("json_api", sites.Api, "/refusing", {"fields": FIELDS}),
    "api-wall": ("json_api", sites.Api, "/wall", {"fields": FIELDS}),
    "api-bad-expression": ("json_api", sites.Api, "/page", {"fields": {"text": "a["}}),
    "html-numbered": (
        "html",
        sites.NumberedPages,
        "/",
        {**IN_PAGE, "page_parameter": "strana"},
    ),
    "html-linked": ("html", sites.NumberedPages, "/linked", {**IN_PAGE, "next": "a.next"}),
    "html-changed": ("html", sites.NumberedPages, "/", {**IN_PAGE, "item": ".review"}),
    "html-bad-field": ("html", sites.NumberedPages, "/", {"item": ".r", "fields": {"txt": "p"}}),
    "wordpress": ("wordpress", sites.WordPress, "/blog/", {}),
    "wordpress-countless": ("wordpress", sites.CountlessWordPress, "/blog", {}),
    "wordpress-closed": ("wordpress", sites.ClosedWordPress, "/blog", {}),
    "wordpress-forbidden": ("wordpress", sites.ForbiddenWordPress, "/blog", {}),
    "wordpress-feed": ("wordpress", sites.WordPress, "/blog/comments/feed/", {}),
    "shop": ("woocommerce", sites.Shop, "/eshop/", {}),
    "shop-product": ("woocommerce", sites.Shop, "/eshop/product/kettle/", {}),
    "shop-number": ("woocommerce", sites.Shop, "/eshop", {"product": 12}),
    "shop-unknown": ("woocommerce", sites.Shop, "/eshop/produkt/toaster/", {}),
    "digikala": ("digikala", sites.Digikala, "/product/dkp-1234567/کتری/", {}),
    "digikala-no-number": ("digikala", sites.Digikala, "/search?q=1", {}),
    "articles-linked": ("article", sites.Newspaper, "/", {"match": "/a/"}),
    "articles-by-selector": ("article", sites.Newspaper, "/", {"links": "nav a:first-child"}),
    "articles-fed": ("article", sites.Newspaper, "/feed", {}),
    "articles-mapped": ("article", sites.Newspaper, "/sitemap.xml", {"match": "/a/[12]$"}),
    "article-one": ("article", sites.Newspaper, "/a/1", {}),
    "articles-none": ("article", sites.Newspaper, "/", {"match": "/nothing/"}),
    "foreign-shapes": ("scrapy", sites.NumberedPages, "/", {"spider": f"{MODULE}:AllShapes"}),
    "foreign-endless": (
        "scrapy",
        sites.NumberedPages,
        "/",
        {"spider": f"{MODULE}:Wandering", "arguments": {"prefix": "Strana"}, "max_pages": 3},
    ),
    "foreign-rude": ("scrapy", sites.NumberedPages, "/", {"spider": f"{MODULE}:Rude"}),
    "foreign-failing": ("scrapy", sites.NumberedPages, "/", {"spider": f"{MODULE}:Failing"}),
    "foreign-missing": ("scrapy", sites.Api, "/", {"spider": f"{MODULE}:Nobody"}),
    "foreign-no-spider": ("scrapy", sites.Api, "/", {"spider": f"{MODULE}:NOT_A_SPIDER"}),
    "foreign-no-module": ("scrapy", sites.Api, "/", {"spider": "no_such_package.spiders:A"}),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, dict[str, Any]]]:
    """What one crawl of all sources left, and the site of each."""
    folder: Path = tmp_path_factory.mktemp("generic")
    with ExitStack() as stack:
        servers = {name: stack.enter_context(serving(row[1])) for name, row in SOURCES.items()}
        jobs = [
            source(folder, name, kind, servers[name][0] + path, options=options)
            for name, (kind, _, path, options) in SOURCES.items()
        ]
        crawled = crawl(folder, jobs)
        assert crawled.exit_code == 0, crawled.stderr
        yield crawled, {name: site for name, (_, site) in servers.items()}


@pytest.fixture(scope="module")
def crawled(world: tuple[Crawled, dict[str, Any]]) -> Crawled:
    return world[0]


@pytest.fixture(scope="module")
def asked(world: tuple[Crawled, dict[str, Any]]) -> dict[str, list[str]]:
    return {name: site.asked for name, site in world[1].items()}


def ids(crawled: Crawled, name: str) -> list[int]:
    return sorted(int(item["native_id"].lstrip("r")) for item in crawled.items(name))


def causes(crawled: Crawled, name: str) -> list[str]:
    return [reject["cause"] for reject in crawled.rejects(name)]


@pytest.mark.parametrize(
    "name",
    [
        "api-page",
        "api-from-zero",
        "api-offset",
        "api-cursor",
        "api-next",
        "api-link",
        "html-numbered",
        "html-linked",
    ],
)
def test_every_way_of_paging_reaches_the_last_review(crawled: Crawled, name: str) -> None:
    assert ids(crawled, name) == ALL
    stats = crawled.stats(name)
    assert (stats["first_error"], stats["limit"], stats["blocked"]) == (None, None, None)


def test_paging_keeps_the_rest_of_the_address(asked: dict[str, list[str]]) -> None:
    assert asked["api-offset"][:2] == ["/offset?lang=fa", "/offset?lang=fa&skip=3"]


def test_an_api_that_says_there_is_no_more_is_not_asked_again(asked: dict[str, list[str]]) -> None:
    assert asked["api-from-zero"] == ["/from_zero?p=0", "/from_zero?p=1", "/from_zero?p=2"]


def test_a_cursor_that_repeats_ends_the_crawl(asked: dict[str, list[str]]) -> None:
    after = ["/cursor", "/cursor?after=3%2B%3D%26", "/cursor?after=6%2B%3D%26"]
    assert asked["api-cursor"] == after


def test_an_api_that_gives_every_page_the_same_items_is_left(asked: dict[str, list[str]]) -> None:
    assert len(asked["api-same"]) == 2


def test_a_next_address_on_another_server_is_not_followed(crawled: Crawled) -> None:
    assert ids(crawled, "api-away") == [1, 2, 3]
    assert crawled.stats("api-away")["requests"] == 1


def test_a_source_stops_at_its_pages_and_says_so(crawled: Crawled) -> None:
    assert ids(crawled, "api-limited") == [1, 2, 3, 4, 5, 6]
    assert crawled.stats("api-limited")["limit"] == "pages"


def test_refusals_are_states_and_no_empty_sources(crawled: Crawled) -> None:
    assert crawled.stats("api-refusing")["blocked"] == "http 429, asked to wait 7200 s"
    assert crawled.stats("api-wall")["blocked"] == "captcha or consent page"
    assert causes(crawled, "api-wall") == ["not JSON but a page"]


def test_a_page_without_the_named_items_gives_nothing_and_no_fault(crawled: Crawled) -> None:
    # Whether that is an empty shop or a changed layout, the source's own past tells.
    assert crawled.lines("html-changed") == []
    assert crawled.stats("html-changed")["first_error"] is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("api-bad-expression", "option fields.text: 'a[' is no JMESPath"),
        ("html-bad-field", "option fields.txt: no such field: txt; there are id, reply"),
        ("digikala-no-number", "no product number in"),
        ("foreign-missing", f"{MODULE} has no spider of the name Nobody"),
        ("foreign-no-spider", "has no spider of the name NOT_A_SPIDER"),
        ("foreign-no-module", "no_such_package.spiders cannot be imported"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(crawled: Crawled, name: str, words: str) -> None:
    assert words in crawled.stats(name)["first_error"]
    assert crawled.stats(name)["requests"] == 0


@pytest.mark.parametrize("name", ["wordpress", "wordpress-countless"])
def test_all_comments_of_a_blog_in_a_folder_are_read(crawled: Crawled, name: str) -> None:
    assert ids(crawled, name) == list(range(1, 102))
    assert crawled.stats(name)["requests"] == 2


def test_a_closed_api_is_replaced_by_the_feed_under_the_same_ids(crawled: Crawled) -> None:
    assert ids(crawled, "wordpress-closed") == [101]
    assert ids(crawled, "wordpress-feed") == [101]
    assert crawled.stats("wordpress-closed")["first_error"] is None


def test_a_forbidden_api_is_a_refusal_that_is_not_worked_around(
    crawled: Crawled, asked: dict[str, list[str]]
) -> None:
    assert crawled.stats("wordpress-forbidden")["blocked"] == "http 403"
    assert len(asked["wordpress-forbidden"]) == 1


@pytest.mark.parametrize(("name", "product"), [("shop", 0), ("shop-product", 4711)])
def test_reviews_of_a_shop_or_of_one_product(crawled: Crawled, name: str, product: int) -> None:
    assert ids(crawled, name) == ALL
    assert {item["text"] for item in crawled.items(name)} == {f"<p>Of product {product}</p>"}
    assert {item["rating"] for item in crawled.items(name)} == {None}


def test_a_product_can_be_named_by_its_number(asked: dict[str, list[str]]) -> None:
    assert all("product_id=12" in path for path in asked["shop-number"])


def test_a_product_that_the_shop_does_not_have_is_a_reject(crawled: Crawled) -> None:
    assert causes(crawled, "shop-unknown") == [
        "the shop has no product 'toaster': its number can stand in option product"
    ]


def test_a_page_of_empty_reviews_does_not_end_the_paging(crawled: Crawled) -> None:
    assert ids(crawled, "digikala") == [10, 11, 12, 30, 31, 32]
    assert len(crawled.rejects("digikala")) == 3
    first = crawled.items("digikala")[0]
    assert first["url"].endswith("/product/dkp-1234567/کتری/")


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("articles-linked", ["Article 1", "Article 2"]),
        ("articles-by-selector", ["Article 1"]),
        ("articles-fed", ["Article 1", "Article 2"]),
        ("articles-mapped", ["Article 1", "Article 2"]),
        ("article-one", ["Article 1"]),
    ],
)
def test_articles_are_found_wherever_they_are_listed(
    crawled: Crawled, name: str, titles: list[str]
) -> None:
    assert sorted(item["title"] for item in crawled.items(name)) == titles
    assert crawled.stats(name)["first_error"] is None


def test_a_front_page_without_the_wanted_links_is_a_reject(crawled: Crawled) -> None:
    assert causes(crawled, "articles-none") == [
        "no link to an article found: see options links and match"
    ]


def test_items_of_a_foreign_spider_become_records_of_the_source(crawled: Crawled) -> None:
    items = crawled.items("foreign-shapes")
    assert [item["text"] for item in items] == ["a dict", "a Scrapy item", "a record"]
    assert {item["source"] for item in items} == {"foreign-shapes"}
    assert [item["rating"] for item in items] == ["4", "3", None]
    assert items[0]["reach"] == {"likes": 3}
    assert (items[2]["native_id"], items[2]["kind"]) == ("r9", "comment")
    assert items[2]["fetched_at"] != "long ago"


def test_what_is_no_item_of_a_foreign_spider_is_a_reject(crawled: Crawled) -> None:
    found = causes(crawled, "foreign-shapes")
    assert [cause.split(";")[0] for cause in found] == [
        "no such field: stars",
        "item has neither text, title nor rating",
        "text is an object: say what of it is meant",
        "its own reject",
        "the spider yielded a str, which is no item",
    ]


def test_a_foreign_spider_is_held_to_the_pages_of_its_source(crawled: Crawled) -> None:
    texts = sorted(item["text"] for item in crawled.items("foreign-endless"))
    assert texts == ["Strana 1", "Strana 2", "Strana 3"]
    assert crawled.stats("foreign-endless")["limit"] == "pages"


def test_a_foreign_spider_cannot_leave_our_manners(
    world: tuple[Crawled, dict[str, Any]], asked: dict[str, list[str]]
) -> None:
    crawled, served = world
    assert asked["foreign-rude"] == ["/", "/public"]
    assert served["foreign-rude"].agents == {AGENT}
    stats = crawled.stats("foreign-rude")
    assert stats["blocked"] == "robots.txt forbids this address"
    assert stats["errors"].get("RefusedAddress") == 2


def test_a_foreign_spider_that_breaks_keeps_what_it_had(crawled: Crawled) -> None:
    assert [item["text"] for item in crawled.items("foreign-failing")] == ["before it broke"]
    assert "KeyError" in crawled.stats("foreign-failing")["errors"]


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ('<https://a.example/?page=2>; rel="next"', "https://a.example/?page=2"),
        ('</b?x=1,2>; title="a, b"; rel="prev", </c>; rel=next', "https://a.example/c"),
        ('</c>; rel="last next"', "https://a.example/c"),
        ('</c>; rel="nextish"', None),
        ("<javascript:alert(1)>; rel=next", None),
        ("", None),
        ("<" * 20_000, None),
    ],
)
def test_link_headers_are_read_as_they_are_written(header: str, address: str | None) -> None:
    assert next_in_link_header(header, "https://a.example/x") == address


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("12", 12),
        ("1 204", 1204),
        ("1,204", 1204),
        ("12.4K", 12400),
        ("1,5 тыс", None),
        ("3М", 3_000_000),
        ("۱٬۲۳۴", 1234),
        ("-3", None),
        ("many", None),
        ("9" * 40, None),
    ],
)
def test_counts_are_read_as_people_write_them(written: str, count: int | None) -> None:
    assert as_count(written) == count


@pytest.mark.parametrize(
    ("url", "product"),
    [
        ("https://www.digikala.com/product/dkp-1234567/%DA%A9%D8%AA%D8%B1%DB%8C/", "1234567"),
        ("https://www.digikala.com/product/dkp-1234567", "1234567"),
        ("https://api.digikala.com/v1/rate-review/products/55/?page=3", "55"),
        ("https://www.digikala.com/search/?q=dkp-12", None),
    ],
)
def test_a_digikala_product_is_known_by_its_page(url: str, product: str | None) -> None:
    assert digikala_product(url) == product


@pytest.mark.parametrize(
    ("url", "shop", "slug"),
    [
        ("https://s.example/", "https://s.example", None),
        ("https://s.example/eshop/product/kettle/?v=1", "https://s.example/eshop", "kettle"),
        ("https://s.example/produkt/konvice", "https://s.example", "konvice"),
        ("https://s.example/wp-json/wc/store/v1/products", "https://s.example", None),
    ],
)
def test_a_shop_is_found_from_any_of_its_addresses(url: str, shop: str, slug: str | None) -> None:
    assert shop_and_slug(url) == (shop, slug)
