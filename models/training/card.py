"""The model card's table: `python -m models.training.card --data DIR [--splits test ood]`.

Prints one row a set with its language and kind as the application would know them, and one row a
language with the calibration error of all its texts together.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.sentiment import EMBEDDED, LABELS, Sentiment, open_sentiment
from models.training.data import data_files, json_lines, kind_of
from models.training.evaluate import Evaluation, figures


def table(paths: Sequence[Path], splits: Sequence[str], scorer: Sentiment) -> list[str]:
    """Markdown rows: set, split, n, accuracy, macro-F1, macro recall, ECE; then each language."""
    lines = ["| set | split | n | accuracy | macro-F1 | macro recall | ECE |", "|-|-|-|-|-|-|-|"]
    pooled: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for path in paths:
        language, name = path.parent.name, path.name.split(".")[0]
        for split in splits:
            rows = [row for row in json_lines(path) if row["split"] == split]
            if not rows:
                continue
            truth = np.array([LABELS.index(str(row["label"])) for row in rows])
            kinds = [kind_of(str(row["domain"])) or "" for row in rows]
            texts = [str(row["text"]) for row in rows]
            scored = scorer.score(texts, [language] * len(rows), kinds).astype(np.float64)
            pooled[language, split].append((scored, truth))
            lines.append(_line(f"{language}/{name}", split, figures(scored, truth)))
    for (language, split), parts in sorted(pooled.items()):
        scored = np.concatenate([_shared_out(*part) for part in parts])
        truth = np.concatenate([part[1] for part in parts])
        lines.append(_line(f"**{language}, all**", split, figures(scored, truth)))
    return lines


def _shared_out(scored: Any, truth: Any) -> Any:
    """Probabilities of a set without neutral shared out between negative and positive."""
    if (truth == 1).any():
        return scored
    scored = scored * np.array([1.0, 0.0, 1.0])
    return scored / scored.sum(axis=1, keepdims=True)


def _line(name: str, split: str, found: Evaluation) -> str:
    numbers = (found.accuracy, found.macro_f1, found.macro_recall, found.ece)
    return f"| {name} | {split} | {found.n} | " + " | ".join(f"{x:.3f}" for x in numbers) + " |"


def main() -> None:
    """Prints the table of the embedded scorer, or of another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default=EMBEDDED, help="embedded, ngrams, or a folder")
    parser.add_argument("--splits", nargs="+", default=["test", "ood"])
    options = parser.parse_args()
    scorer = open_sentiment(options.model)
    print("\n".join(table(data_files(options.data), options.splits, scorer)))


if __name__ == "__main__":
    main()
