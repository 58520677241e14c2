"""The one way to score sentiment, whichever model is behind it.

scorer = open_sentiment()
scorer.score(["Отличный банк!"], languages=["ru"], kinds=["review"])  # [[.02, .05, .93]]
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Language, kind ('' any), share of negative texts found, share of others taken for negative, texts.
Errors = tuple[str, str, float, float, int]
LABELS = ("negative", "neutral", "positive")  # the columns of every scorer, in this order
EMBEDDED = "embedded"
NGRAMS = "ngrams"  # the embedded model's fast tier alone
DEEP_WEIGHTS = Path(__file__).parent / "weights" / "deep"
ADAPTED = "monitor_adapted"  # model_type of a folder that `monitor train` wrote


class Sentiment(Protocol):
    """A scorer: texts in, probabilities out.

    `revision` changes whenever the weights do; `licence` is what the weights may be used for.
    """

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str: ...

    @property
    def licence(self) -> str: ...

    @property
    def errors(self) -> Sequence[Errors]:
        """How often texts are taken for negative, rightly and wrongly; empty where unknown."""
        ...

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        """Shape (n, 3): negative, neutral, positive; rows sum to 1, in the order of `texts`.

        `languages` are ISO 639-1 codes, `kinds` review, post, comment or news; a code or kind
        that the model does not know (`other`, an empty string) counts as not given.
        """
        ...


def open_sentiment(
    name: str = EMBEDDED,
    label_map: Mapping[str, str] | None = None,
    batch_size: int = 32,
    allow_download: bool = False,
) -> Sentiment:
    """The scorer called `name`: `embedded`, `ngrams` (its fast tier alone), a local folder, or a
    checkpoint's name on a hub.

    A folder holds a checkpoint, or what `monitor train` wrote. `label_map` (the checkpoint's label
    -> negative, neutral or positive) and `batch_size` are for checkpoints only. Raises ValueError
    when the labels cannot be understood and FileNotFoundError when the weights are not on this
    machine.
    """
    if name in (EMBEDDED, NGRAMS):
        return _embedded(name)
    if _model_type(Path(name)) == ADAPTED:
        from models.adapted import AdaptedSentiment

        folder = Path(name)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        base = open_sentiment(str(config["base"]), label_map, batch_size, allow_download)
        return AdaptedSentiment.open(folder, base)
    from models.checkpoint import CheckpointSentiment

    return CheckpointSentiment.open(name, label_map, batch_size, allow_download)


def _embedded(name: str) -> Sentiment:
    """The n-grams, with the deep tier for what they are unsure of unless they are asked alone."""
    from models.ngram import NgramSentiment

    fast = NgramSentiment.open()
    if name == NGRAMS or not (DEEP_WEIGHTS / "model.safetensors").is_file():
        return fast
    from models.cascade import Cascade

    return Cascade.open(fast, DEEP_WEIGHTS)


def _model_type(folder: Path) -> str | None:
    """What config.json in a folder says it holds; None where there is none to be read."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(config.get("model_type")) if isinstance(config, dict) else None
