"""Teaches a scorer a user's own labels: a few hundred texts, in minutes, on one core.

So that it does not forget the rest, it also reads texts of our own, of which it is to say what it
always said (Li & Hoiem 2016, learning without forgetting). What is learnt is judged on texts it was
not learnt from (five parts, each judged by what the other four taught) and on the behavioural
suites, before and after, so that nobody ships a loss unseen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize

from models import behaviour
from models.adapted import (
    BITS,
    GAIN,
    LANGUAGES,
    MODEL_TYPE,
    AdaptedSentiment,
    Shifts,
    language_places,
    shifted,
)
from models.features import hashed_features
from models.sentiment import LABELS, Errors, Sentiment
from models.text import fold_many
from models.training.calibrate import error_rates
from models.training.data import kind_of, own_examples
from models.training.evaluate import figures, languages_of

FEWEST = 30  # labels below which five parts of them say nothing
PARTS = 5
KEPT = -1  # the part of our own texts, which always teach and are never judged
# How strongly a weight is held at nought: all are tried on the user's own texts.
RIDGES = (100.0, 30.0, 10.0, 3.0)
BIAS_RIDGE = 2.0
REMEMBERED = 300  # of our own texts, in each language that the user's texts are in
GATE_SLACK = 0.02  # share of cases of a suite group that may turn wrong before it is called a loss
OWN_SLACK = 0.005  # of macro-F1 on the user's own texts
_OUT_OF_REACH = 1e-5


@dataclass(frozen=True, slots=True)
class Judged:
    """Figures on texts not learnt from, 0..1, and the log-loss (nats a text)."""

    n: int
    accuracy: float
    macro_f1: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class Report:
    """What adapting did, each figure before and after.

    `own` holds the user's labels by language and together ("all"); `gate` the share of failures
    of the behavioural suites by language. `losses` says in words what got worse: empty is good.
    """

    rows: int
    ridge: float
    own: Mapping[str, tuple[Judged, Judged]]
    gate: Mapping[str, tuple[float, float]]
    losses: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def adapt(
    base: Sentiment,
    rows: Sequence[Mapping[str, Any]],
    out: Path,
    say: Callable[[str], None] = lambda line: None,
) -> tuple[Report, Callable[[], AdaptedSentiment]]:
    """Learns from labelled rows; gives the report, and what writes the weights into `out`.

    Rows have text, label and, where known, language and kind. Raises ValueError when they are
    fewer than FEWEST or all carry one label.
    """
    texts = [str(row["text"]) for row in rows]
    truth = np.array([LABELS.index(str(row["label"])) for row in rows])
    if len(rows) < FEWEST:
        raise ValueError(f"{len(rows)} labelled texts: at least {FEWEST} are needed")
    if len(set(truth.tolist())) < 2:
        raise ValueError(f"every text is labelled {LABELS[truth[0]]}: nothing can be learnt")
    languages = languages_of(rows, texts)
    kinds = [str(row.get("kind") or kind_of(row.get("domain")) or "") for row in rows]
    before = base.score(texts, languages, kinds)
    kept = _remembered(set(languages))
    known = base.score(*kept)
    problem = _problem(
        [*texts, *kept[0]],
        np.concatenate([before, known]),
        np.concatenate([np.eye(3)[truth], known]),
        [*languages, *kept[1]],
    )
    part = np.concatenate([_parts(texts), np.full(len(known), KEPT)])
    judged: dict[float, NDArray[np.float32]] = {}
    for ridge in RIDGES:
        judged[ridge] = _out_of_part(problem, part, ridge)
        say(f"ridge {ridge:g}: log-loss {_log_loss(judged[ridge], truth):.4f}")
    ridge = min(RIDGES, key=lambda each: _log_loss(judged[each], truth))
    shifts = _shifts(problem, _fit(problem, np.ones(len(part), bool), ridge))
    own = _compared(before, judged[ridge], truth, languages)
    gate = _gate(base, shifts)
    report = Report(len(rows), ridge, own, gate, tuple(_losses(own, gate)))

    errors = error_rates(
        judged[ridge].argmax(axis=1), truth, languages, [""] * len(rows), ["own"] * len(rows)
    )

    def write() -> AdaptedSentiment:
        return _write(out, base, shifts, report, errors)

    return report, write


@dataclass(frozen=True)
class _Problem:
    """`features` (n, k) of the k buckets that occur, `logits` (n, 3) of the scorer underneath,
    `targets` (n, 3) what it should say: the user's label, or what it said."""

    features: sp.csr_matrix
    buckets: NDArray[np.int64]
    logits: NDArray[np.float64]
    targets: NDArray[np.float64]
    languages: NDArray[np.int64]


def _remembered(languages: set[str]) -> tuple[list[str], list[str], list[str]]:
    """Texts of our own with their languages and kinds, spread evenly over what there is."""
    found = []
    for code in sorted(languages):
        own = [each for each in own_examples() if each.language == code]
        found += own[:: max(1, len(own) // REMEMBERED)][:REMEMBERED]
    return (
        [each.text for each in found],
        [each.language for each in found],
        [each.kind or "" for each in found],
    )


def _problem(
    texts: Sequence[str],
    before: NDArray[np.float32],
    targets: NDArray[np.float64],
    languages: Sequence[str],
) -> _Problem:
    found = hashed_features(fold_many(texts), BITS)
    sizes = np.bincount(found.rows, minlength=len(texts))
    buckets, columns = np.unique(found.buckets, return_inverse=True)
    values = (GAIN / np.sqrt(np.maximum(sizes, 1)))[found.rows]
    features = sp.csr_matrix((values, (found.rows, columns)), shape=(len(texts), len(buckets)))
    logits = np.log(np.maximum(before.astype(np.float64), _OUT_OF_REACH))
    return _Problem(features, buckets, logits, targets, language_places(languages, len(texts)))


def _parts(texts: Sequence[str]) -> NDArray[np.int64]:
    """The part of each text; a text that is there twice is in one part, so that it cannot leak."""
    order = {text: place for place, text in enumerate(sorted(set(fold_many(texts))))}
    shuffled = np.random.default_rng(0).permutation(len(order))
    return np.array([shuffled[order[text]] % PARTS for text in fold_many(texts)])


def _fit(problem: _Problem, rows: NDArray[np.bool_], ridge: float) -> NDArray[np.float64]:
    """Weights and biases, end to end: ((k + languages) * 2,)."""
    features, logits = problem.features[rows], problem.logits[rows]
    targets, languages = problem.targets[rows], problem.languages[rows]
    buckets = len(problem.buckets)

    def objective(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, bias = flat[: 2 * buckets].reshape(-1, 2), flat[2 * buckets :].reshape(-1, 2)
        moved = logits.copy()
        moved[:, [0, 2]] += features @ weights + bias[languages]
        moved -= moved.max(axis=1, keepdims=True)
        chances = np.exp(moved)
        chances /= chances.sum(axis=1, keepdims=True)
        loss = -(targets * np.log(np.maximum(chances, 1e-12))).sum()
        error = (chances - targets)[:, [0, 2]]
        bias_slope = BIAS_RIDGE * bias
        np.add.at(bias_slope, languages, error)
        slope = np.concatenate(((features.T @ error + ridge * weights).ravel(), bias_slope.ravel()))
        held = ridge * np.vdot(weights, weights) + BIAS_RIDGE * np.vdot(bias, bias)
        return float(loss + held / 2), slope

    start = np.zeros(2 * (buckets + len(LANGUAGES)))
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 40})
    result: NDArray[np.float64] = found.x
    return result


def _shifts(problem: _Problem, flat: NDArray[np.float64]) -> Shifts:
    cut = 2 * len(problem.buckets)
    weights = flat[:cut].reshape(-1, 2).astype(np.float32)
    bias = flat[cut:].reshape(-1, 2).astype(np.float32)
    return Shifts(problem.buckets.astype(np.int64), weights, bias)


def _out_of_part(problem: _Problem, part: NDArray[np.int64], ridge: float) -> NDArray[np.float32]:
    """Probabilities (n, 3) of each of the user's texts by what the other parts taught."""
    result = np.empty((int((part != KEPT).sum()), 3), np.float32)
    for place in range(PARTS):
        inside = part == place
        if not inside.any():
            continue
        flat = _fit(problem, ~inside, ridge)
        cut = 2 * len(problem.buckets)
        moved = problem.logits[inside].copy()
        bias = flat[cut:].reshape(-1, 2)[problem.languages[inside]]
        moved[:, [0, 2]] += problem.features[inside] @ flat[:cut].reshape(-1, 2) + bias
        moved = np.exp(moved - moved.max(axis=1, keepdims=True))
        result[inside[: len(result)]] = moved / moved.sum(axis=1, keepdims=True)
    return result


def _log_loss(scored: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    return float(-np.log(np.maximum(scored[np.arange(len(truth)), truth], 1e-6)).mean())


def _compared(
    before: NDArray[np.float32],
    after: NDArray[np.float32],
    truth: NDArray[np.int64],
    languages: Sequence[str],
) -> dict[str, tuple[Judged, Judged]]:
    codes = np.array(languages)
    groups = {code: codes == code for code in sorted(set(languages))}
    if len(groups) != 1:
        groups["all"] = np.ones(len(truth), bool)
    return {
        code: (_judged(before[rows], truth[rows]), _judged(after[rows], truth[rows]))
        for code, rows in groups.items()
    }


def _judged(scored: NDArray[np.float32], truth: NDArray[np.int64]) -> Judged:
    found = figures(scored.astype(np.float64), truth)
    return Judged(found.n, found.accuracy, found.macro_f1, _log_loss(scored, truth))


class _Shifted:
    """The adapted scorer before it is written, as far as the suites need one."""

    name = revision = licence = ""
    errors: Sequence[Errors] = ()

    def __init__(self, base: Sentiment, shifts: Shifts) -> None:
        self.base, self.shifts = base, shifts

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        return shifted(self.base.score(texts, languages, kinds), texts, languages, self.shifts)


def _gate(base: Sentiment, shifts: Shifts) -> dict[str, tuple[float, float]]:
    """Share of failures of all suites together, before and after, by language."""

    def share(scorer: Sentiment, code: str) -> float:
        found = behaviour.failures(scorer, code).values()
        return sum(failed for failed, _ in found) / sum(count for _, count in found)

    after = _Shifted(base, shifts)
    return {code: (share(base, code), share(after, code)) for code in behaviour.LANGUAGES}


def _losses(
    own: Mapping[str, tuple[Judged, Judged]], gate: Mapping[str, tuple[float, float]]
) -> list[str]:
    said = [
        f"{code}: macro-F1 on your own texts {before.macro_f1:.3f} -> {after.macro_f1:.3f}"
        for code, (before, after) in own.items()
        if before.n >= FEWEST and after.macro_f1 < before.macro_f1 - OWN_SLACK
    ]
    said += [
        f"{code}: failures in the behavioural suites {before:.1%} -> {after:.1%}"
        for code, (before, after) in gate.items()
        if after > before + GATE_SLACK
    ]
    return said


def _write(
    out: Path, base: Sentiment, shifts: Shifts, report: Report, errors: Sequence[Errors]
) -> AdaptedSentiment:
    """Writes config.json and model.safetensors, the weights last: without them nothing opens."""
    from safetensors.numpy import save

    out.mkdir(parents=True, exist_ok=True)
    config = {
        "model_type": MODEL_TYPE,
        "base": base.name,
        "base_revision": base.revision,
        "report": report.as_dict(),
        "errors": errors,
    }
    used = np.abs(shifts.weights).max(axis=1, initial=0.0) > 1e-4
    tensors = {
        "buckets": shifts.buckets[used],
        "weights": np.ascontiguousarray(shifts.weights[used]),
        "bias": shifts.bias,
    }
    for name, content in (
        ("config.json", json.dumps(config, indent=1).encode()),
        ("model.safetensors", save(tensors)),
    ):
        part = out / f"{name}.part"
        part.write_bytes(content)
        part.replace(out / name)
    return AdaptedSentiment.open(out, base)
