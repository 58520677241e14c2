"""The one table over all recordings has no row that is neither equal nor explained."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.recordings.recorded import FOLDER
from tests.recordings.rows import ROOT

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="no recordings beside the checkout"),
]


def test_the_table_has_every_module_and_nothing_unexplained() -> None:
    command = [sys.executable, "-m", "tests.recordings.table"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "NOT AS EXPECTED" not in done.stdout
    spiders = {line.split()[0] for line in done.stdout.splitlines() if " equal" in line}
    assert spiders >= {"app_store", "discourse", "feed", "mastodon", "reviews_page", "json_api"}
    assert spiders >= {"heureka", "youtube", "vk", "bluesky"}
