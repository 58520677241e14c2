"""`monitor serve` as it runs: a real process, and a real browser where there is one."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from web_shelf import Shelf

from monitor.config import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
COMMAND = [sys.executable, "-m", "monitor"]


@contextmanager
def served(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """(process, URL) of `monitor serve` on a free port; killed at the end if it still runs."""
    arguments = ["-c", str(settings.path), "serve", "--port", "0"]
    with subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Dashboard: http://127.0.0.1:"), line + process.stdout.read()
            yield process, line.split()[1]
        finally:
            process.kill()


def test_serves_until_sigterm_and_ends_cleanly(settings: Settings, shelf: Shelf) -> None:
    with served(settings) as (process, url):
        with urllib.request.urlopen(url + "mentions?language=fa") as response:
            assert "کتاب‌ها" in response.read().decode()
            assert "uvicorn" not in str(response.headers).lower()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stdout is not None
        assert process.stdout.read() == ""


def test_store_is_made_when_there_is_none(settings: Settings) -> None:
    with served(settings) as (_, url), urllib.request.urlopen(url) as response:
        assert "Zelvano" in response.read().decode()


@pytest.mark.parametrize(
    ("host", "code", "sentence"),
    [("0.0.0.0", 2, "it has no passwords yet"), ("127.0.0.1", 1, "choose another with --port")],
)
def test_refusal_is_one_line(settings: Settings, host: str, code: int, sentence: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        arguments = ["-c", str(settings.path), "serve", "--host", host, "--port", port]
        done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == code
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def _browse(profile: Path, url: str) -> tuple[str, list[str]]:
    """The page as a browser built it, and what it wrote to its console."""
    assert CHROMIUM is not None
    flags = [
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={profile}", "--enable-logging=stderr", "--log-level=0", "--dump-dom",
    ]  # fmt: skip
    done = subprocess.run([CHROMIUM, *flags, url], capture_output=True, timeout=120)
    console = [
        line for line in done.stderr.decode("utf-8", "replace").splitlines() if "CONSOLE" in line
    ]
    return done.stdout.decode(), console


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
def test_browser_shows_the_pages_and_runs_nothing(
    settings: Settings, shelf: Shelf, tmp_path: Path
) -> None:
    with served(settings) as (_, url):
        profile = tmp_path / "profile"
        for path in (
            "",
            "trends",
            "mentions?source=forum",
            "sources",
            "sources/forum",
            f"mentions/{shelf.ids['en1']}",
            "alerts/1",
        ):
            html, console = _browse(profile, url + path)
            assert console == [], "the policy blocks nothing that a page needs"
            assert "<main" in html
            assert "<title>owned" not in html
        # The console is really read: here a script is blocked, in the frame's own document.
        html, console = _browse(profile, url + "digests/1/body")
        assert any("Blocked script execution" in line for line in console)
        assert "زلوانو" in html
        assert "<title>D</title>" in html
