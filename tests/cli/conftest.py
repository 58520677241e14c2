"""The command line called within the test's process: its exit code, output and errors."""

from __future__ import annotations

import io
import sys

import pytest
from support import Call, Config, Said

from monitor.cli import main
from monitor.cli.common import console


@pytest.fixture
def call(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """`call("status", "--json")` in the configuration's folder; `input` is what stdin holds."""
    monkeypatch.chdir(config.folder)
    # The console is made when the first test of the process imports it, whatever its terminal is.
    monkeypatch.setattr(console, "_width", 200)

    def run(*arguments: str, input: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "argv", ["monitor", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(input), "utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, errors = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Said(code, out, errors)

    return run
