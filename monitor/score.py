"""Every version that the current model has not judged gets its probabilities, in batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from monitor.records import AspectScore, Score
from monitor.store import Store, scores
from monitor.store import aspects as aspect_store

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


class FoundAspect(Protocol):
    """One aspect of a text with its own polarity, and the clause that says so."""

    @property
    def aspect(self) -> str: ...
    @property
    def stage(self) -> str | None: ...
    @property
    def label(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def clause(self) -> str: ...


class AspectReader(Protocol):
    """What scoring needs to tell what a text is about; `models.aspects.AspectReader` is one."""

    @property
    def revision(self) -> str: ...

    def read(
        self, texts: Sequence[str], languages: Sequence[str], kinds: Sequence[str]
    ) -> Sequence[Sequence[FoundAspect]]:
        """The aspects of each text, in the order of `texts`."""
        ...


def readers(scorer: Scorer, aspects: AspectReader) -> str:
    """The revisions that look at a version together: when one changes, it is looked at again."""
    return f"{scorer.revision} {aspects.revision}"


def score_pending(
    store: Store,
    scorer: Scorer,
    aspects: AspectReader,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda count: None,
) -> int:
    """Scores what waits for these revisions; returns how many texts. Safe to stop at any time."""
    total = 0
    reader = readers(scorer, aspects)
    while batch := scores.pending(store, reader, BATCH):
        readable = [text for text in batch if scores.is_readable(text)]
        texts = [text.text for text in readable]
        languages = [text.language for text in readable]
        kinds = [text.kind for text in readable]
        rows = scorer.score(texts, languages, kinds).tolist() if texts else []
        found = aspects.read(texts, languages, kinds) if texts else []
        results = [Score(text.version_id, *row) for text, row in zip(readable, rows, strict=True)]
        with store.write():
            scores.save(store, scorer.revision, results, clock())
            aspect_store.save(
                store,
                aspects.revision,
                [
                    AspectScore(
                        text.version_id,
                        one.aspect,
                        one.stage,
                        one.label,
                        one.confidence,
                        one.clause,
                    )
                    for text, ones in zip(readable, found, strict=True)
                    for one in ones
                ],
                [text.version_id for text in batch],
            )
            scores.mark_read(store, reader, [text.version_id for text in batch])
        total += len(results)
        progress(len(batch))
    return total
