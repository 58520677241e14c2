"""The embedded model on the labelled sets, where they are at hand; floors only go up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.sentiment import open_sentiment
from models.training.data import data_files, digest
from tests.eval.measured import DATA, sets

FLOORS = json.loads((Path(__file__).parent / "sets.json").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the labelled sets are not part of the project")
def test_no_set_falls_below_its_floor() -> None:
    assert FLOORS["data_sha256"] == digest(data_files(DATA)), (
        "the labelled sets are others than the floors were pinned on: python -m tests.eval.pin"
    )
    below = {
        f"{name} {measure}": (value, FLOORS[name][measure])
        for name, values in sets(open_sentiment()).items()
        for measure, value in values.items()
        if (value > FLOORS[name][measure] if measure == "ece" else value < FLOORS[name][measure])
    }
    assert not below


def test_calibration_is_pinned_within_what_was_promised() -> None:
    errors = [floor["ece"] for name, floor in FLOORS.items() if name.endswith(", all")]
    assert len(errors) >= 4
    assert max(errors) <= 0.05
