"""What a search would leave out is shown before anything is stored: `try`, `collect --dry-run`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support import Config, Site, review

NAMESAKE = "The acme of bad taste: a theatre. Call +7 912 345-67-89"
TIMELINE = "/api/v1/timelines/tag/kettle"


def toot(number: int, words: str, **account: bool) -> dict[str, Any]:
    return {
        "id": str(number),
        "url": f"https://social.example/@jana/{number}",
        "created_at": "2026-11-10T09:15:00.000Z",
        "content": f"<p>{words}</p>",
        "visibility": "public",
        "account": {"acct": f"author{number}", **account},
    }


@pytest.fixture
def searching(config: Config, site: Site) -> Config:
    """A tag that finds the brand, a namesake, another word, and somebody who opted out."""
    posts = [
        toot(1, "My kettle by Acme leaks"),
        toot(2, NAMESAKE),
        toot(3, "A kettle of fish"),
        toot(4, "Acme again", noindex=True),
    ]
    site.show(TIMELINE, json.dumps(posts))
    shop = site.show_reviews("/shop", review(1, "A kettle of fish"))
    config.write({"tag": site.url + "/tags/kettle"}, kind="mastodon")
    text = config.path.read_text("utf-8").replace("name: Acme,", "name: Acme, exclude: [theatres],")
    text += f"  - {{name: shop, kind: reviews_page, brand: Acme, url: '{shop}', every: 1h}}\n"
    config.path.write_text(text, "utf-8")
    return config


CAUSES = [
    ("author opted out of indexing (noindex)", ""),
    ("not about Acme: excluded by 'theatres'", "The acme of bad taste: a theatre. Call [phone]"),
    ("not about Acme: no term", "A kettle of fish"),
]


def causes(items: list[dict[str, str]]) -> list[tuple[str, str]]:
    return sorted((one["cause"], one["text"]) for one in items)


def test_a_dry_run_shows_what_a_search_would_leave_out(searching: Config) -> None:
    tag, shop = json.loads(searching.run("collect", "--dry-run", "--json").stdout)
    assert (tag["state"], tag["items"], tag["left_out"], tag["rejects"]) == ("ok", 1, 3, 0)
    assert causes(tag["left_out_items"]) == CAUSES
    assert (shop["items"], shop["left_out"], shop["left_out_items"]) == (1, 0, [])
    said = searching.run("collect", "tag", "--dry-run").stdout
    assert "Left out of tag: 3" in said
    assert "excluded by 'theatres'" in said and "A kettle of fish" in said
    assert "https://social.example/@jana/2" in said
    assert "345-67-89" not in said
    assert searching.value("SELECT count(*) FROM rejects") == 0
    assert not searching.spool.exists()


def test_a_dry_run_and_a_collection_agree(searching: Config) -> None:
    tag, shop = json.loads(searching.run("collect", "--dry-run", "--json").stdout)
    runs = {run["source"]: run for run in json.loads(searching.run("collect", "--json").stdout)}
    for shown in (tag, shop):
        run = runs[shown["source"]]
        assert [run[key] for key in ("state", "items", "left_out", "rejects")] == [
            shown[key] for key in ("state", "items", "left_out", "rejects")
        ]


def test_trying_a_search_tells_what_is_not_about_the_brand(searching: Config, site: Site) -> None:
    said = json.loads(searching.run("try", site.url + "/tags/kettle", "--json").stdout)
    assert (said["state"], said["about"], said["items"], said["left_out"]) == ("ok", "Acme", 1, 3)
    assert causes(said["left_out_items"]) == CAUSES
    assert [one["text"] for one in said["mentions"]] == ["My kettle by Acme leaks"]
    shown = searching.run("try", site.url + "/tags/kettle").stdout
    assert "ok: 1 items, 3 left out, 0 rejects; nothing was stored" in shown
    assert "not about Acme: no term" in shown


def test_a_search_that_is_no_source_yet_is_checked_against_the_own_brand(
    searching: Config, site: Site
) -> None:
    site.show("/api/v1/timelines/tag/pot", json.dumps([toot(1, "Acme pots"), toot(2, "A pot")]))
    address = site.url + "/tags/pot"
    said = json.loads(searching.run("try", address, "--kind", "mastodon", "--json").stdout)
    assert (said["about"], said["items"], said["left_out"]) == ("Acme", 1, 1)
    unknown = searching.run("try", address, "--kind", "mastodon", "--brand", "Nobody")
    assert (unknown.returncode, "Nobody" in unknown.stderr) == (2, True)
    searching.path.unlink()
    said = searching.run("try", address, "--kind", "mastodon")
    assert "2 items, 0 rejects" in said.stdout
    assert "not checked: no configuration names your brand" in said.stdout


def test_a_place_is_checked_only_when_a_brand_is_asked_for(searching: Config, site: Site) -> None:
    said = json.loads(searching.run("try", site.url + "/shop", "--json").stdout)
    assert (said["about"], said["items"], said["left_out"]) == (None, 1, 0)
    file = searching.folder / "reviews.csv"
    file.write_text("text\nAcme is slow\nA kettle of fish\n", encoding="utf-8")
    said = json.loads(searching.run("try", file.name, "--brand", "Acme", "--json").stdout)
    assert (said["items"], said["left_out"]) == (1, 1)
