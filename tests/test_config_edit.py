"""What a user notices of `monitor init` and `monitor add`: their file keeps its shape and words."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest

from monitor.config import load
from monitor.config_edit import add_channel, add_source, starter
from monitor.errors import ConfigError, UsageError

ROOT = Path(__file__).parents[1]
HEAD = """\
operator: {user_agent: "Test/1.0 (monitor@example.com)"}
brands: [{name: Zelvano, role: own}]
"""
SOURCE = {
    "name": "news",
    "kind": "feed",
    "brand": "Zelvano",
    "url": "https://news.example.com/?q=Зелвано#new",
    "language": "ru",
    "every": "30m",
    "options": {"kind": "news"},
}
CHANNEL = {"name": "pr", "url": "env:PR_CHANNEL_URL"}


@pytest.fixture(autouse=True)
def _no_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MONITOR_")]:
        monkeypatch.delenv(name)


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_bytes(text.encode("utf-8"))
    return path


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    removed = [line[2:] for line in lines if line.startswith("- ")]
    return removed, [line[2:] for line in lines if line.startswith("+ ")]


def test_a_source_is_added_and_nothing_else_in_the_file_changes(tmp_path: Path) -> None:
    before = (ROOT / "config.yaml").read_text(encoding="utf-8")
    path = written(tmp_path, before)
    settings = add_source(path, SOURCE)
    removed, added = changed_lines(before, path.read_text(encoding="utf-8"))
    assert removed == []
    assert added == [
        "  - name: news",
        "    kind: feed",
        "    brand: Zelvano",
        "    url: https://news.example.com/?q=Зелвано#new",
        "    language: ru",
        "    every: 30m",
        "    options:",
        "      kind: news",
    ]
    assert settings.sources[-1] == load(path).sources[-1]
    assert settings.source("news").options == {"kind": "news"}


def test_a_first_channel_takes_the_place_of_the_empty_list(tmp_path: Path) -> None:
    before = (ROOT / "config.yaml").read_text(encoding="utf-8")
    path = written(tmp_path, before)
    settings = add_channel(path, CHANNEL)
    after = path.read_text(encoding="utf-8")
    removed, added = changed_lines(before, after)
    assert removed == ["  channels: []"]
    assert added == ["  channels:", "    - name: pr", "      url: env:PR_CHANNEL_URL"]
    assert settings.channel("pr").url.variable == "PR_CHANNEL_URL"
    add_channel(path, {"name": "ops", "url": "file:secrets/ops"})
    assert changed_lines(after, path.read_text(encoding="utf-8")) == (
        [],
        ["    - name: ops", "      url: file:secrets/ops"],
    )


SHAPES = {
    "no alerts at all": "store: a.db # here\n",
    "no line end": "store: a.db",
    "alerts without a value": "alerts: # later\n\n# the store\nstore: a.db\n",
    "alerts in braces": "alerts: {rules: []} # none yet\n",
    "empty list in braces": "alerts: {channels: [], rules: []}\n",
    "rules only": "alerts:\n  # what alarms us\n  rules: [] # none\n\n# the store\nstore: a.db\n",
    "list in brackets": "alerts:\n  channels: [{name: a, url: env:A}] # one\nstore: a.db\n",
    "list at the key's column": (
        "alerts:\n  channels:\n  - name: a # first\n    url: env:A # secret\n\n  # last words\n"
        "\n# the store\nstore: a.db\n"
    ),
    "wide indent": "alerts:\n    channels:\n        -   name: a\n            url: env:A\n",
    "a comment where the list should be": "alerts:\n  channels: # here\n  # or here\nstore: a.db\n",
    "quoted keys": '"alerts":\n  "channels": []\n',
    "windows line ends": "alerts:\r\n  channels: [] # none\r\nstore: a.db\r\n",
    "text over two lines": "alerts:\n  channels:\n    - name: a\n      url: >-\n        env:A\n",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_a_channel_is_added_to_a_file_of_any_shape_with_all_comments_in_place(
    tmp_path: Path, shape: str
) -> None:
    before = (HEAD.replace("\n", "\r\n") if "\r\n" in shape else HEAD) + shape
    path = written(tmp_path, before)
    names = ["a"] if "name: a" in shape else []
    settings = add_channel(path, CHANNEL)
    after = path.read_bytes().decode()
    assert [channel.name for channel in settings.alerts.channels] == [*names, "pr"]
    comments = [line.partition("#")[2] for line in before.splitlines() if "#" in line]
    assert [line.partition("#")[2] for line in after.splitlines() if "#" in line] == comments
    assert after.count("\r\n") in (0, after.count("\n"))
    assert load(path, secrets=False) == settings


def test_a_source_that_would_make_the_file_invalid_leaves_it_untouched(tmp_path: Path) -> None:
    before = HEAD + "sources: []\n"
    path = written(tmp_path, before)
    with pytest.raises(ConfigError) as caught:
        add_source(path, {"name": "x", "kind": "fed", "brand": "Nobody", "url": "x"})
    assert {fault.path for fault in caught.value.faults} == {
        "sources[0].url",
        "sources[0].brand",
        "sources[0].kind",
    }
    assert path.read_text(encoding="utf-8") == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD)
    add_channel(path, CHANNEL)
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="'pr' is taken by channels"):
        add_channel(path, CHANNEL)
    assert path.read_bytes() == before


def test_a_literal_secret_never_reaches_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD)
    with pytest.raises(ConfigError) as caught:
        add_channel(path, {"name": "pr", "url": "slack://T0PSECRET/B/C"})
    assert "T0PSECRET" not in str(caught.value)
    assert path.read_text(encoding="utf-8") == HEAD


@pytest.mark.parametrize(
    "shape",
    ["alerts: &a\n  channels: &b []\nsurveys: *b\n", "---\nalerts: {rules: []}\n...\n# end\n"],
    ids=["shared by an alias", "with document marks"],
)
def test_a_file_too_odd_to_extend_is_either_right_or_untouched(tmp_path: Path, shape: str) -> None:
    path = written(tmp_path, shape.replace("alerts", HEAD + "alerts", 1))
    before = path.read_bytes()
    try:
        settings = add_channel(path, CHANNEL)
    except ConfigError as error:
        assert "add the entry by hand" in str(error)
        assert path.read_bytes() == before
    else:
        assert settings.channel("pr")
        assert settings.surveys == ()


def test_rights_and_links_of_the_file_are_kept(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    real = written(tmp_path / "etc", HEAD)
    real.chmod(0o640)
    link = tmp_path / "config.yaml"
    link.symlink_to(real)
    add_source(link, SOURCE)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert load(link).source("news")
    assert list((tmp_path / "etc").iterdir()) == [real]


def test_a_starter_file_is_written_once_and_loads(tmp_path: Path) -> None:
    path = starter(tmp_path / "new")
    assert load(path).brands
    schema = path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
    assert Path(schema).is_file()
    with pytest.raises(UsageError, match="is there already"):
        starter(tmp_path / "new")


def test_the_starter_is_the_example_in_the_repository() -> None:
    starter_text = (ROOT / "monitor/starter.yaml").read_text(encoding="utf-8")
    assert (ROOT / "config.yaml").read_text(encoding="utf-8") == starter_text
