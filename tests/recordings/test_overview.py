"""The one table over all recordings has no row that is neither equal nor explained."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.recordings.recorded import FOLDER, files
from tests.recordings.rows import ROOT

pytestmark = [
    pytest.mark.recordings,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="no recordings beside the checkout"),
]

_HUNG = 1_500
"""Seconds: the table takes one or two minutes, and ten beside two trainings on two cores."""


def test_every_recording_is_in_a_row_that_is_explained_or_said_to_be_in_none() -> None:
    command = [sys.executable, "-m", "tests.recordings.table", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=_HUNG)
    assert done.returncode == 0, done.stdout + done.stderr
    table = json.loads(done.stdout)
    assert table["faults"] == 0
    spiders = {row["spider"] for row in table["rows"]}
    assert spiders >= {"app_store", "discourse", "feed", "mastodon", "reviews_page", "json_api"}
    assert spiders >= {"heureka", "youtube", "vk", "bluesky"}
    for row in table["rows"]:
        assert row["stored"] == row["expected"] or row["expected"] is None, row
        assert row["index"] == row["expected"] or row["verdict"] != "equal", row
    named = [*table["rows"], *table["in_no_row"]]
    told = {name for one in named for name in one["files"]}
    told |= {row["recording"] for row in table["robots"]}
    assert told == set(files(".")) - {"INDEX.md"}
    keyed = {(row["spider"], row["recording"]): row["stored"] for row in table["rows"]}
    assert keyed["heureka", "heureka/eshop-reviews.xml"] == 5
    assert keyed["bluesky", "bluesky/thread_view_post_with_embed_media.json"] == 0
    assert {"zbozi", "google_business"} <= table["not_recorded"].keys()
    docs = (ROOT / "docs" / "sources.md").read_text("utf-8")
    told = docs.partition("nobody has recorded")[2].partition("are held to")[0]
    # No recordings of these could be had: they read files, and whatever somebody wrote.
    assert set(re.findall(r"`(\w+)`", told)) == table["not_recorded"].keys() - {"import", "scrapy"}
