"""The recurrent deep tier read with numpy alone: the same numbers as torch gives, without torch.

Opening torch costs two seconds and two hundred megabytes, more than most runs of the monitor need
for everything else. `models.deep.network` says what is computed here, and why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.cascade import revision_of
from models.deep.inputs import batches_by_length, codes, padded, probabilities
from models.deep.tokenizer import PAD, encode
from models.sentiment import LABELS, Errors
from models.text import fold_many

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from threadpoolctl import ThreadpoolController
    from tokenizers import Tokenizer

    Floats = NDArray[np.float32]

BATCH_TOKENS = 2048  # larger batches leave a core's cache: a quarter slower at 4096
BATCH_TEXTS = 128
_THREADS = 2
_TINY = 1e-5  # what torch's LayerNorm adds to the variance


@dataclass(frozen=True)
class LightSentiment:
    """A scorer over the recurrent weights in `folder`; see `models.sentiment.Sentiment`."""

    folder: Path
    config: Mapping[str, Any]
    tokenizer: Tokenizer
    weights: Mapping[str, Floats]
    errors: Sequence[Errors] = ()

    @classmethod
    def open(cls, folder: Path) -> LightSentiment:
        """The scorer in `folder`.

        Raises FileNotFoundError naming the file that is missing, ValueError for weights of
        another kind.
        """
        import numpy as np
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        for part in ("config.json", "model.safetensors", "tokenizer.json"):
            if not (folder / part).is_file():
                raise FileNotFoundError(f"no deep weights: {folder / part} is missing")
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if not config.get("recurrent"):
            raise ValueError(f"{folder} holds no recurrent weights: they need torch")
        stored = load_file(folder / "model.safetensors")
        weights = {
            name: np.ascontiguousarray(
                array.astype(np.float32).T if _is_linear(name) else array
            ).astype(np.float32, copy=False)
            for name, array in stored.items()
        }
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(folder, config, tokenizer, weights)

    @property
    def name(self) -> str:
        return "deep"

    @property
    def licence(self) -> str:
        return str(self.config["licence"])

    @cached_property
    def revision(self) -> str:
        return revision_of(self.folder, str(self.config["trained"]))

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        """Probabilities, shape (n, 3); see `Sentiment.score`."""
        import numpy as np

        language = codes(languages, self.config["languages"], len(texts))
        kind = codes(kinds, self.config["kinds"], len(texts))
        if not texts:
            return np.empty((0, len(LABELS)), np.float32)
        limit = int(self.config["max_position_embeddings"])
        rows = encode(self.tokenizer, fold_many(texts), limit)
        groups = language * len(self.config["kinds"]) + kind
        empty = [len(row) <= 2 for row in rows]
        return probabilities(
            self.logits(rows, language, kind), self.config.get("temperature"), groups, empty
        )

    def logits(
        self,
        rows: Sequence[Sequence[int]],
        languages: NDArray[np.int64],
        kinds: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        """Untempered logits (n, 3) of texts as ids, with their language and kind as numbers."""
        import numpy as np

        result = np.empty((len(rows), len(LABELS)), np.float32)

        def read(chosen: list[int]) -> None:
            ids = padded([rows[place] for place in chosen])
            result[chosen] = self._read(ids, languages[chosen], kinds[chosen])

        batches = list(batches_by_length([len(row) for row in rows], BATCH_TOKENS, BATCH_TEXTS))
        # Two threads of ours with one core each: left alone, each would ask the library for both.
        with _blas().limit(limits=1, user_api="blas"), ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(read, batches))
        return result

    def _read(
        self, ids: NDArray[np.int64], languages: NDArray[np.int64], kinds: NDArray[np.int64]
    ) -> Floats:
        """Logits (texts, 3) of one batch; everything inside has the pieces first."""
        import numpy as np

        get = self.weights.__getitem__
        encoder = "deep.encoder."
        told = get(f"{encoder}languages.weight")[languages] + get(f"{encoder}kinds.weight")[kinds]
        states = get(f"{encoder}words.weight")[ids.T] + told
        states = self._normed(states, f"{encoder}embedding_norm")
        there = (ids.T != PAD)[:, :, None]
        padding = not there.all()
        for layer in range(int(self.config["num_hidden_layers"])):
            states += self._block(states, f"{encoder}blocks.{layer}.", there if padding else None)
        states = self._normed(states, f"{encoder}last_norm")
        mean = (states * there).sum(axis=0) / there.sum(axis=0)
        largest = np.where(there, states, np.float32(-1e4)).max(axis=0)
        pooled = self._linear(np.concatenate((mean, largest), axis=1), "head.dense")
        return self._linear(_gelu(pooled), "head.out")

    def _block(self, states: Floats, name: str, there: NDArray[np.bool_] | None) -> Floats:
        """What one layer adds to the states (pieces, texts, width)."""
        import numpy as np

        width = states.shape[2]
        gates = self._linear(self._normed(states, f"{name}norm"), f"{name}gates")
        opened = _sigmoid(gates[..., width:])
        new, show = gates[..., :width], gates[..., 2 * width :]
        keep, shown = opened[..., :width], opened[..., width:]
        new -= new * keep
        if there is not None:
            new *= there
            keep[~there[:, :, 0]] = 1
        half = width // 2
        held = np.empty_like(states)
        _remember(keep[:, :, :half], new[:, :, :half], held[:, :, :half])
        _remember(keep[::-1, :, half:], new[::-1, :, half:], held[::-1, :, half:])
        held *= show
        held *= shown
        return self._linear(held, f"{name}out")

    def _linear(self, states: Floats, name: str) -> Floats:
        flat = states.reshape(-1, states.shape[-1]) @ self.weights[f"{name}.weight"]
        flat += self.weights[f"{name}.bias"]
        return flat.reshape(*states.shape[:-1], -1)

    def _normed(self, states: Floats, name: str) -> Floats:
        import numpy as np

        centred = states - states.mean(axis=-1, keepdims=True)
        variance = np.einsum("...w,...w->...", centred, centred)[..., None] / states.shape[-1]
        centred /= np.sqrt(variance + _TINY)
        centred *= self.weights[f"{name}.weight"]
        centred += self.weights[f"{name}.bias"]
        return centred


@cache
def _blas() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _is_linear(name: str) -> bool:
    """Matrices that states are multiplied with; torch keeps them the other way round."""
    return name.endswith(".weight") and name.split(".")[-2] in ("gates", "out", "dense")


def _remember(keep: Floats, new: Floats, held: Floats) -> None:
    """held[t] = keep[t] * held[t - 1] + new[t]."""
    import numpy as np

    held[0] = new[0]
    for step in range(1, len(new)):
        np.multiply(keep[step], held[step - 1], out=held[step])
        held[step] += new[step]


def _sigmoid(values: Floats) -> Floats:
    import numpy as np

    result: Floats = np.negative(values)
    np.exp(result, out=result)
    result += 1
    return np.reciprocal(result, out=result)


def _gelu(values: Floats) -> Floats:
    import numpy as np
    from scipy.special import erf

    result: Floats = values * 0.5 * (1 + erf(values / np.sqrt(np.float32(2))))
    return result.astype(np.float32)
