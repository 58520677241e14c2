"""Multinomial logistic regression on sparse features, with a copy of the weights per gate.

The weights of a row are those shared by all rows plus those of its gate (the kind of text), each
held back by its own ridge: a gate departs from the rest only where its rows insist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float32]
CLASSES = 3
_BLOCKED = np.float32(-30.0)  # log-odds of a class that a set cannot have


@dataclass(frozen=True, slots=True)
class Problem:
    """What is fitted: rows sorted by gate, gates 0 (shared weights alone) .. gates - 1.

    `targets` (n, 3) are probabilities, `binary` marks rows of sets without a neutral class: their
    loss ignores the neutral log-odds. `groups` choose the row's bias.
    """

    features: sp.csr_matrix
    targets: Floats
    weights: Floats
    binary: NDArray[np.bool_]
    gates: NDArray[np.int64]
    groups: NDArray[np.int64]
    gate_count: int
    group_count: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights (gates, buckets, 3), the shared ones added in, and biases (groups, 3)."""

    tables: Floats
    bias: Floats


def fit(
    problem: Problem, ridge: float, gate_ridge: float, rounds: int, log: Callable[[str], None]
) -> Fitted:
    """The weights of least penalised loss, by L-BFGS; `gate_ridge` multiplies `ridge`."""
    buckets = problem.features.shape[1]
    size = problem.gate_count * buckets * CLASSES
    blocks = _blocks(problem)
    penalty = np.full(problem.gate_count, ridge * gate_ridge, np.float32)
    penalty[0] = ridge
    total = float(problem.weights.sum())

    def split(flat: Floats) -> tuple[Floats, Floats]:
        tables = flat[:size].reshape(problem.gate_count, buckets, CLASSES)
        return tables, flat[size:].reshape(problem.group_count, CLASSES)

    def objective(flat: Floats) -> tuple[float, Floats]:
        tables, bias = split(flat)
        gradient = np.empty_like(flat)
        table_slope, bias_slope = split(gradient)
        logits = np.empty((problem.features.shape[0], CLASSES), np.float32)
        _forward(blocks, tables, logits)
        logits += bias[problem.groups]
        loss, error = _loss(logits, problem)
        np.multiply(tables, penalty[:, None, None], out=table_slope)
        _backward(blocks, error, table_slope)
        bias_slope[:] = 0.1 * bias
        np.add.at(bias_slope, problem.groups, error)
        loss += 0.05 * float(np.vdot(bias, bias))
        for gate, weight in enumerate(penalty):
            loss += 0.5 * float(weight) * float(np.vdot(tables[gate], tables[gate]))
        gradient /= total
        return loss / total, gradient

    start = np.zeros(size + problem.group_count * CLASSES, np.float32)
    tables, bias = split(_minimise(objective, start, rounds, log))
    tables[1:] += tables[0]
    return Fitted(tables, bias)


@dataclass(frozen=True, slots=True)
class _Block:
    gate: int
    rows: slice
    features: Any
    transposed: Any


def _blocks(problem: Problem) -> list[_Block]:
    """The rows of each gate in two halves, so that two threads share the work."""
    blocks = []
    for gate in range(problem.gate_count):
        first, last = np.searchsorted(problem.gates, [gate, gate + 1])
        middle = (first + last) // 2
        for rows in (slice(first, middle), slice(middle, last)):
            if rows.stop > rows.start:
                part = problem.features[rows]
                blocks.append(_Block(gate, rows, part, part.T))
    return blocks


def _forward(blocks: Sequence[_Block], tables: Floats, logits: Floats) -> None:
    weights = {block.gate: tables[0] for block in blocks}
    weights.update({gate: tables[0] + tables[gate] for gate in weights if gate})

    def work(block: _Block) -> None:
        logits[block.rows] = block.features @ weights[block.gate]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, blocks))


def _backward(blocks: Sequence[_Block], error: Floats, slope: Floats) -> None:
    with ThreadPoolExecutor(2) as pool:
        sums = pool.map(lambda block: block.transposed @ error[block.rows], blocks)
        for block, gradient in zip(blocks, sums, strict=True):
            slope[0] += gradient
            if block.gate:
                slope[block.gate] += gradient


def _loss(logits: Floats, problem: Problem) -> tuple[float, Floats]:
    """Weighted cross-entropy and its derivative by the log-odds, (n, 3)."""
    logits[problem.binary, 1] = _BLOCKED
    logits -= logits.max(axis=1, keepdims=True)
    exponents = np.exp(logits)
    sums = exponents.sum(axis=1, keepdims=True)
    log_probabilities = logits - np.log(sums)
    crossed = (problem.targets * log_probabilities).sum(axis=1)
    error = (exponents / sums - problem.targets) * problem.weights[:, None]
    error[problem.binary, 1] = 0.0
    return -float(np.dot(crossed.astype(np.float64), problem.weights)), error


def _minimise(
    objective: Callable[[Floats], tuple[float, Floats]],
    point: Floats,
    rounds: int,
    log: Callable[[str], None],
    memory: int = 6,
) -> Floats:
    """L-BFGS in single precision (scipy's works in double: twice the memory, twice the time)."""
    steps: list[tuple[Floats, Floats, float]] = []
    value, slope = objective(point)
    for turn in range(rounds):
        direction = _direction(slope, steps)
        descent = float(np.vdot(slope, direction))
        length = 1.0
        for _ in range(10):
            moved = point + np.float32(length) * direction
            new_value, new_slope = objective(moved)
            if new_value <= value + 1e-4 * length * descent:
                break
            length *= 0.4
        else:
            break
        step, bend = moved - point, new_slope - slope
        curvature = float(np.vdot(step, bend))
        if curvature > 1e-12:
            steps = [*steps, (step, bend, 1.0 / curvature)][-memory:]
        settled = abs(value - new_value) < 1e-5 * abs(value)
        point, value, slope = moved, new_value, new_slope
        if turn % 10 == 0:
            log(f"round {turn}: loss {value:.5f}")
        if settled and turn > 15:
            break
    return point


def _direction(slope: Floats, steps: Sequence[tuple[Floats, Floats, float]]) -> Floats:
    """Minus the slope times an estimate of the inverse Hessian (two-loop recursion)."""
    direction = -slope
    if not steps:
        return direction * np.float32(min(1.0, 10.0 / float(np.abs(slope).sum())))
    factors = []
    for step, bend, inverse in reversed(steps):
        factor = inverse * float(np.vdot(step, direction))
        direction -= np.float32(factor) * bend
        factors.append(factor)
    last_step, last_bend, _ = steps[-1]
    direction *= np.float32(np.vdot(last_step, last_bend) / np.vdot(last_bend, last_bend))
    for (step, bend, inverse), factor in zip(steps, reversed(factors), strict=True):
        direction += np.float32(factor - inverse * float(np.vdot(bend, direction))) * step
    return direction
