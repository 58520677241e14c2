"""From an empty folder to a configuration that collects: init, check, kinds, add, try."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import Call, Config, Site, review, review_page

from monitor.kinds import CHANNEL_KINDS, SOURCE_KINDS


def test_a_starter_in_an_empty_folder_has_no_fault(call: Call, config: Config) -> None:
    assert call("init").code == 0
    said = call("check")
    assert said.code == 0
    assert "no faults" in said.out
    assert call("status", "--json").code == 0
    again = call("init")
    assert again.code == 2
    assert "is there already" in again.errors


def test_kinds_says_what_each_needs_and_gives(call: Call) -> None:
    found = call("kinds", "--json").json
    assert [kind["kind"] for kind in found["sources"]] == list(SOURCE_KINDS)
    assert [kind["kind"] for kind in found["channels"]] == list(CHANNEL_KINDS)
    assert all(kind["what"] and kind["needs"] and kind["gives"] for kind in found["sources"])
    assert call("kinds").code == 0


def test_check_tries_the_sources_when_asked(call: Call, config: Config, site: Site) -> None:
    good = site.show_reviews("/good", review(1, "Good"))
    config.write({"good": good, "bad": site.url + "/nowhere"})
    assert call("check").code == 0
    said = call("check", "--network", "--json")
    assert said.code == 1
    states = {fault["path"]: fault["message"] for fault in said.json}
    assert states["sources[0]"] == "ok: good, 1 items"
    assert states["sources[1]"].startswith("unreachable: bad")
    assert config.value("SELECT count(*) FROM crawl_runs") == 0


COMMENTED = """\
# Ours since 2024.
store: monitor.db
operator: {user_agent: "Test/1.0 (test@example.com)"} # a real contact
brands:
  - {name: Acme, role: own} # us

# What we watch:
sources:
  # the old forum
  - {name: forum, kind: feed, brand: Acme, url: "https://forum.example.com/a", every: 1d}

alerts: {channels: []} # nobody yet
"""


def test_a_source_is_tried_and_added_and_every_comment_stays(
    call: Call, config: Config, site: Site
) -> None:
    config.path.write_text(COMMENTED, encoding="utf-8")
    url = site.show_reviews("/shop", review(1, "A good parcel"))
    said = call(
        "add", "reviews_page", "shop", "--url", url, "--every", "2h", "--language", "en",
        "--option", "max_pages=5",
    )  # fmt: skip
    assert said.code == 0, said.errors
    assert "test: ok, 1 items" in said.out
    assert "first: A good parcel" in said.out
    text = config.path.read_text("utf-8")
    assert [line for line in COMMENTED.splitlines() if line not in text.splitlines()] == []
    assert "max_pages: 5" in text
    assert call("check").code == 0
    collected = call("collect", "shop", "--json")
    assert (collected.code, collected.json[0]["new"]) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--url", "SITE/empty"], "gave no items (empty)"),
        (["--url", "SITE/empty", "--option", "pages=3"], "write KEY=VALUE; reviews_page takes:"),
        (["--url", "nonsense", "--no-test"], "must be an address"),
        (["--url", "SITE/empty", "--no-test", "--every", "5s"], "30m, 1h or 1d"),
        (["--url", "SITE/empty", "--no-test", "--brand", "Nobody"], "Nobody"),
    ],
)
def test_a_source_that_is_no_good_is_not_added(
    call: Call, config: Config, site: Site, arguments: list[str], words: str
) -> None:
    config.path.write_text(COMMENTED, encoding="utf-8")
    site.show("/empty", "<html><body>Hello</body></html>")
    given = [argument.replace("SITE", site.url) for argument in arguments]
    said = call("add", "reviews_page", "shop", "--every", "1h", *given)
    assert said.code == 2
    assert words in said.errors
    assert config.path.read_text("utf-8") == COMMENTED


def test_a_channel_is_tried_and_added_by_reference(call: Call, config: Config, site: Site) -> None:
    config.path.write_text(COMMENTED, encoding="utf-8")
    config.channel("pr", f"json://{site.host}/secret-path")
    site.answer_status = 500
    refused = call("add", "json", "pr", "--secret", "file:pr.url")
    assert refused.code == 2
    assert "did not take the message" in refused.errors
    assert config.path.read_text("utf-8") == COMMENTED
    site.answer_status = 200
    assert call("add", "json", "pr", "--secret", "file:pr.url").code == 0
    assert [message["title"] for message in site.received] == ["Test from the monitor"]
    text = config.path.read_text("utf-8")
    assert "file:pr.url" in text and "secret-path" not in text
    assert call("check").code == 0
    typed = call("add", "json", "other", "--secret", f"json://{site.host}/secret-path")
    assert typed.code == 2
    assert "secret-path" not in typed.errors


def test_a_source_with_a_key_is_added_by_reference(
    call: Call, config: Config, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.path.write_text(COMMENTED, encoding="utf-8")
    review = "<review><rating_id>1</rating_id><summary>A good parcel</summary></review>"
    url = site.show("/direct/dotaznik/export-review.php", f"<reviews>{review}</reviews>")
    given = ("add", "heureka", "shop", "--url", url, "--every", "6h", "--secret")
    refused = call(*given, "key=env:SHOP_KEY_OF_TEST")
    assert refused.code in (1, 2)
    assert "shop: secrets.key: set the environment variable SHOP_KEY_OF_TEST" in refused.errors
    typed = call(*given, "0a1b2c3d4e5f6071")
    assert typed.code == 2
    assert "0a1b2c" not in typed.errors
    assert config.path.read_text("utf-8") == COMMENTED
    monkeypatch.setenv("SHOP_KEY_OF_TEST", "0a1b2c3d4e5f6071")
    said = call(*given, "key=env:SHOP_KEY_OF_TEST")
    assert said.code == 0, said.errors
    assert "first: A good parcel" in said.out
    assert "key: env:SHOP_KEY_OF_TEST" in config.path.read_text("utf-8")
    asked = site.requests.count("/direct/dotaznik/export-review.php")
    assert asked == 1, "without the key nothing was asked"
    assert call("check").code == 0
    by_kind = call("try", "https://www.heureka.cz/export-review.php", "--kind", "heureka")
    assert by_kind.code == 2
    assert "heureka needs a secret (key)" in by_kind.errors


def test_trying_an_address_shows_how_it_reads_and_stores_nothing(
    call: Call, config: Config, site: Site
) -> None:
    text = "Доставка опоздала на неделю, звоните +7 912 345-67-89, отвратительный сервис"
    url = site.show_reviews("/shop", review(1, text, stars=1))
    said = call("try", url, "--json")
    assert said.code == 0, said.errors
    (found,) = said.json["mentions"]
    assert said.json["state"] == "ok"
    assert (found["language"], found["label"], found["rating"]) == ("ru", "negative", 1.0)
    assert "345-67-89" not in found["text"] and found["masked"] == 1
    assert list(config.folder.iterdir()) == []
    assert "nothing was stored" in call("try", url).out


@pytest.mark.parametrize("name", ["reviews.csv", "reviews.jsonl", "page.html", "feed.xml"])
def test_trying_a_file_shows_how_it_reads_and_stores_nothing(
    call: Call, config: Config, site: Site, tmp_path: Path, name: str
) -> None:
    text = "Skvělý obchod, zboží dorazilo hned druhý den a všechno v pořádku"
    contents = {
        "reviews.csv": f'text,rating\n"{text}",5\n',
        "reviews.jsonl": json.dumps({"text": text, "rating": 5}) + "\n",
        "page.html": review_page(review(1, text, stars=5)),
        "feed.xml": f"<rss version='2.0'><channel><item><title>T</title><description>{text}"
        "</description></item></channel></rss>",
    }
    (tmp_path / name).write_text(contents[name], encoding="utf-8")
    said = call("try", name, "--json")
    assert said.code == 0, said.errors
    (found,) = said.json["mentions"]
    assert (found["language"], found["text"]) == ("cs", text)
    assert [file.name for file in config.folder.iterdir()] == [name]
