"""The command line as a whole: quick to answer, clear in its errors, fit for scripts."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pytest
from support import ROOT, Call, Config, run_command

from monitor.cli import COMMANDS

HEAVY = ("torch", "transformers", "scrapy", "twisted", "numpy", "scipy", "sklearn", "altair")


def child_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_help_answers_in_half_a_second(tmp_path: Path) -> None:
    seconds = []
    for _ in range(3):  # processor time: how busy the machine is does not matter
        before = child_seconds()
        done = run_command([sys.executable, "-m", "monitor", "--help"], tmp_path)
        seconds.append(child_seconds() - before)
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    assert min(seconds) < 0.5


@pytest.mark.parametrize(
    ("heavy", "names"),
    [
        (HEAVY, [""]),
        (("torch", "transformers", "scrapy", "twisted", "altair"), list(COMMANDS)),
    ],
)
def test_help_loads_nothing_heavy(tmp_path: Path, heavy: tuple[str, ...], names: list[str]) -> None:
    script = (
        "import sys\nfrom monitor.cli import cli\n"
        f"for name in {names!r}:\n"
        "    cli([name, '--help'] if name else ['--help'], standalone_mode=False)\n"
        f"print('loaded:', [name for name in {heavy!r} if name in sys.modules])\n"
    )
    done = run_command([sys.executable, "-c", script], tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded: []"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(call: Call, name: str) -> None:
    said = call(name, "--help")
    assert said.code == 0
    assert said.out.startswith("Usage: ")


def test_status_and_search_load_no_model_and_no_spider(config: Config) -> None:
    config.write({})
    script = (
        "import sys\nfrom monitor.cli import cli\n"
        "cli(['status'], standalone_mode=False)\ncli(['search', 'x'], standalone_mode=False)\n"
        "print([name for name in sys.modules if name.split('.')[0] in"
        " ('torch', 'sklearn', 'scrapy', 'models')])\n"
    )
    done = run_command([sys.executable, "-c", script], config.folder)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nonsense"], 2, "No such command 'nonsense'"),
        (["status", "--nonsense"], 2, "No such option"),
        (["collect", "nosuch"], 2, "error: no source is called 'nosuch'; configured: shop, files"),
        (["collect", "files"], 2, "use `monitor import` for it"),
        (["--config", "nowhere.yaml", "status"], 2, "nowhere.yaml"),
        (["alerts", "ack", "7"], 2, "no alert 7"),
        (["import", "nowhere.csv", "--source", "x"], 2, "does not exist"),
        (["try", "nowhere.csv"], 2, "no such file, and no http(s) address"),
        (["try", "http://x.example.com/", "--kind", "nosuch"], 2, "'nosuch' is not one of"),
        (["trends", "--brand", "Nobody"], 2, "no brand is called 'Nobody'"),
        (["collect"], 1, ""),  # its only source is a dead address
    ],
)
def test_an_error_is_said_in_words_with_its_exit_code(
    call: Call, config: Config, arguments: list[str], code: int, words: str
) -> None:
    config.write({"shop": "http://127.0.0.1:9/"})
    with config.path.open("a", encoding="utf-8") as file:
        file.write("  - {name: files, kind: import, brand: Acme}\n")
    said = call(*arguments)
    assert (said.code, said.out if words else "") == (code, "")
    assert words in said.errors
    assert "Traceback" not in said.errors
    assert len([line for line in said.errors.splitlines() if line.startswith("error:")]) <= 1


def test_a_faulty_configuration_lists_every_fault(call: Call, config: Config) -> None:
    config.write({"shop": "not an address"}, rules="[{name: x, when: never}]")
    said = call("status")
    assert said.code == 2
    assert "sources[0].url" in said.errors
    assert "alerts.rules[0]" in said.errors
    as_json = call("check", "--json")
    assert as_json.code == 2
    assert {"sources[0].url"} <= {fault["path"] for fault in as_json.json}


@pytest.mark.parametrize("flags", [[], ["--debug"]])
def test_what_nobody_foresaw_is_one_line_unless_debugging(
    call: Call, config: Config, flags: list[str]
) -> None:
    config.write({})
    config.database.write_text("this is no database at all, but a text", encoding="utf-8")
    if flags:
        done = config.run("--debug", "status")
        assert done.returncode == 1
        assert "Traceback" in done.stderr
        return
    said = call("status")
    assert said.code == 1
    assert said.errors == (
        "error: DatabaseError: file is not a database (run again with --debug for the traceback)\n"
    )


def test_the_version_is_that_of_the_package(call: Call) -> None:
    said = call("--version")
    assert said.code == 0
    version = (ROOT / "pyproject.toml").read_text("utf-8").split('version = "')[1].split('"')[0]
    assert said.out == f"monitor, version {version}\n"


def test_a_reader_that_goes_away_is_no_error(config: Config) -> None:
    config.write({})
    command = f"'{sys.executable}' -m monitor kinds --json | head -c 1"
    done = run_command(["bash", "-c", f"set -o pipefail; {command}"], config.folder)
    assert done.stdout == "{"
    assert "Traceback" not in done.stderr
