"""Two scorers as one: a fast one reads everything, a deep one what the fast one is unsure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.sentiment import Errors, Sentiment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.deep.scorer import DeepSentiment

ALLOWED_LOSS = 0.002  # of macro-F1 against the deep tier on everything, in every language
EVERYTHING = 1.01  # a threshold above any probability: both tiers read each text


@dataclass(frozen=True)
class Cascade:
    """A scorer; texts whose best probability is under `threshold` are read by both tiers.

    Both are calibrated, so that the mean of their probabilities is what is reported there.
    """

    fast: Sentiment
    deep: Sentiment
    threshold: float

    @classmethod
    def of(cls, fast: Sentiment, deep: DeepSentiment) -> Cascade:
        """The cascade with the threshold that was chosen on dev when `deep` was trained.

        Raises ValueError when none was.
        """
        if deep.config.cascade_threshold is None:
            raise ValueError(f"{deep.folder / 'config.json'} has no cascade_threshold")
        return cls(fast, deep, float(deep.config.cascade_threshold))

    @property
    def name(self) -> str:
        return f"{self.fast.name}+{self.deep.name}"

    @property
    def revision(self) -> str:
        return f"{self.fast.revision}+{self.deep.revision}@{self.threshold:g}"

    @property
    def errors(self) -> Sequence[Errors]:
        """Those of both tiers together, measured on the dev texts."""
        return [tuple(each) for each in self.deep.config.errors or ()]  # type: ignore[misc]

    @property
    def licence(self) -> str:
        both = dict.fromkeys((self.fast.licence, self.deep.licence))
        return " and ".join(both)

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        """Probabilities, shape (n, 3); see `Sentiment.score`."""
        import numpy as np

        result = self.fast.score(texts, languages, kinds)
        unsure = np.flatnonzero(result.max(axis=1, initial=0.0) < self.threshold).tolist()
        if not unsure:
            return result
        second = self.deep.score(
            [texts[place] for place in unsure],
            None if languages is None else [languages[place] for place in unsure],
            None if kinds is None else [kinds[place] for place in unsure],
        )
        result[unsure] = (result[unsure] + second) / 2
        return result


@dataclass(frozen=True, slots=True)
class DevSet:
    """One held-out set scored by both tiers: probabilities (n, 3) twice, and the true labels."""

    language: str
    fast: NDArray[np.float32]
    deep: NDArray[np.float32]
    truth: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Choice:
    """A threshold, the share of texts that the deep tier reads under it, and macro-F1 by language.

    `kept` is false when no threshold keeps the loss within bounds.
    """

    threshold: float
    share: float
    macro_f1: dict[str, float]
    kept: bool


def choose_threshold(sets: Sequence[DevSet], loss: float = ALLOWED_LOSS) -> Choice:
    """The lowest threshold that loses at most `loss` macro-F1 against the deep tier alone.

    It holds in every language, whose figure is the mean over its sets. When even reading
    everything twice loses more, that is what is returned, marked as not kept.
    """
    import numpy as np

    alone = _by_language(sets, [each.deep for each in sets])
    texts = sum(len(each.truth) for each in sets)
    for threshold in (*np.arange(0.40, 1.0, 0.02).round(2).tolist(), EVERYTHING):
        unsure = [each.fast.max(axis=1) < threshold for each in sets]
        mixed = [
            np.where(asked[:, None], (each.fast + each.deep) / 2, each.fast)
            for each, asked in zip(sets, unsure, strict=True)
        ]
        figures = _by_language(sets, mixed)
        kept = all(figures[code] >= alone[code] - loss for code in alone)
        if kept or threshold == EVERYTHING:
            share = sum(int(asked.sum()) for asked in unsure) / max(texts, 1)
            return Choice(threshold, share, figures, kept)
    raise AssertionError("the loop ends with EVERYTHING")


def _by_language(sets: Sequence[DevSet], scored: Sequence[NDArray[np.float32]]) -> dict[str, float]:
    """Macro-F1 of each language: the mean over its sets."""
    import numpy as np

    from models.training.evaluate import figures

    found: dict[str, list[float]] = {}
    for each, probabilities in zip(sets, scored, strict=True):
        macro_f1 = figures(probabilities.astype(np.float64), each.truth).macro_f1
        found.setdefault(each.language, []).append(macro_f1)
    return {code: float(np.mean(values)) for code, values in sorted(found.items())}
