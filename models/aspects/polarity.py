"""What a statement says of an aspect, from the sentiment around it and the aspect's own words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.aspects.statements import Statement

WEIGHTS = Path(__file__).parent.parent / "weights" / "aspects"
# Order matters: the rows of the weights. Log-odds are natural, clipped to +-6; sides are the
# probability of positive minus that of negative.
FEATURES = (
    "statement, log-odds of positive",
    "statement, log-odds of neutral",
    "statement, sides",
    "text, sides, words say nothing",
    "text, sides, words agree",
    "text, sides, words contradict",
    "text, log-odds of neutral",
    "own word positive",
    "own word negative",
    "judged",
    "judged good",
    "judged bad",
    "other aspects",
    "share of the text",
    "after contrast",
    "question",
    "share * text, sides",
    "one",
    "heading",
)
SAYINGS = 7  # columns of `sayings`
WHOLE_TEXT = (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)  # sayings of a text in which nothing was found
_LIMIT = 6.0


def sayings(statement: Statement, aspect: str, length: int) -> tuple[float, ...]:
    """What the words of a statement say of an aspect in a text of `length` characters.

    The aspect's own words (-1..1); words that judge it (-2..2); the other aspects' own words
    (mean); the statement's share of the text; 1 after a contrast; 1 for a question; the heading
    it stands under (-1..1).
    """
    others = [value for name, value in statement.polarities.items() if name != aspect]
    own = statement.polarities.get(aspect, 0)
    judged = statement.judged.get(aspect, statement.general)
    return (
        own,
        max(-2, min(2, judged)),
        sum(others) / len(others) if others else 0.0,
        (statement.end - statement.start) / max(length, 1),
        statement.contrast,
        statement.question,
        statement.heading,
    )


def features(
    statements: NDArray[np.float32], texts: NDArray[np.float32], said: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The layer's input, shape (n, len(FEATURES)).

    `statements` and `texts` are probabilities (n, 3) of the statement and of its whole text,
    `said` rows of `sayings`, shape (n, SAYINGS).
    """
    import numpy as np

    def log_odds(chance: NDArray[np.float32], against: NDArray[np.float32]) -> NDArray[np.float32]:
        floor = 1e-4
        odds = np.log(np.maximum(chance, floor) / np.maximum(against, floor))
        clipped: NDArray[np.float32] = np.clip(odds, -_LIMIT, _LIMIT)
        return clipped

    sides, text_sides = statements[:, 2] - statements[:, 0], texts[:, 2] - texts[:, 0]
    own, judged, others, share, contrast, question, heading = said.T
    evidence = np.sign(2 * own + judged) * text_sides
    columns = [
        log_odds(statements[:, 2], statements[:, 0]),
        log_odds(statements[:, 1], statements[:, 0] + statements[:, 2]),
        sides,
        text_sides * (evidence == 0),
        text_sides * (evidence > 0),
        text_sides * (evidence < 0),
        log_odds(texts[:, 1], texts[:, 0] + texts[:, 2]),
        own > 0,
        own < 0,
        judged,
        judged > 0,
        judged < 0,
        others,
        share,
        contrast,
        question,
        share * text_sides,
        np.ones_like(own),
        heading,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True)
class Polarity:
    """A linear layer over FEATURES; `weights` has the shape (len(FEATURES), 3)."""

    weights: NDArray[np.float32]

    @classmethod
    def open(cls, folder: Path = WEIGHTS) -> Polarity:
        """The shipped layer; raises FileNotFoundError without weights, ValueError for others'."""
        from safetensors.numpy import load_file

        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if config["features"] != list(FEATURES):
            raise ValueError(f"{folder} was trained on other features; train it anew")
        return cls(load_file(folder / "model.safetensors")["polarity"])

    @cached_property
    def digest(self) -> str:
        """Eight hex digits that change with the weights."""
        return hashlib.sha256(self.weights.tobytes()).hexdigest()[:8]

    def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape (n, 3): negative, neutral, positive; rows sum to 1."""
        import numpy as np

        logits = inputs @ self.weights
        exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
        result: NDArray[np.float32] = exponents / exponents.sum(axis=1, keepdims=True)
        return result
