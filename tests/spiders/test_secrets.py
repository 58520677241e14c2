"""A source's secret reaches the site that it is for, and nothing that is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import pytest
from crawl_process import ROOT, crawl, source
from faulty_sites import Site, serving
from secret_sites import KEY, Another, Desk, files_in
from support import Config

from monitor.collect import CrawlTarget, collect, preview
from monitor.config import Secret
from monitor.errors import CollectError, ConfigError
from monitor.records import CrawlRun

VARIABLE = "HEUREKA_TEST_KEY"
EXPORT = "/direct/dotaznik/export-review.php"


class Shop(Site):
    """Repeats the key that it is asked with: in a text, in an address, in a header."""

    mode: ClassVar[str] = "fine"
    elsewhere: ClassVar[str] = ""
    folder: ClassVar[Path]
    during: ClassVar[list[bytes]]
    """What files and processes held while the crawl was waiting for the answer."""

    def answer(self) -> None:
        self.during += [*files_in(self.folder), *crawl_processes()]
        key = parse_qs(urlsplit(self.path).query).get("key", [""])[0]
        match self.mode:
            case "fine":
                said = key.replace("&", "&amp;")
                review = (
                    f"<review><rating_id>1</rating_id><total_rating>4</total_rating>"
                    f"<summary>Echo {said} end</summary><reaction>{quote(key)}</reaction></review>"
                    "<review><rating_id>2</rating_id></review>"
                )
                self.send(f"<reviews>{review}</reviews>", 200, "text/xml", ETag='"v1"')
            case "refusing":
                self.send(f"no such key {key}", 200, "text/plain")
            case "failing":
                self.send(f"trouble with {key}", 500)
            case "redirecting":
                self.send("", 302, Location=f"{self.elsewhere}/moved?key={quote_plus(key)}")
            case "echo":
                self.send(KEY, 200, "text/plain; charset=utf-8")


class Elsewhere(Site):
    """Another server, to which a redirect leads; keeps the headers that it is sent."""

    headers_seen: ClassVar[list[str]] = []

    def answer(self) -> None:
        self.headers_seen.append(str(self.headers))
        self.send("<html>nothing here</html>", 404)


def crawl_processes() -> Iterator[bytes]:
    """Command line and environment of every crawl process on this machine."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            if b"spiders.run" in command:
                yield command + (process / "environ").read_bytes()
        except OSError:
            continue


def leaks(*written: bytes | str) -> list[str]:
    """Spellings of the key, whole or its first half, that stand in what was written."""
    half = KEY[:8]
    spellings = {KEY, half, quote(half), quote(half, safe=""), quote_plus(half)}
    spellings.add(json.dumps(half)[1:-1])
    texts = [one.encode() if isinstance(one, str) else one for one in written]
    return [one for one in sorted(spellings) if any(one.encode() in text for text in texts)]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[str, type[Shop]]]:
    with serving(Shop) as (url, kind):
        kind.mode, kind.folder, kind.during = "fine", tmp_path, []  # type: ignore[attr-defined]
        yield url, kind  # type: ignore[misc]


@pytest.fixture
def reviews(
    config: Config, shop: tuple[str, type[Shop]], monkeypatch: pytest.MonkeyPatch
) -> Config:
    """A configuration with one heureka source whose key is in the environment."""
    config.write({"reviews": shop[0] + EXPORT}, kind="heureka")
    text = config.path.read_text("utf-8")
    secrets = f"every: 1h, secrets: {{key: 'env:{VARIABLE}'}}}}"
    config.path.write_text(text.replace("every: 1h}", secrets), "utf-8")
    monkeypatch.setenv(VARIABLE, KEY)
    return config


def test_the_key_reaches_the_site_and_no_file(
    reviews: Config, shop: tuple[str, type[Shop]]
) -> None:
    done = reviews.run("collect", "--json")
    (run,) = json.loads(done.stdout)
    assert (run["state"], run["items"], run["rejects"]) == ("ok", 1, 1)
    ((sent,),) = [parse_qs(urlsplit(path).query)["key"] for path in shop[1].asked]
    assert sent == KEY
    text = "SELECT text FROM mention_versions"
    assert reviews.value(text) == "Echo *** end"
    assert reviews.value("SELECT reply_text FROM mentions") == "***"
    assert str(reviews.value("SELECT url FROM fetch_validators")).endswith("?key=***")
    assert "?key=***" in str(reviews.value("SELECT place FROM rejects"))
    assert leaks(done.stdout, done.stderr, *files_in(reviews.folder)) == []
    assert len(shop[1].during) > 2, "the job's file and the crawl process were looked at"
    assert leaks(*shop[1].during) == []


@pytest.mark.parametrize(
    ("mode", "state", "said"),
    [
        ("refusing", "broken", "ServiceRefused: not an export of reviews: 'no such key ***'"),
        ("failing", "unreachable", "HttpError: HTTP 500 from"),
        ("redirecting", "unreachable", "HttpError: HTTP 404 from"),
    ],
)
def test_no_fault_of_a_site_brings_the_key_to_light(
    reviews: Config, shop: tuple[str, type[Shop]], mode: str, state: str, said: str
) -> None:
    with serving(Elsewhere) as (elsewhere, _):
        shop[1].mode, shop[1].elsewhere = mode, elsewhere.replace("127.0.0.1", "localhost")
        done = reviews.run("collect", "--json")
    (run,) = json.loads(done.stdout)
    if mode == "redirecting":  # to another private server, which is refused before it is asked
        assert "RefusedAddress" in run["first_error"]
    else:
        assert (run["state"], run["first_error"][: len(said)]) == (state, said)
    shown = reviews.run("status", "--json")
    written = (done.stdout, done.stderr, shown.stdout, *files_in(reviews.folder))
    assert leaks(*written, *shop[1].during) == []


def test_previews_have_the_key_and_do_not_show_it(
    reviews: Config, shop: tuple[str, type[Shop]]
) -> None:
    tried = reviews.run("try", shop[0] + EXPORT, "--json")
    assert json.loads(tried.stdout)["mentions"][0]["text"] == "Echo *** end"
    checked = reviews.run("check", "--network")
    assert "sources[0]: ok: reviews, 1 items" in checked.stdout
    dry = reviews.run("collect", "--dry-run")
    assert "Echo *** end" in dry.stdout
    shown = (tried, checked, dry)
    assert leaks(*(one.stdout + one.stderr for one in shown), *files_in(reviews.folder)) == []
    assert all(quote_plus(KEY) in path for path in shop[1].asked)


SENT = {
    "header": 'headers: {Authorization: "Bearer {secrets.key}", Accept: application/json}',
    "query": 'parameters: {key: "{secrets.key}", size: 2}',
}
"""Where a source of the kind json_api says that its key goes."""

DESK = {"items": "found", "fields": {"id": "id", "text": "text", "author": "who"}, "next": "next"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[str, Any]]:
    with serving(Desk) as (url, kind):
        kind.folder, kind.during, kind.keys = tmp_path, [], []  # type: ignore[attr-defined]
        yield url, kind


@pytest.mark.parametrize("way", SENT)
def test_a_key_named_in_an_option_reaches_the_api_and_no_file(
    config: Config, desk: tuple[str, Any], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv(VARIABLE, KEY)
    config.write({"desk": desk[0] + "/list"}, kind="json_api")
    fields = "items: found, fields: {id: id, text: text, author: who}, next: next, max_pages: 1"
    more = f"every: 1h, secrets: {{key: 'env:{VARIABLE}'}}, options: {{{SENT[way]}, {fields}}}}}"
    config.path.write_text(config.path.read_text("utf-8").replace("every: 1h}", more), "utf-8")
    shown = [config.run("check", "--network"), config.run("collect", "--backfill", "9", "--json")]
    assert "sources[0]: partial: desk, 1 items" in shown[0].stdout
    kept = str(config.value("SELECT open_requests FROM backfills"))
    assert "{secret key" in kept
    shown += [config.run("collect", "--backfill", "9", "--json"), config.run("status", "--json")]
    (run,) = json.loads(shown[2].stdout)
    assert (run["backfill"]["items"], run["backfill"]["is_finished"]) == (2, True)
    texts = config.value("SELECT group_concat(text, '|') FROM mention_versions")
    assert texts == "Page 1 says *** to you|Page 2 says *** to you"
    by_header = [header for _, header, _ in desk[1].keys]
    by_query = [parameter for path, _, parameter in desk[1].keys]
    assert by_query == [None, None, KEY] if way == "header" else [KEY] * 3  # the page's own link
    assert by_header == ([KEY] * 3 if way == "header" else [None] * 3)
    said = [part for one in shown for part in (one.stdout, one.stderr)]
    assert leaks(kept, *said, *desk[1].during, *files_in(config.folder)) == []


def test_another_server_gets_no_key_whatever_leads_there(
    tmp_path: Path, desk: tuple[str, Any]
) -> None:
    with serving(Another) as (there, other):
        other.keys, desk[1].elsewhere = [], there  # type: ignore[attr-defined]
        jobs, values = [], {}
        ways: dict[str, dict[str, Any]] = {
            "header": {"headers": {"X-Auth": "{secrets.key}"}},
            "query": {"parameters": {"key": "{secrets.key}"}},
        }
        for way, sent in ways.items():
            for path in ("moved", "carried"):
                url, name = f"{desk[0]}/{path}", f"{way}-{path}"
                more = {"options": DESK | sent, "secrets": {"key": "env:K"}}
                jobs.append(source(tmp_path, name, "json_api", url, **more))
                values[name] = {"key": KEY}
        place = there.removeprefix("http://")
        crawled = crawl(tmp_path, jobs, values, allow_private=[place])
    assert len(other.keys) == 2, "both that were moved, and neither went on there"  # type: ignore[attr-defined]
    for way in ways:
        assert [one["text"] for one in crawled.items(f"{way}-moved")] == ["From elsewhere"]
        told = crawled.stats(f"{way}-moved")["first_error"]
        assert told == "RefusedAddress: the next page is on 127.0.0.1, which is told no secret"
        refused = crawled.stats(f"{way}-carried")["first_error"]
        assert "would take a secret along, refused" in refused
    assert leaks(*other.asked, crawled.stderr, crawled.stdout, *files_in(tmp_path)) == []


@pytest.mark.parametrize(
    ("key", "options", "said"),
    [
        ("abc", {"headers": {"X-Auth": "{secrets.key}"}}, "the secret 'key' is shorter than 6"),
        (KEY + "\nX: y", {"headers": {"X-Auth": "{secrets.key}"}}, "has a line break"),
        (KEY, {"parameters": {"k": "{secrets.other}"}}, "there is no secret 'other'"),
    ],
)
def test_a_key_that_cannot_be_kept_or_sent_is_not_used(
    tmp_path: Path, desk: tuple[str, Any], key: str, options: dict[str, Any], said: str
) -> None:
    more = {"options": DESK | options, "secrets": {"key": "env:K"}}
    job = source(tmp_path, "desk", "json_api", desk[0] + "/list", **more)
    crawled = crawl(tmp_path, [job], {"desk": {"key": key}})
    assert said in crawled.stats("desk")["first_error"]
    assert desk[1].keys == []


def test_a_foreign_spider_is_made_with_its_key_and_keeps_it(
    tmp_path: Path, desk: tuple[str, Any]
) -> None:
    options = {
        "spider": "tests.spiders.foreign_spiders:Keyed",
        "arguments": {"key": "Bearer {secrets.key}", "size": 2},
    }
    more = {"options": options, "secrets": {"key": "env:K"}, "backfill": True}
    since = "2026-01-01T00:00:00Z"
    job = source(tmp_path, "own", "scrapy", desk[0] + "/list", since=since, **more)
    crawled = crawl(tmp_path, [job], {"own": {"key": KEY}})
    assert desk[1].keys == [("/list", KEY, None), ("/list", KEY, None)]
    assert [item["text"] for item in crawled.items("own")] == ["2: Page 1 says *** to you"] * 2
    assert leaks(crawled.stderr, crawled.stdout, *desk[1].during, *files_in(tmp_path)) == []


def foreign(config: Config, spider: str) -> tuple[list[CrawlRun], str]:
    """The runs of a collection by one of the foreign spiders, or why it failed."""
    with config.runtime() as runtime:
        (target,) = runtime.targets()
        stored = replace(target.stored, kind="scrapy")
        options = {"spider": f"tests.spiders.foreign_spiders:{spider}"}
        secrets = {"key": Secret(f"env:{VARIABLE}")}
        targets = [CrawlTarget(stored, target.url, options, target.context, secrets)]
        settings = runtime.crawl_settings
        try:
            found = collect(runtime.store, targets, settings, runtime.identify, runtime.clock)
        except CollectError as error:
            return [], str(error)
        return found, ""


def test_careless_code_cannot_write_the_key(
    reviews: Config,
    shop: tuple[str, type[Shop]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    shop[1].mode = "echo"
    ((run,), _) = foreign(reviews, "Careless")
    assert run.items == 3
    assert run.first_error == "RuntimeError: cannot go on with ***"
    texts = reviews.value("SELECT group_concat(text, '|') FROM mention_versions")
    assert "It says ***" in texts
    assert "False of the environment" in texts
    assert leaks(*capfd.readouterr(), *files_in(reviews.folder)) == []


def test_the_last_words_of_a_crashed_crawl_are_masked(
    reviews: Config, shop: tuple[str, type[Shop]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    shop[1].mode = "echo"
    runs, why = foreign(reviews, "Crashing")
    assert (runs, why) == ([], "the crawl process failed: fatal: ***")
    assert leaks(why, *files_in(reviews.folder)) == []


def test_the_log_of_the_process_itself_is_masked(
    tmp_path: Path, shop: tuple[str, type[Shop]]
) -> None:
    shop[1].mode = "echo"
    options = {"spider": "tests.spiders.foreign_spiders:Careless"}
    job = source(tmp_path, "s", "scrapy", shop[0] + "/", options=options, secrets={"key": "env:K"})
    crawled = crawl(tmp_path, [job], {"s": {"key": KEY}})
    assert crawled.stderr.count("the page says ***") == 2
    assert leaks(crawled.stderr, crawled.stdout, *files_in(tmp_path)) == []


class Moving(Elsewhere):
    """Sends whoever asks with a header on to another server."""

    target: ClassVar[str] = ""

    def answer(self) -> None:
        self.headers_seen.append(str(self.headers))
        if self.path == "/token":
            self.send("ya29.stay-at-home", 200, "text/plain")
        elif self.path.startswith("/v4/"):
            self.send("", 302, Location=f"{self.target}/elsewhere")
        else:
            self.send("{}", 200, "application/json")


def test_a_header_does_not_follow_a_redirect_to_another_server(tmp_path: Path) -> None:
    token = "ya29.stay-at-home"
    with serving(Moving) as (here, first), serving(Moving) as (there, second):
        first.headers_seen, second.headers_seen = [], []  # type: ignore[attr-defined]
        first.target = there  # type: ignore[attr-defined]
        job = source(
            tmp_path,
            "place",
            "google_business",
            here + "/v4/accounts/1/locations/2",
            secrets={"token": "env:T"},
        )
        options = {"spider": "tests.spiders.foreign_spiders:WithHeader"}
        named = {"token": "env:T"}
        own = source(tmp_path, "own", "scrapy", here + "/token", options=options, secrets=named)
        values = {"place": {"token": token}, "own": {"token": token}}
        place = there.removeprefix("http://")
        crawled = crawl(tmp_path, [job, own], values, allow_private=[place])
    sent = "\n".join(first.headers_seen)  # type: ignore[attr-defined]
    assert f"Authorization: Bearer {token}" in sent
    assert f"X-Token: {token}" in sent
    assert len(second.headers_seen) == 2  # type: ignore[attr-defined]
    assert not any(token in headers for headers in second.headers_seen)  # type: ignore[attr-defined]
    assert crawled.stats("place")["first_error"] is None


def test_one_secret_that_cannot_be_read_stops_its_own_source_only(
    reviews: Config, shop: tuple[str, type[Shop]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with reviews.runtime() as runtime:
        (target,) = runtime.targets()
        second = replace(target, secrets={"key": Secret("env:NOT_SET_AT_ALL")})
        second = replace(second, stored=replace(second.stored, name="other"))
        settings = runtime.crawl_settings
        with pytest.raises(CollectError, match=r"other: secrets\.key: set the environment"):
            preview(second, settings)
        runs: dict[str, Any] = {
            run.source: run
            for run in collect(
                runtime.store, [target, second], settings, runtime.identify, runtime.clock
            )
        }
    assert runs["reviews"].state == "ok"
    assert runs["other"].first_error == ("MissingSecret: cannot be read: key (env:NOT_SET_AT_ALL)")


def test_a_configuration_without_the_secret_is_refused(
    reviews: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(ConfigError, match=rf"sources\[0\]\.secrets\.key: set .* {VARIABLE}"):
        reviews.runtime()
