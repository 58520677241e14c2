"""python -m models.aspects.evaluate --data FOLDER [--split dev|test]: how well aspects are read.

Prints for each labelled set: precision, recall and F1 of finding the groups of aspects
(`models.aspects.gold` says which), the accuracy of polarity on the labelled aspects (the whole
text is judged where the aspect was not found), and F1 of group and polarity together.
"""

from __future__ import annotations

import argparse
import collections
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.aspects.gold import GROUP_OF, MIXED, Gold, read_gold
from models.aspects.polarity import WHOLE_TEXT, Polarity, features
from models.aspects.reader import Aspect, AspectReader
from models.sentiment import LABELS, NGRAMS, open_sentiment


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and shares (0..1) for one labelled set; `found` is the share of aspects found."""

    texts: int
    precision: float
    recall: float
    f1: float
    polarity: float
    majority: float
    disagreeing: float
    joint_f1: float
    by_group: Mapping[str, tuple[float, float, int]]


def evaluate(reader: AspectReader, rows: Sequence[Gold]) -> Figures:
    """Figures of one set's rows, all of one dataset."""
    found = groups_found(reader, rows)
    whole = whole_text_labels(reader, rows)
    hits: collections.Counter[str] = collections.Counter()
    guessed: collections.Counter[str] = collections.Counter()
    wanted: collections.Counter[str] = collections.Counter()
    right, joint, labels = 0, 0, []
    apart: list[bool] = []
    for row, own, fallback in zip(rows, found, whole, strict=True):
        guessed.update(own.keys())
        wanted.update(row.aspects.keys())
        hits.update(own.keys() & row.aspects.keys())
        for group, label in row.aspects.items():
            joint += group in own and own[group] == label
            if label != MIXED:
                labels.append(label)
                right += own.get(group, fallback) == label
                if {"negative", "positive"} <= set(row.aspects.values()) and label != "neutral":
                    apart.append(own.get(group, fallback) == label)
    total = f_score(sum(hits.values()), sum(guessed.values()), sum(wanted.values()))
    by_group = {
        group: (hits[group] / max(guessed[group], 1), hits[group] / wanted[group], wanted[group])
        for group in sorted(wanted)
    }
    return Figures(
        len(rows),
        *total,
        right / max(len(labels), 1),
        max(collections.Counter(labels).values(), default=0) / max(len(labels), 1),
        sum(apart) / max(len(apart), 1),
        f_score(joint, sum(guessed.values()), sum(wanted.values()))[2],
        by_group,
    )


def f_score(hits: int, guessed: int, wanted: int) -> tuple[float, float, float]:
    """Precision, recall and F1, 0 where nothing was guessed or wanted."""
    return hits / max(guessed, 1), hits / max(wanted, 1), 2 * hits / max(guessed + wanted, 1)


def groups_found(reader: AspectReader, rows: Sequence[Gold]) -> list[dict[str, str]]:
    """Group -> label of each row, the surest of our aspects speaking for its group."""
    read = reader.read(
        [row.text for row in rows], [row.language for row in rows], ["review"] * len(rows)
    )
    result = []
    for row, aspects in zip(rows, read, strict=True):
        best: dict[str, Aspect] = {}
        for aspect in aspects:
            group = GROUP_OF[row.dataset].get(aspect.aspect)
            if group and (group not in best or _rank(aspect) > _rank(best[group])):
                best[group] = aspect
        result.append({group: aspect.label for group, aspect in best.items()})
    return result


def _rank(aspect: Aspect) -> tuple[bool, float]:
    return aspect.label != "neutral", aspect.confidence


def whole_text_labels(reader: AspectReader, rows: Sequence[Gold]) -> list[str]:
    """What the polarity layer says of each text as one statement."""
    scores = reader.sentiment.score(
        [row.text for row in rows], [row.language for row in rows], ["review"] * len(rows)
    )
    said = np.tile(np.array([WHOLE_TEXT], np.float32), (len(rows), 1))
    judged = Polarity.open().probabilities(features(scores, scores, said))
    return [LABELS[place] for place in judged.argmax(axis=1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=("train", "dev", "test"), default="test")
    options = parser.parse_args()
    reader = AspectReader(open_sentiment(NGRAMS))
    rows = [row for row in read_gold(options.data) if row.split == options.split]
    print(f"{reader.revision}, {options.split}")
    for dataset in GROUP_OF:
        figures = evaluate(reader, [row for row in rows if row.dataset == dataset])
        print(
            f"{dataset:15} {figures.texts:5} texts  find P {figures.precision:.3f} "
            f"R {figures.recall:.3f} F1 {figures.f1:.3f}  polarity {figures.polarity:.3f} "
            f"(most frequent {figures.majority:.3f}, "
            f"where aspects disagree {figures.disagreeing:.3f})  both F1 {figures.joint_f1:.3f}"
        )
        for group, (precision, recall, count) in figures.by_group.items():
            print(f"    {group:12} P {precision:.3f} R {recall:.3f} of {count}")


if __name__ == "__main__":
    main()
