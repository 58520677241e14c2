"""What the embedded model reaches on the labelled sets and the behavioural suites.

`python -m tests.eval.pin` writes the floors from it, the tests here hold the model to them.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from models.behaviour import LANGUAGES, failures
from models.sentiment import LABELS, Sentiment
from models.training.data import data_files, json_lines, kind_of
from models.training.evaluate import calibration_error, figures

DATA = Path(__file__).parents[3] / "shared" / "data" / "sentiment"
FEWEST = 300  # a smaller set moves by whole points when one text does
JUDGED = ("test", "ood")


def suites(scorer: Sentiment) -> dict[str, dict[str, float]]:
    """Language -> suite -> share of failures."""
    return {
        code: {suite: failed / n for suite, (failed, n) in failures(scorer, code).items()}
        for code in LANGUAGES
    }


def sets(scorer: Sentiment) -> dict[str, dict[str, float]]:
    """`language/set split` -> macro_f1 and accuracy of every set of at least FEWEST texts, and
    `language, all` -> ece of all test texts of a language."""
    found: dict[str, dict[str, float]] = {}
    sure: dict[str, list[tuple[np.ndarray, np.ndarray]]] = defaultdict(list)  # type: ignore[type-arg]
    for path in data_files(DATA):
        language, name = path.parent.name, path.name.split(".")[0]
        rows = list(json_lines(path))
        for split in JUDGED:
            own = [row for row in rows if row["split"] == split]
            if len(own) < FEWEST:
                continue
            truth = np.array([LABELS.index(str(row["label"])) for row in own])
            kinds = [kind_of(str(row["domain"])) or "" for row in own]
            texts = [str(row["text"]) for row in own]
            scored = scorer.score(texts, [language] * len(own), kinds).astype(np.float64)
            result = figures(scored, truth)
            found[f"{language}/{name} {split}"] = {
                "macro_f1": round(result.macro_f1, 4),
                "accuracy": round(result.accuracy, 4),
            }
            if split == "test":
                if not (truth == 1).any():
                    scored[:, 1] = 0
                    scored /= scored.sum(axis=1, keepdims=True)
                sure[language].append((scored.max(axis=1), scored.argmax(axis=1) == truth))
    for language, parts in sure.items():
        confidence, right = (np.concatenate(each) for each in zip(*parts, strict=True))
        found[f"{language}, all"] = {"ece": round(calibration_error(confidence, right), 4)}
    return found
