"""What any reader of four languages must get right, as sentences written for this project.

`<language>.jsonl` holds cases: a text with its label (suites negation, contrast, names, ...), or a
text with a variant that must not change the label (suites invariance-...). None of them is trained
on. `tests/eval` holds the embedded model to floors; `monitor train` shows what an adapted model
gains and loses here.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from importlib import resources
from typing import Any

from models.sentiment import LABELS, Sentiment

LANGUAGES = ("ru", "cs", "fa", "en")
INVARIANCE = "invariance"


@lru_cache
def cases(language: str) -> tuple[dict[str, Any], ...]:
    """The cases of a language: `text`, `suite`, and `label` or `variant`."""
    file = resources.files("models.behaviour") / f"{language}.jsonl"
    return tuple(json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())


def failures(scorer: Sentiment, language: str) -> dict[str, tuple[int, int]]:
    """Suite -> (failures, cases) of one language; all invariance suites count as one."""
    rows = cases(language)
    given = _labels(scorer, [row["text"] for row in rows], language)
    other = _labels(scorer, [row.get("variant", row["text"]) for row in rows], language)
    failed: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for row, label, variant in zip(rows, given, other, strict=True):
        suite = INVARIANCE if "variant" in row else row["suite"]
        count[suite] += 1
        failed[suite] += label != variant if "variant" in row else label != row["label"]
    return {suite: (failed[suite], number) for suite, number in count.items()}


def _labels(scorer: Sentiment, texts: list[str], language: str) -> list[str]:
    rows = scorer.score(texts, [language] * len(texts), ["review"] * len(texts))
    return [LABELS[index] for index in rows.argmax(axis=1)]
