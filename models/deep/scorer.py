"""The deep tier as a scorer; see `models.sentiment.Sentiment`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.cascade import revision_of
from models.deep.inputs import batches_by_length, codes, padded, probabilities
from models.deep.tokenizer import encode
from models.sentiment import LABELS, Errors
from models.text import fold_many

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from models.deep.config import DeepConfig

BATCH_TOKENS = 4096  # on a CPU larger batches gain nothing and leave its cache
BATCH_TEXTS = 64


@dataclass(frozen=True)
class DeepSentiment:
    """A scorer over the weights in `folder`, on the CPU."""

    folder: Path
    config: DeepConfig
    tokenizer: Tokenizer
    model: Any
    int8: bool

    @classmethod
    def open(cls, folder: Path, threads: int | None = None, int8: bool = False) -> DeepSentiment:
        """The scorer in `folder`. Raises FileNotFoundError naming the file that is missing.

        `threads` bounds the cores of every torch call of this process. `int8` stores the linear
        layers in 8 bits where this torch can; `DeepSentiment.int8` says whether it did.
        """
        import torch
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        from models.deep.config import DeepConfig
        from models.deep.model import DeepForSequenceClassification

        for part in ("config.json", "model.safetensors", "tokenizer.json"):
            if not (folder / part).is_file():
                raise FileNotFoundError(f"no deep weights: {folder / part} is missing")
        if threads is not None:
            torch.set_num_threads(threads)
        # Loaded by hand: from_pretrained draws a progress bar on the user's terminal.
        model = DeepForSequenceClassification(DeepConfig.from_pretrained(folder)).float().eval()
        model.load_state_dict(load_file(folder / "model.safetensors"))
        small = _in_8_bits(model) if int8 else None
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(folder, model.config, tokenizer, small or model, small is not None)

    @property
    def name(self) -> str:
        return "deep"

    @property
    def licence(self) -> str:
        return str(self.config.licence)

    @property
    def errors(self) -> Sequence[Errors]:
        """Not measured alone: only the cascade is used."""
        return ()

    @cached_property
    def revision(self) -> str:
        """For instance `deep-2026.11-1f0c9a3e`, with `-int8` behind it where that is in use."""
        ending = "-int8" if self.int8 else ""
        return revision_of(self.folder, str(self.config.trained)) + ending

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        """Probabilities, shape (n, 3); see `Sentiment.score`."""
        import numpy as np

        language = codes(languages, self.config.languages, len(texts))
        kind = codes(kinds, self.config.kinds, len(texts))
        if not texts:
            return np.empty((0, len(LABELS)), np.float32)
        rows = encode(self.tokenizer, fold_many(texts), self.config.max_position_embeddings)
        groups = language * len(self.config.kinds) + kind
        empty = [len(row) <= 2 for row in rows]
        return probabilities(
            self.logits(rows, language, kind), self.config.temperature, groups, empty
        )

    def logits(
        self,
        rows: Sequence[Sequence[int]],
        languages: NDArray[np.int64],
        kinds: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        """Untempered logits (n, 3) of texts as ids, with their language and kind as numbers."""
        import numpy as np
        import torch

        result = np.empty((len(rows), len(LABELS)), np.float32)
        lengths = [len(row) for row in rows]
        for chosen in batches_by_length(lengths, BATCH_TOKENS, BATCH_TEXTS):
            ids = torch.from_numpy(padded([rows[place] for place in chosen]))
            even = lengths[chosen[0]] == lengths[chosen[-1]]
            with torch.inference_mode():
                found = self.model(
                    ids,
                    # Without a mask torch takes its faster attention.
                    None if even else ids != self.config.pad_token_id,
                    torch.from_numpy(languages[chosen]),
                    torch.from_numpy(kinds[chosen]),
                )
            result[chosen] = found.logits.float().numpy()
        return result


def _in_8_bits(model: Any) -> Any | None:
    """A copy with dynamically quantised linear layers, or None where torch cannot make one.

    torch announces that this will leave it, hence the silence and the way back to 32 bits.
    """
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from torch.ao.quantization import quantize_dynamic

            return quantize_dynamic(model, {torch.nn.Linear}, dtype=torch.qint8)
        except (ImportError, RuntimeError, NotImplementedError):
            return None
