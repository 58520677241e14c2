"""What `monitor kinds` promises: every kind is complete, and its example can be used as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import load
from monitor.kinds import CHANNEL_KINDS, SOURCE_KINDS, Kind, Option

SAMPLES = {
    "text": "a.next",
    "number": "3",
    "flag": "true",
    "list": "[a]",
    "address": "https://example.com/sitemap.xml",
    "pattern": "/reviews/.+",
    "selector": ".review::attr(id)",
    "expression": "data.reviews[0]",
    "header": "application/json",
    "parameter": "4711",
}
KINDS = [*SOURCE_KINDS.values(), *CHANNEL_KINDS.values()]


def sample(option: Option) -> str:
    """A value as it could stand behind the option's key."""
    if option.value == "mapping":
        return f'{{{option.keys[0] if option.keys else "name"}: "{SAMPLES[option.of]}"}}'
    return option.choices[0] if option.choices else f"{SAMPLES[option.value]}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_says_what_it_is_what_it_needs_and_what_it_gives(kind: Kind) -> None:
    told = (*kind.options.values(), *kind.secrets.values())
    for text in (kind.what, kind.needs, kind.gives, *map(str, told)):
        assert text
        assert not text.endswith("."), "the pages that show it add the full stop"


@pytest.mark.parametrize("kind", SOURCE_KINDS.values(), ids=lambda kind: kind.name)
def test_a_source_made_from_a_kinds_example_is_valid(kind: Kind, tmp_path: Path) -> None:
    lines = [f"      {key}: {sample(option)}" for key, option in kind.options.items()]
    path = tmp_path / "config.yaml"
    (tmp_path / "secret.txt").write_text("a key", encoding="utf-8")
    path.write_text(
        'operator: {user_agent: "Test/1.0 (monitor@example.com)"}\n'
        "brands: [{name: Zelvano, role: own}]\n"
        "sources:\n"
        f"  - name: example\n    kind: {kind.name}\n    brand: Zelvano\n"
        + (f"    url: {kind.example_url}\n" if kind.example_url else "")
        + ("    options:\n" + "\n".join(lines) + "\n" if lines else "")
        + ("    secrets:\n" if kind.secrets else "")
        + "".join(f"      {name}: file:secret.txt\n" for name in kind.secrets),
        encoding="utf-8",
    )
    assert load(path).sources[0].kind == kind.name
    assert kind.terms


@pytest.mark.parametrize("kind", CHANNEL_KINDS.values(), ids=lambda kind: kind.name)
# Apprise imports `imghdr`, which Python deprecates, while it loads its plugins.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_apprise_accepts_the_address_that_a_channel_kind_shows(kind: Kind) -> None:
    import apprise

    assert kind.example_url is not None
    assert kind.secrets
    assert kind.example_url.startswith((kind.name[:4], "mmosts"))
    assert apprise.Apprise.instantiate(kind.example_url) is not None


def test_there_is_a_kind_for_pages_feeds_and_files() -> None:
    assert {"reviews_page", "feed", "import"} <= set(SOURCE_KINDS)
    assert not SOURCE_KINDS["import"].takes_url
    assert len(CHANNEL_KINDS) >= 12
    assert all(name == kind.name for name, kind in SOURCE_KINDS.items())


@pytest.mark.parametrize(
    ("kind", "url", "options", "wanted"),
    [
        ("google_news", "https://news.google.com/search?q=zelvano", {}, True),
        ("gdelt", "https://api.gdeltproject.org/api/v2/doc/doc?query=zelvano", {}, True),
        ("gdelt", "https://api.gdeltproject.org/api/v2/doc/doc?query=zelvano",
         {"relevance": False}, False),
        ("hacker_news", "https://hn.algolia.com/?query=zelvano", {}, True),
        ("hacker_news", "https://news.ycombinator.com/item?id=123", {}, False),
        ("hacker_news", "https://news.ycombinator.com/", {"query": "zelvano"}, True),
        ("mastodon", "https://social.example/tags/zelvano", {}, True),
        ("mastodon", "https://social.example/@zelvano", {}, False),
        ("reddit", "https://www.reddit.com/search?q=zelvano", {}, True),
        ("reddit", "https://www.reddit.com/r/zelvano/search/?q=kettle", {}, True),
        ("reddit", "https://www.reddit.com/r/zelvano", {}, False),
        ("stack_exchange", "https://ru.stackoverflow.com/search?q=zelvano", {}, True),
        ("stack_exchange", "https://ru.stackoverflow.com/questions/tagged/zelvano", {}, False),
        ("telegram", "https://t.me/s/otzyvy?q=zelvano", {}, True),
        ("telegram", "https://t.me/zelvano", {}, False),
        ("discourse", "https://forum.example.com/search?q=zelvano", {}, True),
        ("feed", "https://forum.example.com/search?q=zelvano", {}, False),
        ("feed", "https://forum.example.com/search.rss", {"relevance": True}, True),
        ("import", None, {"relevance": True}, True),
        ("import", None, {}, False),
    ],
)  # fmt: skip
def test_a_search_is_checked_for_the_brand_and_a_place_is_not(
    kind: str, url: str | None, options: dict[str, object], wanted: bool
) -> None:
    assert SOURCE_KINDS[kind].wants_relevance(url, options) is wanted
