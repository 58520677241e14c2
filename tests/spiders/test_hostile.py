"""No page leads a crawl to a private place or a file, fills it up, or keeps it for ever."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import faulty_sites
import hostile_sites as sites
import pytest
from crawl_process import Crawled, crawl, source
from faulty_sites import Site, serving

from spiders.downloads import is_public

Served = tuple[Crawled, type[Site]]

FIELDS = {"id": "id", "text": "text"}
WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    # path of the site: (kind that reads it, its options)
    "redirect": ("feed", {}),
    "refresh": ("reviews_page", {}),
    "link-header": ("json_api", {"fields": FIELDS, "link_header": True}),
    "next-field": ("json_api", {"items": "reviews", "fields": FIELDS, "next": "next"}),
    "rel-next": ("reviews_page", {}),
    "base": ("reviews_page", {}),
    "links": ("html", {"item": "a", "fields": {"text": "."}, "next": "a.next"}),
    "sitemap": ("reviews_page", {"sitemap": True}),
    "sitemap-index": ("reviews_page", {"sitemap": True}),
}


def private_forms(port: int, secret: Path) -> list[str]:
    """Every way to write the address of a neighbour that is not public, and of a file."""
    own_name = socket.gethostname()
    hosts = [
        "127.0.0.1",
        "127.1",
        "127.000.000.001",
        "2130706433",
        "0x7f000001",
        "0x7f.0x0.0x0.0x1",
        "0177.0.0.1",
        "0",
        "LocalHost",
        "shop.example.com@127.0.0.1",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fec0::1]",
        own_name,
    ]
    web = [f"http://{host}:{port}/stolen" for host in hosts]
    others = [f"//127.0.0.1:{port}/stolen", f"http://127.0.0.1:{port}\\@shop.example.com/stolen"]
    return [*web, *others, f"file://{secret}", f"FILE://localhost{secret}", f"ftp://0/{secret}"]


@pytest.fixture(scope="module")
def lured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, list[str], Any]]:
    """A crawl that meets every form of a private address in every way; what the neighbour saw."""
    folder = tmp_path_factory.mktemp("lured")
    secret = folder / "secret.xml"
    secret.write_text(faulty_sites.FEED.replace("Kettle leaks", "S3CRET"), "utf-8")
    with serving(faulty_sites.Fine) as (neighbour, seen), serving(sites.Luring) as (here, site):
        forms = private_forms(int(neighbour.rpartition(":")[2]), secret)
        site.targets = forms  # type: ignore[attr-defined]
        jobs = []
        for way, (kind, options) in WAYS.items():
            for number in range(len(forms)):
                url = f"{here}/{way}?n={number}"
                chosen = {**options, "sitemap": url} if "sitemap" in options else options
                address = here if "sitemap" in options else url
                jobs.append(source(folder, f"{way}-{number}", kind, address, options=chosen))
        yield crawl(folder, jobs, concurrent_sources=16), forms, seen


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_to_a_private_address_or_a_file(
    lured: tuple[Crawled, list[str], Any], way: str
) -> None:
    crawled, forms, seen = lured
    assert crawled.exit_code == 0
    assert seen.asked == []
    assert seen.agents == set(), "not even robots.txt was asked for"
    for number, form in enumerate(forms):
        name = f"{way}-{number}"
        stats = crawled.stats(name)
        assert sum(stats["statuses"].values()) == 1, f"{form} was answered"
        assert stats["finish_reason"] == "finished"
        assert "S3CRET" not in json.dumps(crawled.lines(name))


def test_a_refusal_is_named(lured: tuple[Crawled, list[str], Any]) -> None:
    crawled, forms, _ = lured
    for number, form in enumerate(forms):
        errors = crawled.stats(f"redirect-{number}")["errors"]
        is_web = form.startswith(("http", "//"))
        assert errors == ({"RefusedAddress": 1} if is_web else {"HttpError": 1}), form


def test_robots_txt_is_not_fetched_from_a_private_place(tmp_path: Path) -> None:
    with (
        serving(faulty_sites.Fine) as (neighbour, seen),
        serving(sites.RobotsElsewhere) as (here, site),
    ):
        site.target = neighbour + "/robots-of-the-neighbour"  # type: ignore[attr-defined]
        crawled = crawl(tmp_path, [source(tmp_path, "shop", "feed", here + "/feed")])
        assert seen.asked == []
        assert crawled.stats("shop")["finish_reason"] == "finished"


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "127.8.8.8", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.8", "198.18.0.1",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
        "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2001:0:a00:1::1",
        "shop.example.com", "2130706433", "",
    ],
)  # fmt: skip
def test_what_is_not_of_the_open_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "2002:101:101::1"]
)
def test_what_is_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """A crawl of everything that unpacks, unfolds or goes on for ever."""
    folder = tmp_path_factory.mktemp("filled")
    (folder / "secret").write_text("S3CRET", "utf-8")
    with ExitStack() as stack:
        bombs, _ = stack.enter_context(serving(sites.Bombs))
        entities, entity_site = stack.enter_context(serving(sites.Entities))
        endless, _ = stack.enter_context(serving(sites.NeverEnding))
        entity_site.file = f"file://{folder}/secret"  # type: ignore[attr-defined]
        jobs = [source(folder, f"bomb-{name}", "feed", f"{bombs}/{name}") for name in sites.BOMBS]
        for name in ("gzip-file", "zip-file"):
            options = {"sitemap": f"{bombs}/{name}"}
            jobs.append(source(folder, f"sitemap-{name}", "reviews_page", bombs, options=options))
        for name in ("file", "laughs"):
            jobs.append(source(folder, f"{name}-feed", "feed", f"{entities}/{name}-feed"))
            options = {"sitemap": f"{entities}/{name}-sitemap"}
            jobs.append(
                source(folder, f"{name}-sitemap", "reviews_page", entities, options=options)
            )
        for name, (kind, path, options) in ENDLESS.items():
            chosen = {**options, "max_pages": 5}
            if "sitemap" in options:
                chosen["sitemap"] = endless + path
            jobs.append(source(folder, name, kind, endless + path, options=chosen))
        return crawl(folder, jobs, settings={"DOWNLOAD_TIMEOUT": 60})


API = {"items": "reviews", "fields": FIELDS}
PAGES = {"item": "p.r", "fields": {"text": "."}}
ENDLESS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "html-linked": ("html", "/pages", {**PAGES, "next": "a.n"}),
    "html-numbered": ("html", "/pages", {**PAGES, "page_parameter": "page"}),
    "api-next": ("json_api", "/api", {**API, "next": "next"}),
    "api-cursor": ("json_api", "/api", {**API, "cursor": "cursor", "cursor_parameter": "page"}),
    "api-numbered": ("json_api", "/api", {**API, "page_parameter": "page"}),
    "api-link": ("json_api", "/api", {**API, "link_header": True}),
}
LOOPS = {
    "redirects": ("feed", "/redirects", {}),
    "refreshes": ("reviews_page", "/refreshes", {}),
    "sitemaps": ("reviews_page", "/sitemaps", {"sitemap": True}),
    "listed": ("article", "/sitemaps", {}),
}
ENDLESS |= LOOPS  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [name for name in sites.BOMBS if not name.endswith("-file")])
def test_a_bomb_is_refused_however_it_is_packed(filled: Crawled, name: str) -> None:
    stats = filled.stats(f"bomb-{name}")
    assert (stats["limit"], stats["errors"]) == ("body", {"BodyTooLarge": 1})
    assert stats["items"] == 0


@pytest.mark.parametrize("name", ["bomb-gzip-file", "sitemap-gzip-file"])
def test_a_packed_file_is_unpacked_up_to_a_limit(filled: Crawled, name: str) -> None:
    (reject,) = filled.rejects(name)
    assert reject["cause"].endswith("unpacks to more than 10000000 bytes")


@pytest.mark.parametrize("name", ["bomb-zip-file", "sitemap-zip-file"])
def test_a_zip_is_not_unpacked_at_all(filled: Crawled, name: str) -> None:
    (reject,) = filled.rejects(name)
    assert reject["cause"].startswith(("not a feed", "not a sitemap"))


@pytest.mark.parametrize("name", ["file-feed", "file-sitemap", "laughs-feed", "laughs-sitemap"])
def test_entities_read_no_file_and_do_not_unfold_without_end(filled: Crawled, name: str) -> None:
    text = json.dumps(filled.lines(name))
    assert "S3CRET" not in text
    assert len(text) < 100_000
    assert filled.stats(name)["finish_reason"] == "finished"


@pytest.mark.parametrize("name", [name for name in ENDLESS if name not in LOOPS])
def test_paging_without_end_stops_at_the_page_limit(filled: Crawled, name: str) -> None:
    stats = filled.stats(name)
    assert (stats["items"], stats["limit"], stats["statuses"]) == (5, "pages", {"200": 5})


@pytest.mark.parametrize(
    ("name", "most"), [("redirects", 9), ("refreshes", 9), ("sitemaps", 20), ("listed", 21)]
)
def test_redirects_and_lists_without_end_stop_at_a_limit(
    filled: Crawled, name: str, most: int
) -> None:
    stats = filled.stats(name)
    assert sum(stats["statuses"].values()) <= most
    assert stats["limit"] or stats["errors"]
