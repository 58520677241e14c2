"""The one way to score sentiment, whichever model is behind it.

scorer = open_sentiment()
scorer.score(["Отличный банк!"], languages=["ru"], kinds=["review"])  # [[.02, .05, .93]]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LABELS = ("negative", "neutral", "positive")  # the columns of every scorer, in this order
EMBEDDED = "embedded"


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
    """The scorer called `name`: `embedded`, a local folder, or a checkpoint's name on a hub.

    `label_map` (the checkpoint's label -> negative, neutral or positive) and `batch_size` are
    for checkpoints only. Raises ValueError when the labels cannot be understood and
    FileNotFoundError when the weights are not on this machine.
    """
    if name == EMBEDDED:
        from models.ngram import NgramSentiment

        return NgramSentiment.open()
    from models.checkpoint import CheckpointSentiment

    return CheckpointSentiment.open(name, label_map, batch_size, allow_download)
