"""The embedded model on sentences that say what a careful reader says; floors only go up."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from models.sentiment import LABELS, Sentiment, open_sentiment

FOLDER = Path(__file__).parent
FLOORS: dict[str, dict[str, float]] = json.loads((FOLDER / "floors.json").read_text())
"""Language -> suite -> largest share of failures."""


@lru_cache
def scorer() -> Sentiment:
    return open_sentiment()


def failures(language: str) -> dict[str, tuple[int, int]]:
    """Suite -> (failures, cases); all invariance suites count as one."""
    lines = (FOLDER / "behaviour" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    given = _labels([row["text"] for row in rows], language)
    other = _labels([row.get("variant", row["text"]) for row in rows], language)
    failed: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    for row, label, variant in zip(rows, given, other, strict=True):
        suite = "invariance" if "variant" in row else row["suite"]
        cases[suite] += 1
        failed[suite] += label != variant if "variant" in row else label != row["label"]
    return {suite: (failed[suite], count) for suite, count in cases.items()}


def _labels(texts: list[str], language: str) -> list[str]:
    rows = scorer().score(texts, [language] * len(texts), ["review"] * len(texts))
    return [LABELS[index] for index in rows.argmax(axis=1)]


@pytest.mark.parametrize("language", ["ru", "cs", "fa", "en"])
def test_no_suite_fails_more_than_its_floor(language: str) -> None:
    found = failures(language)
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


if __name__ == "__main__":  # prints the table of failures
    for code in ("ru", "cs", "fa", "en"):
        print(code, {suite: f"{f}/{n}" for suite, (f, n) in failures(code).items()})
