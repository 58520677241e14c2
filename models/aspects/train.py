"""python -m models.aspects.train --data FOLDER: trains the polarity layer, writes its weights.

FOLDER holds `aspects/` (see `models.aspects.gold`) and `sentiment/`. Labelled aspects teach what
is said of an aspect in reviews; posts of the sentiment sets' dev splits that name an aspect teach
that many mentions are neutral. Test rows are never read.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save
from sklearn.linear_model import LogisticRegression

from models.aspects.gold import GROUP_OF, MIXED, Gold, read_gold
from models.aspects.polarity import FEATURES, SAYINGS, WEIGHTS, WHOLE_TEXT, features, sayings
from models.aspects.reader import AspectReader
from models.sentiment import LABELS, NGRAMS, open_sentiment
from models.training.data import json_lines

# Posts with human labels; only dev rows, which the sentiment model has not learnt by heart.
POSTS = (
    "ru/rusentiment_vk",
    "ru/sentirueval_tweets",
    "ru/rusentitweet",
    "cs/facebook_habernal",
    "fa/insta_zekavat",
    "en/semeval2017_twitter",
)
REVIEWS = (
    "cs/mall_habernal_partial",
    "cs/heureka_ddw_2017_proscons",
    "fa/snappfood_stars",
    "fa/digikala_minasmz",
    "en/tripadvisor_hotels",
)
# How much a text counts whose aspects are labelled differently. They are few, and without them
# the layer learns to repeat the whole text's sentiment, which is no news to anyone.
DISAGREEING = 10.0
HEADING = 2.5  # log-odds; enough to outweigh a statement that the sentiment model is sure of
ANY = "any aspect"
_SHORT = 200  # characters: a longer text's label may not be that of the aspect it names


def inputs_of(
    reader: AspectReader, rows: Sequence[Gold], kind: str
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float64]]:
    """Features (n, f), labels (n), weights (n) of the labelled aspects of `rows`.

    A text without a statement on a labelled aspect gives its whole as the statement.
    """
    pairs = [
        (row, group, label)
        for row in rows
        for group, label in row.aspects.items()
        if label != MIXED
    ]
    texts: list[Gold] = []
    statements: list[str] = []
    said: list[tuple[float, ...]] = []
    labels: list[int] = []
    weights: list[float] = []
    found = dict(
        zip(
            map(id, rows),
            reader.statements([r.text for r in rows], [r.language for r in rows]),
            strict=True,
        )
    )
    for row, group, label in pairs:
        groups = GROUP_OF.get(row.dataset, {})
        mentions = [
            (statement, aspect)
            for statement in found[id(row)]
            for aspect in statement.polarities
            if group in (ANY, groups.get(aspect))
        ]
        for statement, aspect in mentions:
            texts.append(row)
            statements.append(row.text[statement.start : statement.end])
            said.append(sayings(statement, aspect, len(row.text)))
        if not mentions and group != ANY:
            texts.append(row)
            statements.append(row.text)
            said.append(WHOLE_TEXT)
        count = len(texts) - len(labels)
        labels += [LABELS.index(label)] * count
        disagree = len({*row.aspects.values()} - {"neutral"}) > 1
        weights += [(DISAGREEING if disagree else 1.0) / max(count, 1)] * count
    languages, kinds = [row.language for row in texts], [kind] * len(texts)
    score = reader.sentiment.score
    inputs = features(
        score(statements, languages, kinds),
        score([row.text for row in texts], languages, kinds),
        np.array(said, np.float32).reshape(-1, SAYINGS),
    )
    return inputs, np.array(labels), np.array(weights)


def posts(folder: Path, names: Sequence[str]) -> list[Gold]:
    """Short dev rows of sentiment sets, their label meant for any aspect they name."""
    rows = []
    for name in names:
        for row in json_lines(folder / f"{name}.jsonl.gz"):
            if row["split"] == "dev" and len(str(row["text"])) <= _SHORT:
                text, label = str(row["text"]), str(row["label"])
                rows.append(Gold(name, name[:2], text, "dev", {ANY: label}))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    reader = AspectReader(open_sentiment(NGRAMS))
    gold = [row for row in read_gold(options.data / "aspects") if row.split == "train"]
    parts = [
        *(
            inputs_of(reader, [r for r in gold if r.language == code], "review")
            for code in ("en", "ru", "fa")
        ),
        inputs_of(reader, posts(options.data / "sentiment", POSTS), "post"),
        inputs_of(reader, posts(options.data / "sentiment", REVIEWS), "review"),
    ]
    inputs, labels = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    # Each part counts like a thousand rows or as many as it has, whichever is less.
    weights = np.concatenate([p[2] * min(1.0, 1000 / p[2].sum()) for p in parts])
    model = LogisticRegression(C=1.0, max_iter=2000, fit_intercept=False)
    model.fit(inputs, labels, sample_weight=weights)
    # No labelled set has headings; "Cons: delivery" is negative whatever the sentiment model says.
    model.coef_[:, FEATURES.index("heading")] = (-HEADING, 0.0, HEADING)
    table = np.ascontiguousarray(model.coef_.T.astype(np.float32))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "model.safetensors").write_bytes(save({"polarity": table}))
    config = {
        "features": list(FEATURES),
        "labels": list(LABELS),
        "rows": len(labels),
        "sentiment": reader.sentiment.revision,
    }
    text = json.dumps(config, indent=1, ensure_ascii=False) + "\n"
    (options.out / "config.json").write_text(text, encoding="utf-8")
    print(f"{len(labels)} rows")
    for name, row in zip(FEATURES, table, strict=True):
        print(f"{name:30}", *(f"{value:7.2f}" for value in row))


if __name__ == "__main__":
    main()
