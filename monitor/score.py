"""Every version that the current model has not judged gets its probabilities, in batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from monitor.records import Score
from monitor.store import Store, scores

BATCH = 2000


class Rows(Protocol):
    """A numpy array of shape (n, 3): negative, neutral, positive."""

    def tolist(self) -> list[list[float]]: ...


class Scorer(Protocol):
    """What scoring needs of a model; `models.open_sentiment` gives one."""

    @property
    def revision(self) -> str:
        """The model and its weights: a score of another revision is made again."""
        ...

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> Rows:
        """Probabilities (n, 3): negative, neutral, positive; each row sums to 1."""
        ...


def score_pending(
    store: Store,
    scorer: Scorer,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda count: None,
) -> int:
    """Scores what waits for this revision and returns how many texts; safe to stop at any time."""
    total = 0
    while batch := scores.pending(store, scorer.revision, BATCH):
        readable = [text for text in batch if scores.is_readable(text)]
        rows = (
            scorer.score(
                [text.text for text in readable],
                [text.language for text in readable],
                [text.kind for text in readable],
            ).tolist()
            if readable
            else []
        )
        results = [Score(text.version_id, *row) for text, row in zip(readable, rows, strict=True)]
        known = {text.version_id for text in readable}
        skipped = [text.version_id for text in batch if text.version_id not in known]
        scores.save(store, scorer.revision, results, skipped, clock())
        total += len(results)
        progress(len(batch))
    return total
