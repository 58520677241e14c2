"""The embedded model on sentences that say what a careful reader says; floors only go up."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import pytest

from models.behaviour import LANGUAGES, failures
from models.sentiment import Sentiment, open_sentiment

FOLDER = Path(__file__).parent
FLOORS: dict[str, dict[str, float]] = json.loads((FOLDER / "floors.json").read_text())
"""Language -> suite -> largest share of failures."""


@lru_cache
def scorer() -> Sentiment:
    return open_sentiment()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_suite_fails_more_than_its_floor(language: str) -> None:
    found = failures(scorer(), language)
    assert set(found) == set(FLOORS[language]), (
        "a suite without a floor, or a floor without a suite"
    )
    assert sum(count for _, count in found.values()) >= 200
    worse = {
        suite: f"{failed}/{count}"
        for suite, (failed, count) in found.items()
        if failed / count > FLOORS[language][suite] + 1e-9
    }
    assert not worse
