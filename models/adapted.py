"""A scorer taught by a user's own labels: another scorer, and what it gets wrong on their texts.

What is learnt are small shifts of the log-odds, a weight for each hashed n-gram that the user's
texts had and one for each language. They are added to whatever the scorer underneath says, so the
embedded model and a public checkpoint are adapted alike. `models.training.adapt` makes one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.features import hashed_features
from models.sentiment import ADAPTED, Errors, Sentiment
from models.text import fold_many

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL_TYPE = ADAPTED
LANGUAGES = ("", "ru", "cs", "fa", "en")  # "" is any other, or not known
BITS = 20
GAIN = 6.0  # a text's features count GAIN / sqrt(their number), as in the n-gram tier
_BATCH = 512
_LEAST = 1e-5  # a probability of nought could never be corrected


@dataclass(frozen=True)
class Shifts:
    """What is added to the log-odds of negative and positive against neutral.

    `buckets` (k,) sorted, `weights` (k, 2); `bias` (len(LANGUAGES), 2).
    """

    buckets: NDArray[np.int64]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True)
class AdaptedSentiment:
    """A scorer over `base` with the shifts in `folder`; see `models.sentiment.Sentiment`."""

    folder: Path
    config: dict[str, Any]
    base: Sentiment
    shifts: Shifts

    @classmethod
    def open(cls, folder: Path, base: Sentiment) -> AdaptedSentiment:
        """The scorer in `folder`.

        Raises FileNotFoundError without weights, and ValueError when they were made for another
        revision of the scorer underneath: they would correct mistakes that it no longer makes.
        """
        from safetensors.numpy import load_file

        if not (folder / "model.safetensors").is_file():
            raise FileNotFoundError(f"no weights: {folder / 'model.safetensors'} is missing")
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if config["base_revision"] != base.revision:
            raise ValueError(
                f"{folder} was made for {config['base_revision']}, this is {base.revision}: "
                "run `monitor train` again"
            )
        found = load_file(folder / "model.safetensors")
        return cls(folder, config, base, Shifts(found["buckets"], found["weights"], found["bias"]))

    @property
    def name(self) -> str:
        return f"{self.base.name}, adapted"

    @property
    def licence(self) -> str:
        return self.base.licence

    @property
    def errors(self) -> Sequence[Errors]:
        """Measured on the user's own texts, each judged by what the others taught."""
        return [tuple(each) for each in self.config.get("errors", ())]  # type: ignore[misc]

    @cached_property
    def revision(self) -> str:
        """The revision underneath, and a digest of what was learnt."""
        digest = hashlib.sha256((self.folder / "model.safetensors").read_bytes()).hexdigest()
        return f"{self.base.revision}+own-{digest[:8]}"

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        """Probabilities, shape (n, 3); see `Sentiment.score`."""
        return shifted(self.base.score(texts, languages, kinds), texts, languages, self.shifts)


def shifted(
    probabilities: NDArray[np.float32],
    texts: Sequence[str],
    languages: Sequence[str] | None,
    shifts: Shifts,
) -> NDArray[np.float32]:
    """Probabilities (n, 3) of texts with the shifts added to their log-odds."""
    import numpy as np

    if not texts:
        return probabilities
    logits = np.log(np.maximum(probabilities, _LEAST))
    added = shifts.bias[language_places(languages, len(texts))]
    for start in range(0, len(texts), _BATCH):
        features = hashed_features(fold_many(texts[start : start + _BATCH]), BITS)
        sizes = np.bincount(features.rows, minlength=features.count)
        places = np.searchsorted(shifts.buckets, features.buckets)
        places = np.minimum(places, max(len(shifts.buckets) - 1, 0))
        known = (
            np.flatnonzero(shifts.buckets[places] == features.buckets)
            if len(shifts.buckets)
            else np.empty(0, np.int64)
        )
        gain = GAIN / np.sqrt(np.maximum(sizes, 1))
        rows = features.rows[known]
        np.add.at(added, start + rows, shifts.weights[places[known]] * gain[rows, None])
    logits[:, [0, 2]] += added
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: NDArray[np.float32] = exponents / exponents.sum(axis=1, keepdims=True)
    return result


def language_places(languages: Sequence[str] | None, count: int) -> NDArray[np.int64]:
    """The place in LANGUAGES of each language, 0 where it is another or not known."""
    import numpy as np

    known = {code: place for place, code in enumerate(LANGUAGES)}
    return np.array([known.get(code, 0) for code in languages or [""] * count], dtype=np.int64)
