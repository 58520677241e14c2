"""How well a scorer agrees with labelled texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.sentiment import LABELS, Sentiment
from models.training.data import json_lines, kind_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BINS = 15  # of equal width, the usual choice for expected calibration error


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Precision, recall and F1 (0..1) of one label, and how many texts carry it."""

    precision: float
    recall: float
    f1: float
    n: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Agreement with the labels of one set, all but `n` in 0..1.

    `macro_f1` and `macro_recall` are means over the labels that occur in the set; `ece` is the
    expected calibration error of the probability given to the label that was chosen.
    """

    n: int
    accuracy: float
    macro_f1: float
    macro_recall: float
    ece: float
    per_class: Mapping[str, ClassFigures]


def read_rows(path: str | Path) -> list[dict[str, Any]]:
    """The labelled rows of a .jsonl or .jsonl.gz file.

    Raises ValueError naming file and line number when a row has no text or no known label.
    """
    rows = []
    for number, row in enumerate(json_lines(Path(path)), start=1):
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise ValueError(f'{path}, row {number}: no "text"')
        if row.get("label") not in LABELS:
            raise ValueError(f'{path}, row {number}: "label" must be one of {", ".join(LABELS)}')
        rows.append(row)
    return rows


def evaluate(rows: Iterable[Mapping[str, Any]], scorer: Sentiment) -> Evaluation:
    """The figures of `scorer` on rows with text, label and, where known, kind or domain, language.

    In a set without neutral texts the probabilities are shared out anew between negative and
    positive, so that a binary set asks a binary question. A language that is not given is
    recognised from the text. Raises ValueError on an empty set.
    """
    import numpy as np

    listed = list(rows)
    if not listed:
        raise ValueError("no labelled rows to evaluate")
    texts = [str(row["text"]) for row in listed]
    kinds = [str(row.get("kind") or kind_of(row.get("domain")) or "") for row in listed]
    truth = np.array([LABELS.index(row["label"]) for row in listed])
    probabilities = scorer.score(texts, languages_of(listed, texts), kinds)
    return figures(np.asarray(probabilities, dtype=np.float64), truth)


def languages_of(rows: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> list[str]:
    """The language each row states, or the one its text is recognised to be in.

    Rows of one file come from one source as a rule: the language that most of them state or show
    is the hint for the short and doubtful ones.
    """
    from models.language import OTHER, identify

    stated = [str(row.get("language") or "") for row in rows]
    shown = [language.code for language in identify(texts)]
    first = [code or seen for code, seen in zip(stated, shown, strict=True)]
    usual, count = Counter(first).most_common(1)[0]
    if usual == OTHER or count < 0.6 * len(first):
        return first
    hinted = identify(texts, [usual] * len(texts))
    return [code or language.code for code, language in zip(stated, hinted, strict=True)]


def figures(probabilities: NDArray[np.float64], truth: NDArray[np.int64]) -> Evaluation:
    """Figures of probabilities (n, 3) against label numbers (n,), 0 negative .. 2 positive."""
    import numpy as np

    occurring = [place for place in range(len(LABELS)) if (truth == place).any()]
    if 1 not in occurring:
        probabilities = probabilities * np.array([1.0, 0.0, 1.0])
        totals = probabilities.sum(axis=1, keepdims=True)
        probabilities = np.where(totals > 0, probabilities / np.where(totals > 0, totals, 1), 0.5)
        probabilities[:, 1] = 0.0
    chosen = probabilities.argmax(axis=1)
    per_class = {LABELS[place]: _class_figures(chosen, truth, place) for place in occurring}
    return Evaluation(
        n=len(truth),
        accuracy=float((chosen == truth).mean()),
        macro_f1=float(np.mean([each.f1 for each in per_class.values()])),
        macro_recall=float(np.mean([each.recall for each in per_class.values()])),
        ece=calibration_error(probabilities.max(axis=1), chosen == truth),
        per_class=per_class,
    )


def _class_figures(chosen: NDArray[np.int64], truth: NDArray[np.int64], place: int) -> ClassFigures:
    right = int(((chosen == place) & (truth == place)).sum())
    predicted, actual = int((chosen == place).sum()), int((truth == place).sum())
    return ClassFigures(
        precision=right / predicted if predicted else 0.0,
        recall=right / actual if actual else 0.0,
        f1=2 * right / (predicted + actual) if predicted + actual else 0.0,
        n=actual,
    )


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error (0..1): how far confidence and success lie apart, by bin."""
    import numpy as np

    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    error = 0.0
    for place in np.unique(bins):
        inside = bins == place
        error += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return float(error)
