"""Every version that the current model has not judged gets its probabilities, in batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from monitor.normalise.context import Identify
from monitor.records import LABELS, LANGUAGES, AspectScore, ModelErrors, Rating, Score
from monitor.store import Store, comments, scores
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

    @property
    def errors(self) -> Sequence[tuple[str, str, float, float, int]]:
        """What is known of its mistakes, as in `ModelErrors`; empty where nothing is."""
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


RATING_SAYS = (
    (0.88, 0.09, 0.03),
    (0.66, 0.27, 0.07),
    (0.27, 0.50, 0.23),
    (0.07, 0.25, 0.68),
    (0.03, 0.08, 0.89),
)
"""What one to five stars say of negative, neutral, positive when nothing is known of the text.

Set by hand from how people use stars, and mild on purpose: a text that is sure of itself outweighs
them, because five stars given in sarcasm and one given by mistake are a few per cent of reviews.
"""


def with_rating(row: Sequence[float], rating: Rating | None) -> tuple[float, float, float]:
    """The text's probabilities, and what the author's own rating says, taken together.

    A product of experts: the author said it twice. Scales other than 1-5 are read by their share
    of the way from worst to best. Without a rating the text's probabilities stay as they are.
    """
    negative, neutral, positive = row
    if rating is None or not 0 <= rating.share <= 1:
        return negative, neutral, positive
    place = 4 * rating.share
    low = min(3, int(place))
    part = place - low
    says = [a + part * (b - a) for a, b in zip(RATING_SAYS[low], RATING_SAYS[low + 1], strict=True)]
    joint = [p * q for p, q in zip((negative, neutral, positive), says, strict=True)]
    total = sum(joint)
    return joint[0] / total, joint[1] / total, joint[2] / total


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
    scores.note_errors(store, scorer.revision, [ModelErrors(*each) for each in scorer.errors])
    while batch := scores.pending(store, reader, BATCH):
        readable = [text for text in batch if scores.is_readable(text)]
        texts = [text.text for text in readable]
        languages = [text.language for text in readable]
        kinds = [text.kind for text in readable]
        rows = scorer.score(texts, languages, kinds).tolist() if texts else []
        found = aspects.read(texts, languages, kinds) if texts else []
        results = [
            Score(text.version_id, *with_rating(row, text.rating))
            for text, row in zip(readable, rows, strict=True)
        ]
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


def score_comments(
    store: Store,
    scorer: Scorer,
    aspects: AspectReader,
    identify: Identify,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda count: None,
) -> int:
    """Scores comments of surveys as mentions are, by their text alone; returns how many.

    Not together with the score that their writers gave: whether the two agree is a question that
    analysts ask.
    """
    total = 0
    reader = readers(scorer, aspects)
    while batch := comments.pending(store, reader, BATCH):
        found = identify([one.text for one in batch], [one.language for one in batch])
        read = [k for k, (code, _) in enumerate(found) if code in LANGUAGES]
        texts, languages = [batch[k].text for k in read], [found[k][0] for k in read]
        kinds = ["review"] * len(read)
        rows = scorer.score(texts, languages, kinds).tolist() if read else []
        spoken_of = aspects.read(texts, languages, kinds) if read else []
        judged = dict(zip(read, zip(rows, spoken_of, strict=True), strict=True))
        results = []
        for k, one in enumerate(batch):
            row, ones = judged.get(k, (None, ()))
            results.append(
                comments.ScoredComment(
                    one.response_id,
                    found[k][0],
                    None if row is None else (row[0], row[1], row[2]),
                    None if row is None else LABELS[row.index(max(row))],
                    [(a.aspect, a.stage, a.label, round(a.confidence, 4), a.clause) for a in ones],
                )
            )
        comments.save(store, reader, results, clock())
        total += len(read)
        progress(len(batch))
    return total
