"""The embedded tier: multinomial logistic regression on hashed n-grams, without torch.

One table of weights holds what words say in any kind of text; two more hold what they say in
reviews and in posts, because what counts as neutral differs between them. Texts of unknown kind
use the first. Probabilities are tempered per language and kind on held-out texts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.features import hashed_features
from models.sentiment import Errors
from models.text import fold_many

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "weights" / "ngram"
KINDS = ("unknown", "review", "post", "comment", "news")

BATCH = 512  # texts scored together: large enough to pay numpy's calls, small enough for the cache
_THREADS = 2
# A text without a single word or symbol says nothing either way.
_SILENT = (0.1, 0.8, 0.1)


@dataclass(frozen=True)
class NgramSentiment:
    """A scorer over the weights in `folder`; see `models.sentiment.Sentiment`."""

    folder: Path
    config: dict[str, Any]
    tables: NDArray[np.int8]  # (tables, buckets, 2): negative and positive against neutral

    @classmethod
    def open(cls, folder: Path = WEIGHTS) -> NgramSentiment:
        """The scorer in `folder`. Raises FileNotFoundError naming the file that is missing."""
        from safetensors.numpy import load_file

        for part in ("config.json", "model.safetensors"):
            if not (folder / part).is_file():
                raise FileNotFoundError(f"no n-gram weights: {folder / part} is missing")
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        tables = load_file(folder / "model.safetensors")["tables"]
        return cls(folder, config, tables)

    @property
    def name(self) -> str:
        return "embedded"

    @property
    def licence(self) -> str:
        return str(self.config["licence"])

    @property
    def errors(self) -> list[Errors]:
        """Measured on the dev texts; see `Sentiment.errors`."""
        return [tuple(each) for each in self.config.get("errors", ())]  # type: ignore[misc]

    @cached_property
    def revision(self) -> str:
        """For instance `ngram-2026.11-1f0c9a3e`: month of training and digest of the weights."""
        total = hashlib.sha256((self.folder / "model.safetensors").read_bytes())
        total.update((self.folder / "config.json").read_bytes())
        return f"ngram-{self.config['trained']}-{total.hexdigest()[:8]}"

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        """Probabilities, shape (n, 3); see `Sentiment.score`."""
        import numpy as np

        groups = self.groups(len(texts), languages, kinds)
        starts = range(0, len(texts), BATCH)

        def part(start: int) -> NDArray[np.float32]:
            chunk = slice(start, start + BATCH)
            return self._probabilities(texts[chunk], groups[chunk])

        if len(texts) <= BATCH:
            parts = [part(start) for start in starts]
        else:
            with ThreadPoolExecutor(_THREADS) as pool:
                parts = list(pool.map(part, starts))
        return np.concatenate([np.empty((0, 3), np.float32), *parts])

    def groups(
        self, count: int, languages: Sequence[str] | None, kinds: Sequence[str] | None
    ) -> NDArray[np.int64]:
        """Which language and kind each text has, as one number: language * kinds + kind."""
        import numpy as np

        if any(given is not None and len(given) != count for given in (languages, kinds)):
            raise ValueError("languages and kinds must be as many as the texts")
        known = {code: place for place, code in enumerate(self.config["languages"])}
        places = {kind: place for place, kind in enumerate(KINDS)}
        language = [known.get(code, 0) for code in languages or [""] * count]
        kind = [places.get(name, 0) for name in kinds or [""] * count]
        return np.array(language, dtype=np.int64) * len(KINDS) + np.array(kind, dtype=np.int64)

    def _probabilities(
        self, texts: Sequence[str], groups: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        import numpy as np

        logits, sizes = self.logits(texts, groups)
        logits /= np.asarray(self.config["temperature"], np.float32).reshape(-1, 1)[groups]
        exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
        result: NDArray[np.float32] = exponents / exponents.sum(axis=1, keepdims=True)
        result[sizes == 0] = _SILENT
        return result

    def logits(
        self, texts: Sequence[str], groups: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Untempered log-odds (n, 3) of a few texts, and how many features each has."""
        import numpy as np

        features = hashed_features(fold_many(texts), int(self.config["bits"]))
        sizes = np.bincount(features.rows, minlength=len(texts))
        tables = np.asarray(self.config["table_of_kind"])[groups % len(KINDS)]
        places = tables[features.rows] * self.tables.shape[1] + features.buckets
        picked = self.tables.reshape(-1, 2)[places]
        sums = np.zeros((len(texts), 2), np.float32)
        filled = np.flatnonzero(sizes)
        if len(filled):
            starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))[filled]
            sums[filled] = np.add.reduceat(picked, starts, axis=0, dtype=np.int32)
        steps = np.asarray(self.config["scale"], np.float32)[tables]
        gain = float(self.config["gain"]) / np.sqrt(np.maximum(sizes, 1)).astype(np.float32)
        logits = np.asarray(self.config["bias"], np.float32).reshape(-1, 3)[groups]
        logits[:, [0, 2]] += sums * steps * gain[:, None]
        return logits, sizes
