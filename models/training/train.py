"""Trains the embedded n-gram tier: `python -m models.training.train --data DIR --out DIR`.

Repeats itself exactly: seeds are fixed, files are read in sorted order and the manifest beside
the weights names the sets, the rows used and the digest of the data.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.features import hashed_features
from models.ngram import KINDS, NgramSentiment
from models.sentiment import LABELS, Errors, Sentiment
from models.text import fold_many
from models.training import data
from models.training.calibrate import error_rates, temperatures
from models.training.data import Example
from models.training.regression import Fitted, Problem, fit

Floats = NDArray[np.float32]

LANGUAGES = ("", "ru", "cs", "fa", "en", "sk")  # "" is any other, or not known
TABLE_OF_KIND = (0, 1, 2, 2, 0)  # news has too few texts for weights of its own; it has a bias
LICENCE = "non-commercial: trained in part on CC BY-NC-SA texts, see models/README.md"
_BATCH = 2000


@dataclass(frozen=True)
class Recipe:
    """The numbers that were chosen on the dev texts; models/README.md says how."""

    bits: int = 20
    gain: float = 6.0
    ridge: float = 12.0
    gate_ridge: float = 1.0
    rounds: int = 60
    softness: float = 0.15  # how neutral a review of two or four stars is
    set_power: float = 0.7  # a set of n rows counts as n ** power of the first 8,000
    class_power: float = 0.5  # 0: classes as frequent as in the set, 1: all equally
    respelled: float = 0.15  # rows shown as typed without accents or joiners
    kind_dropout: float = 0.25  # rows trained as if their kind were not known
    seed: int = 20261122
    trained: str = "2026.11"


def sparse_features(folded: Sequence[str], bits: int) -> sp.csr_matrix:
    """Ones at each text's hashed features, shape (texts, 2**bits)."""
    indices, counts = [], []
    for start in range(0, len(folded), _BATCH):
        found = hashed_features(folded[start : start + _BATCH], bits)
        indices.append(found.buckets.astype(np.int32))
        counts.append(np.bincount(found.rows, minlength=found.count))
    ends = np.concatenate(([0], np.cumsum(np.concatenate(counts))))
    columns = np.concatenate(indices)
    ones = np.ones(len(columns), np.float32)
    return sp.csr_matrix((ones, columns, ends), shape=(len(folded), 1 << bits))


def rarity(features: sp.csr_matrix) -> Floats:
    """A factor for each bucket that grows with how few texts have it (a smoothed, tamed idf)."""
    texts = np.bincount(features.indices, minlength=features.shape[1])
    factor = np.log(1e5 / (texts + 20.0)).clip(0.3, None) / 4.0
    return np.asarray(factor, np.float32)


def row_weights(examples: Sequence[Example], recipe: Recipe) -> Floats:
    """How much each row counts: trust in its set, large sets and frequent classes held back."""
    sizes = Counter(example.dataset for example in examples)
    classes = Counter((example.dataset, example.label) for example in examples)
    present = Counter(dataset for dataset, _ in classes)
    share = {
        (name, label): data.ROW_WEIGHTS.get(name, 1.0)
        * max(1.0, sizes[name] / 8000) ** (recipe.set_power - 1)
        * (sizes[name] / present[name] / count) ** recipe.class_power
        for (name, label), count in classes.items()
    }
    return np.array([share[each.dataset, each.label] for each in examples], np.float32)


def kinds_shown(
    examples: Sequence[Example], recipe: Recipe, rng: np.random.Generator
) -> NDArray[np.int64]:
    """The kind each training row is shown with: its own, at times comment, at times unknown."""
    kinds = np.array([KINDS.index(example.kind or "unknown") for example in examples])
    answers = np.array([example.dataset in data.COMMENT_SETS for example in examples])
    kinds[answers & (rng.random(len(kinds)) < 0.5)] = KINDS.index("comment")
    kinds[rng.random(len(kinds)) < recipe.kind_dropout] = 0
    return kinds


def languages_shown(examples: Sequence[Example], rng: np.random.Generator) -> NDArray[np.int64]:
    """The language each row is shown with; a tenth of the rows go without."""
    languages = np.array([LANGUAGES.index(example.language) for example in examples])
    languages[rng.random(len(languages)) < 0.1] = 0
    return languages


def binary_sets(examples: Sequence[Example]) -> set[str]:
    """Sets in which no text is neutral."""
    with_neutral = {each.dataset for each in examples if each.label == "neutral"}
    return {each.dataset for each in examples} - with_neutral


def train(examples: Sequence[Example], recipe: Recipe) -> tuple[Fitted, Floats]:
    """Weights fitted to the train rows, and the bucket factors already folded into them."""
    rng = np.random.default_rng(recipe.seed)
    features = sparse_features(_folded(examples, recipe, rng), recipe.bits)
    factor = rarity(features)
    sizes = np.diff(features.indptr)
    features.data = factor[features.indices]
    features.data *= np.repeat(recipe.gain / np.sqrt(np.maximum(sizes, 1)), sizes).astype("f4")
    kinds, languages = kinds_shown(examples, recipe, rng), languages_shown(examples, rng)
    gates = np.asarray(TABLE_OF_KIND)[kinds]
    order = np.argsort(gates, kind="stable")
    alone = binary_sets(examples)
    targets = [data.ordinal_target(example, recipe.softness) for example in examples]
    problem = Problem(
        features[order],
        np.array(targets, np.float32)[order],
        row_weights(examples, recipe)[order],
        np.array([example.dataset in alone for example in examples])[order],
        gates[order],
        (languages * len(KINDS) + kinds)[order],
        max(TABLE_OF_KIND) + 1,
        len(LANGUAGES) * len(KINDS),
    )
    fitted = fit(problem, recipe.ridge, recipe.gate_ridge, recipe.rounds, _say)
    return Fitted(fitted.tables * factor[None, :, None], fitted.bias), factor


def _folded(examples: Sequence[Example], recipe: Recipe, rng: np.random.Generator) -> list[str]:
    """Folded texts, some of them respelled first."""
    changed = rng.random(len(examples)) < recipe.respelled
    texts = [
        data.respelled(example) if change else example.text
        for example, change in zip(examples, changed, strict=True)
    ]
    batches = (fold_many(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH))
    return [text for batch in batches for text in batch]


def save(
    fitted: Fitted,
    recipe: Recipe,
    out: Path,
    temperature: Sequence[float] | None = None,
    errors: Sequence[Errors] = (),
) -> None:
    """Writes model.safetensors (weights of negative and positive against neutral, 8 bits) and
    config.json, each in one move so that a reader never meets half a file."""
    from safetensors.numpy import save as to_bytes

    against = fitted.tables[:, :, [0, 2]] - fitted.tables[:, :, [1]]
    scale = np.array([[_step(column) for column in table.T] for table in against])[:, None, :]
    # safetensors writes the memory as it lies, so it has to lie in the order of the axes.
    small = np.ascontiguousarray(np.clip(np.rint(against / scale), -127, 127).astype(np.int8))
    groups = len(LANGUAGES) * len(KINDS)
    config: dict[str, Any] = {
        "labels": LABELS,
        "languages": LANGUAGES,
        "kinds": KINDS,
        "bits": recipe.bits,
        "gain": recipe.gain,
        "table_of_kind": TABLE_OF_KIND,
        "trained": recipe.trained,
        "licence": LICENCE,
        "scale": scale[:, 0, :].tolist(),
        "bias": fitted.bias.round(4).tolist(),
        "temperature": list(temperature or [1.0] * groups),
        "errors": list(errors),
    }
    out.mkdir(parents=True, exist_ok=True)
    _replace(out / "model.safetensors", to_bytes({"tables": small}))
    _replace(out / "config.json", json.dumps(config, indent=1).encode())


def _step(weights: Floats) -> float:
    """What one of 127 steps is worth: all but the largest ten-thousandth of the weights fit."""
    used = np.abs(weights[weights != 0])
    return float(np.percentile(used, 99.99)) / 127.0 if len(used) else 1.0


def _replace(path: Path, content: bytes) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(content)
    part.replace(path)


def fit_temperatures(scorer: NgramSentiment, examples: Sequence[Example]) -> list[float]:
    """A temperature for each language and kind, from the dev rows."""
    languages = [example.language for example in examples]
    kinds = [example.kind or "" for example in examples]
    groups = scorer.groups(len(examples), languages, kinds)
    logits, _ = scorer.logits([example.text for example in examples], groups)
    alone = binary_sets(examples)
    return temperatures(
        logits,
        np.array([LABELS.index(example.label) for example in examples]),
        np.array([example.dataset in alone for example in examples]),
        groups,
        len(KINDS),
        len(LANGUAGES) * len(KINDS),
    )


def measured_errors(scorer: Sentiment, examples: Sequence[Example]) -> list[Errors]:
    """What the scorer takes for negative on the dev rows of sets that also know neutral."""
    alone = binary_sets(examples)
    judged = [each for each in examples if each.dataset not in alone]
    languages, kinds = [each.language for each in judged], [each.kind or "" for each in judged]
    scored = scorer.score([each.text for each in judged], languages, kinds)
    truth = np.array([LABELS.index(each.label) for each in judged])
    datasets = [each.dataset for each in judged]
    return error_rates(scored.argmax(axis=1), truth, languages, kinds, datasets)


def manifest(
    paths: Sequence[Path], used: Sequence[Example], lost: dict[str, int], recipe: Recipe
) -> dict[str, Any]:
    """What the weights were made of."""
    sets: dict[str, dict[str, Any]] = {}
    for example in used:
        entry = sets.setdefault(
            f"{example.language}/{example.dataset}",
            {
                "rows": 0,
                "dropped_as_held_out_copies": lost.get(example.dataset, 0),
                "row_weight": data.ROW_WEIGHTS.get(example.dataset, 1.0),
            },
        )
        entry["rows"] += 1
    return {"data_sha256": data.digest(paths), "recipe": asdict(recipe), "sets": sets}


def _say(line: str) -> None:
    print(line, flush=True)


def main(arguments: Sequence[str] | None = None, recipe: Recipe | None = None) -> None:
    """Reads the data, trains, calibrates on dev and writes weights, config and manifest."""
    recipe = recipe or Recipe()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of LANGUAGE/SET.jsonl.gz")
    parser.add_argument("--out", type=Path, required=True, help="folder of the weights")
    options = parser.parse_args(arguments)
    paths = data.data_files(options.data)
    if not paths:
        parser.error(f"no LANGUAGE/SET.jsonl.gz below {options.data}")
    read = [*data.read_examples(paths), *data.template_examples(), *data.own_examples()]
    examples, lost = data.without_leaks(read)
    rows = [example for example in examples if example.split == "train"]
    held_out = [example for example in examples if example.split == "dev"]
    print(f"{len(rows)} train rows, {len(held_out)} dev rows, {sum(lost.values())} copies dropped")
    fitted, _ = train(rows, recipe)
    save(fitted, recipe, options.out)
    degrees = fit_temperatures(NgramSentiment.open(options.out), held_out)
    save(fitted, recipe, options.out, degrees)
    errors = measured_errors(NgramSentiment.open(options.out), held_out)
    save(fitted, recipe, options.out, degrees, errors)
    report = json.dumps(manifest(paths, rows, lost, recipe), indent=1, sort_keys=True)
    _replace(options.out / "manifest.json", report.encode())
    total = sum(path.stat().st_size for path in options.out.iterdir())
    print(f"{options.out}: {math.ceil(total / 1e6)} MB")


if __name__ == "__main__":
    main()
