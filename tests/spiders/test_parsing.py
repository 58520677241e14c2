"""Sitemaps, next-page links, broken JSON and encodings: what the saved page cases do not show."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from spiders.downloads import is_public
from spiders.parse import json_ld
from spiders.parse.encoding import TooBig, guess_single_byte, unzipped
from spiders.parse.reviews import next_address, parse_page, reviews_from_html
from spiders.parse.sitemap import read_sitemap
from spiders.parse.wall import is_wall
from spiders.redact import without_keys, without_queries

URLSET = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    "<url><loc> https://a.example/old </loc><lastmod>2025-01-01</lastmod></url>"
    "<url><loc>https://a.example/new?a=1&amp;b=2</loc><lastmod>2026-01-01</lastmod></url>"
    "<url><loc>file:///etc/passwd</loc></url></urlset>"
)


@pytest.mark.parametrize("body", [URLSET.encode(), gzip.compress(URLSET.encode())])
def test_sitemap_gives_pages_newest_first(body: bytes) -> None:
    assert read_sitemap(body).pages == ("https://a.example/new?a=1&b=2", "https://a.example/old")


def test_sitemap_cut_off_gives_what_came_through() -> None:
    assert read_sitemap(URLSET[:150].encode()).pages == ("https://a.example/old",)


def test_plain_text_sitemap_with_a_byte_order_mark() -> None:
    body = "\ufeffhttps://a.example/1\r\nnot a link\r\nhttps://a.example/2\r\n".encode()
    assert read_sitemap(body).pages == ("https://a.example/1", "https://a.example/2")


@pytest.mark.parametrize("body", [b"", b"<html><p>404</p></html>", b"just words", b"<a"])
def test_what_is_no_sitemap_is_named(body: bytes) -> None:
    sitemap = read_sitemap(body)
    assert (sitemap.pages, sitemap.sitemaps) == ((), ())
    assert sitemap.fault


def test_sitemap_does_not_read_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://a.example/secret")
    body = (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        "<urlset><url><loc>&e;</loc></url></urlset>"
    )
    assert read_sitemap(body.encode()).pages == ()


@pytest.mark.parametrize(
    ("html", "selector", "address"),
    [
        ('<link rel="next" href="/r?page=2#top">', None, "https://a.example/r?page=2"),
        ('<a rel="nofollow next" href="?page=2">2</a>', None, "https://a.example/r?page=2"),
        ('<base href="/shop/"><a rel="next" href="p2">2</a>', None, "https://a.example/shop/p2"),
        ('<a class="more" href="/r/2">More</a>', "a.more", "https://a.example/r/2"),
        ('<a rel="next" href="javascript:more()">2</a>', None, None),
        ('<a rel="next" href="#reviews">2</a>', None, None),
        ('<a rel="nextgen" href="/other">x</a>', None, None),
    ],
)
def test_next_page(html: str, selector: str | None, address: str | None) -> None:
    tree = parse_page(f"<html><body>{html}</body></html>")
    assert next_address(tree, "https://a.example/r", selector) == address


def test_numbers_stay_as_written() -> None:
    assert json_ld.loads('{"ratingValue": 4.50, "bestRating": 5}') == [
        {"ratingValue": "4.50", "bestRating": "5"}
    ]


def test_json_nested_without_end_is_refused_not_fatal() -> None:
    with pytest.raises(json_ld.BrokenJson):
        json_ld.loads("[" * 100_000)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Zásilka přišla poškozená, linka neodpovídá, žádná omluva.", "cp1250"),
        ("Zásilka přišla poškozená, linka neodpovídá, žádná omluva.", "iso8859-2"),
        ("Ужасный сервис, iPhone пришёл разбитым, ждал три дня.", "cp1251"),
        ("Ужасный сервис, iPhone пришёл разбитым, ждал три дня.", "koi8-r"),
        ("خيلي بد بود و پشتيباني جواب نمي دهد", "cp1256"),
        ("Für die Größe zu teuer, äußerst unschöne Qualität", "cp1252"),
        ("È arrivato più tardi, però la qualità è buona", "cp1252"),
    ],
)
def test_undeclared_encoding_is_found_by_its_letters(text: str, encoding: str) -> None:
    assert text.encode(encoding).decode(guess_single_byte(text.encode(encoding))) == text


def test_bomb_is_refused_and_a_torn_archive_gives_its_beginning() -> None:
    with pytest.raises(TooBig):
        unzipped(gzip.compress(bytes(20_000_000)))
    words = " ".join(str(n * n) for n in range(5_000)).encode()
    part = unzipped(gzip.compress(words)[:4_000])
    assert part
    assert words.startswith(part)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0"],
)
def test_private_addresses_are_told_apart(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["224.0.0.1", "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "localhost", ""],
)
def test_what_else_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_told_apart(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("page", "wall"),
    [
        ("<title>Just a moment...</title><body></body>", True),
        ("<title>Ой!</title><body>Подтвердите, что запросы отправляли вы, а не робот</body>", True),
        ("<title>Shop</title><body>Fine<script>g-recaptcha captcha</script></body>", False),
        (f"<title>Shop</title><body>{'word ' * 400} Solve the captcha to comment</body>", False),
        ("", False),
    ],
)
def test_wall_is_told_from_a_page_with_a_captcha_in_its_form(page: str, wall: bool) -> None:
    assert is_wall(page.encode(), "https://a.example/") is wall


def test_hostile_markup_takes_no_time() -> None:
    blanks = "{" + " \n" * 50_000 + "broken"
    with pytest.raises(json_ld.BrokenJson):
        json_ld.loads(blanks)
    reviews = ",".join(f'{{"@type":"Review","@id":"#1","x{n}":1}}' for n in range(20_000))
    page = f'<script type="application/ld+json">[{reviews}]</script>'
    items, rejects = reviews_from_html(page, "https://a.example/", "s", "now")
    assert (len(items), len(rejects)) == (0, 1)


def test_keys_and_logins_are_cut_out() -> None:
    text = "GET https://me:pw@a.example/x?key=1&page=2 (https://b.example/?q=s) failed"
    assert (
        without_queries(text) == "GET https://***@a.example/x?*** (https://b.example/?***) failed"
    )
    assert without_keys(text) == (
        "GET https://***@a.example/x?key=***&page=2 (https://b.example/?q=s) failed"
    )
