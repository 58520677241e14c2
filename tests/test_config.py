"""What a user notices of the configuration: good files load, every fault of a bad one is named."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import time, timedelta
from pathlib import Path

import pytest

from monitor.config import Secret, Settings, check, describe, load
from monitor.config.document import parse
from monitor.config.values import format_duration, parse_duration
from monitor.errors import ConfigError, UsageError

ROOT = Path(__file__).parents[1]
BAD = sorted((ROOT / "tests/configs").glob("bad-*.yaml"))
MINIMAL = """\
operator:
  user_agent: "Test/1.0 (monitor@example.com)"
brands:
  - name: Zelvano
    role: own
    timezone: Asia/Tehran
"""
SOURCE = """\
sources:
  - name: reviews
    kind: reviews_page
    brand: Zelvano
    url: https://reviews.example.com/zelvano
"""


@pytest.fixture(autouse=True)
def _no_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MONITOR_")]:
        monkeypatch.delenv(name)


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path: Path, **options: bool) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path, **options)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem.removeprefix("bad-"))
def test_a_bad_file_is_refused_with_the_fault_its_first_line_names(path: Path) -> None:
    expected = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    (fault,) = faults_of(path)
    assert re.sub(r" \(line \d+\)$", "", fault) == expected


def test_each_bad_file_shows_another_fault() -> None:
    assert len({path.read_text(encoding="utf-8").splitlines()[0] for path in BAD}) == len(BAD) >= 18


def test_the_shipped_example_loads_with_nothing_set() -> None:
    settings = load(ROOT / "config.yaml")
    assert check(settings) == []
    assert settings.folder == ROOT
    assert settings.brand("Zelvano").terms == ("Zelvano", "Зелвано", "زلوانو")
    assert settings.source("zelvano-reviews").options == {"next": "a.next", "max_pages": 50}
    assert settings.source("zelvano-forum").every == timedelta(minutes=30)
    assert [rule.when for rule in settings.alerts.rules] == ["mention", "wave"]
    assert settings.digest.weekly.time == time(7, 30)
    assert settings.model.name == "embedded"


def test_the_commented_examples_in_the_shipped_file_are_valid_too(tmp_path: Path) -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    text = re.sub(r": \[\](\n *#  - )", r":\1", text)  # an empty list with an example below it
    text = re.sub(r"^( *)#  ((?:- |  ).*)$", r"\1  \2", text, flags=re.MULTILINE)
    text = re.sub(r"^( *)# ((?:username|password|base_url): )", r"\1\2", text, flags=re.MULTILINE)
    settings = load(written(tmp_path, text), secrets=False)
    assert [channel.name for channel in settings.alerts.channels] == ["pr", "ops"]
    assert settings.digest.recipients[0].language == "en"
    assert settings.digest.base_url == "https://monitor.example.com"
    assert str(settings.digest.smtp.password) == "env:SMTP_PASSWORD"
    assert settings.survey("after-delivery").mapping.stages["delivery"] == "Delivery"
    assert settings.survey("after-delivery").waves[0].invited == 1200


def test_a_minimal_file_gets_working_defaults(tmp_path: Path) -> None:
    settings = load(written(tmp_path, MINIMAL + SOURCE))
    source = settings.source("reviews")
    assert settings.resolve(settings.store) == tmp_path / "data/monitor.db"
    assert settings.resolve("/elsewhere/x.db") == Path("/elsewhere/x.db")
    assert source.every == timedelta(hours=1)
    assert source.enabled
    assert settings.timezone_of(source) == "Asia/Tehran"
    assert settings.privacy.authors == "pseudonym"
    assert settings.digest.smtp.port == 25
    assert settings.collect.obey_robots


def test_all_faults_of_all_sections_are_reported_at_once_in_the_order_of_the_file(
    tmp_path: Path,
) -> None:
    text = """\
operator:
  user_agent: nobody
  channels: [nowhere]
brands:
  - {name: Zelvano, role: own, timezone: Mars/Olympus, color: red}
  - {name: Zelvano, role: owm}
sources:
  - {name: a, kind: fed, brand: Zelvan, url: ftp://x, every: 2}
  - [not, a, source]
alerts:
  channels:
    - {name: pr, url: slack://literal}
    - {name: ops, url: env:MONITOR_TEST_UNSET}
  rules:
    - {name: r, when: mentio}
    - {name: r, when: wave, p_value: 2, to: [pq]}
collect: 3
"""
    places = [fault.split(": ")[0] for fault in faults_of(written(tmp_path, text))]
    assert sorted(places) == sorted(
        [
            "operator.user_agent",
            "operator.channels[0]",
            "brands[0].timezone",
            "brands[0].color",
            "brands[1].role",
            "brands[1].name",
            "sources[0].kind",
            "sources[0].brand",
            "sources[0].url",
            "sources[0].every",
            "sources[1]",
            "alerts.channels[0].url",
            "alerts.channels[1].url",
            "alerts.rules[0].when",
            "alerts.rules[1].name",
            "alerts.rules[1].p_value",
            "alerts.rules[1].to[0]",
            "collect",
        ]
    )
    lines = [
        int(found[1])
        for fault in faults_of(written(tmp_path, text))
        if (found := re.search(r"\(line (\d+)\)$", fault))
    ]
    assert len(lines) == len(places)
    assert lines == sorted(lines)


def test_a_fault_names_the_line_of_the_value(tmp_path: Path) -> None:
    path = written(tmp_path, MINIMAL + SOURCE + "    every: never\n")
    (fault,) = faults_of(path)
    assert fault.endswith("(line 12)")


def test_a_missing_file_names_the_next_step(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path / "config.yaml")
    assert "monitor init" in fault


def test_a_folder_instead_of_a_file_is_named(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path)
    assert "is a folder" in fault


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(MINIMAL.replace("Zelvano", "Зелвано").encode("cp1251"))
    assert "must be UTF-8" in faults_of(path)[0]


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_loads(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load(path).brand("Zelvano").role == "own"


def test_the_file_is_found_by_variable_and_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, MINIMAL)
    monkeypatch.chdir(tmp_path)
    assert load().path == path
    other = tmp_path / "other.yaml"
    other.write_text(MINIMAL.replace("Zelvano", "Norwick"), encoding="utf-8")
    monkeypatch.setenv("MONITOR_CONFIG", str(other))
    assert load().brands[0].name == "Norwick"


def test_the_environment_overrides_single_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, MINIMAL + "model: embedded\ndigest:\n  smtp: {host: a, port: 26}\n")
    monkeypatch.setenv("MONITOR_STORE", "/data/m.db")
    monkeypatch.setenv("MONITOR_DIGEST__SMTP__HOST", "mail.example.com")
    monkeypatch.setenv("MONITOR_COLLECT__OBEY_ROBOTS", "false")
    monkeypatch.setenv("MONITOR_MODEL__NAME", "checkpoints/mine")
    monkeypatch.setenv("MONITOR_PRIVACY__MASK", '["email"]')
    settings = load(path)
    assert settings.store == Path("/data/m.db")
    assert (settings.digest.smtp.host, settings.digest.smtp.port) == ("mail.example.com", 26)
    assert settings.collect.obey_robots is False
    assert settings.model.name == "checkpoints/mine"
    assert settings.privacy.mask == ("email",)


def test_a_model_can_be_chosen_by_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_MODEL", "checkpoints/mine")
    assert load(written(tmp_path, MINIMAL)).model.name == "checkpoints/mine"


def test_a_secret_given_as_override_stays_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DIGEST__SMTP__PASSWORD", "hunter2")
    monkeypatch.setenv("MONITOR_DIGEST__SMTP__USERNAME", "monitor")
    settings = load(written(tmp_path, MINIMAL))
    assert settings.digest.smtp.password is not None
    assert settings.digest.smtp.password.reveal() == "hunter2"
    assert "hunter2" not in repr(settings)


def test_a_misspelt_variable_is_a_fault_and_a_referenced_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = "alerts: {channels: [{name: pr, url: env:MONITOR_PR_URL}]}\n"
    monkeypatch.setenv("MONITOR_PR_URL", "json://localhost")
    path = written(tmp_path, MINIMAL + channel)
    assert load(path).channel("pr").url.reveal() == "json://localhost"
    monkeypatch.setenv("MONITOR_DIGEST__SMPT__HOST", "mail")
    (fault,) = faults_of(path)
    assert fault.startswith("MONITOR_DIGEST__SMPT__HOST: unknown environment variable")
    assert "'MONITOR_DIGEST__SMTP__HOST'" in fault


def test_a_wrong_value_from_the_environment_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DIGEST__SMTP__PORT", "smtp")
    monkeypatch.setenv("MONITOR_BRANDS", '[{"name": "Zelvano", "role": "owner"}]')
    faults = faults_of(written(tmp_path, MINIMAL))
    assert any(
        fault.startswith("digest.smtp.port: ")
        and fault.endswith("(from MONITOR_DIGEST__SMTP__PORT)")
        for fault in faults
    )
    assert any(
        fault.startswith("brands[0].role: ") and fault.endswith("(from MONITOR_BRANDS)")
        for fault in faults
    )


@pytest.mark.parametrize("value", ["ops, pr", "[not json", "3"])
def test_a_list_from_the_environment_that_is_no_json_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("MONITOR_OPERATOR__CHANNELS", value)
    (fault,) = faults_of(written(tmp_path, MINIMAL))
    assert fault.startswith("operator.channels: must be a list")


def test_secrets_are_read_from_variables_and_files_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pr.txt").write_text("json://user:hunter2@localhost\n", encoding="utf-8")
    monkeypatch.setenv("OPS_URL", "json://user:hunter3@localhost")
    channels = "alerts: {channels: [{name: pr, url: file:pr.txt}, {name: ops, url: env:OPS_URL}]}\n"
    path = written(tmp_path, MINIMAL + channels)
    monkeypatch.chdir(ROOT)  # a relative file is looked for beside the configuration, not here
    settings = load(path)
    assert settings.channel("pr").url.reveal() == "json://user:hunter2@localhost"
    assert settings.channel("ops").url.reveal() == "json://user:hunter3@localhost"
    shown = f"{settings!r} {settings} {settings.model_dump_json()}"
    assert "hunter" not in shown
    assert "env:OPS_URL" in shown


def test_missing_secrets_are_faults_unless_they_are_not_needed(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n", encoding="utf-8")
    channels = (
        "alerts: {channels: [{name: a, url: file:gone.txt}, {name: b, url: env:GONE_URL},"
        " {name: c, url: file:empty.txt}]}\n"
    )
    path = written(tmp_path, MINIMAL + channels)
    faults = faults_of(path)
    assert "cannot read the file" in faults[0]
    assert "set the environment variable GONE_URL" in faults[1]
    assert "is empty" in faults[2]
    settings = load(path, secrets=False)
    assert [fault.path for fault in check(settings)] == [
        "alerts.channels[0].url",
        "alerts.channels[1].url",
        "alerts.channels[2].url",
    ]


def test_a_literal_secret_is_not_repeated_in_the_message(tmp_path: Path) -> None:
    channel = "alerts: {channels: [{name: pr, url: 'slack://T0PSECRET/B/C'}]}\n"
    (fault,) = faults_of(written(tmp_path, MINIMAL + channel))
    assert "T0PSECRET" not in fault


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = load(written(tmp_path, MINIMAL))
    with pytest.raises(ValueError, match="frozen"):
        settings.store = Path("x")
    with pytest.raises(ValueError, match="frozen"):
        settings.brands[0].name = "x"


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    settings = load(written(tmp_path, MINIMAL + SOURCE))
    with pytest.raises(UsageError, match="configured: reviews"):
        settings.source("revews")


def test_words_that_yaml_1_1_would_turn_into_something_else_stay_words(tmp_path: Path) -> None:
    text = MINIMAL.replace("Zelvano", "no") + "digest: {weekly: {time: 07:30}}\n"
    settings = load(written(tmp_path, text))
    assert settings.brands[0].name == "no"
    assert settings.digest.weekly.time == time(7, 30)


@pytest.mark.parametrize("text", ["&a [*a]", "a: &a {b: *a}", "? [1, 2]\n: 3", "a: !!python/none"])
def test_odd_yaml_is_refused_with_a_message(tmp_path: Path, text: str) -> None:
    assert faults_of(written(tmp_path, text))


@pytest.mark.parametrize("text", ["1m", "90m", "1h", "36h", "1d"])
def test_durations_read_back_as_they_were_written(text: str) -> None:
    assert format_duration(parse_duration(text)) == text


def test_a_relative_secret_needs_no_folder_for_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_SECRET", " x ")
    assert Secret("env:SOME_SECRET").reveal() == "x"


def test_the_schema_for_editors_is_current_and_names_the_kinds() -> None:
    stored = (ROOT / describe.SCHEMA_FILE).read_text(encoding="utf-8")
    assert stored == describe.schema_text(), "run python -m monitor.config.describe"
    schema = json.loads(stored)
    assert schema["additionalProperties"] is False
    assert "reviews_page" in schema["$defs"]["Source"]["properties"]["kind"]["enum"]


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("config.yaml", True),
        ("tests/configs/bad-unknown-key.yaml", False),
        ("tests/configs/bad-unknown-kind.yaml", False),
        ("tests/configs/bad-unknown-trigger.yaml", False),
        ("tests/configs/bad-secret-in-file.yaml", False),
        ("tests/configs/bad-missing-operator.yaml", False),
    ],
)
def test_an_editor_with_the_schema_tells_good_from_bad(name: str, accepted: bool) -> None:
    jsonschema = pytest.importorskip("jsonschema")  # comes with altair
    document = parse((ROOT / name).read_text(encoding="utf-8"), name)
    checker = jsonschema.Draft202012Validator(json.loads(describe.schema_text()))
    assert checker.is_valid(document.data) is accepted


def test_the_page_of_all_keys_is_current() -> None:
    stored = (ROOT / describe.DOCS_FILE).read_text(encoding="utf-8")
    assert stored == describe.docs_text(), "run python -m monitor.config.describe"


def test_every_key_is_described() -> None:
    for path, model in describe.sections(Settings):
        for name, field in model.model_fields.items():
            assert field.description, f"{path}.{name}"
            assert "|" not in field.description, f"{path}.{name} breaks the table"


def test_reading_the_configuration_needs_no_heavy_library() -> None:
    code = (
        "import sys, monitor.config, monitor.kinds\n"
        "heavy = {'torch', 'transformers', 'scrapy', 'twisted', 'numpy', 'apprise', 'altair'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
