"""Two scorers as one: a fast one reads everything, a deep one what the fast one is unsure of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.sentiment import Errors, Sentiment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


ALLOWED_LOSS = 0.002  # of macro-F1 against the deep tier on everything, in every language
SHARES = (0.5, 0.6, 0.7)  # what the deep tier may count where both read
EVERYTHING = 1.01  # a threshold above any probability: both tiers read each text


@dataclass(frozen=True)
class Cascade:
    """A scorer; texts whose best probability is under `threshold` are read by both tiers.

    Both are calibrated, so that a mean of their probabilities is what is reported there; the deep
    tier counts `share` in it. `errors` are those of both together.
    """

    fast: Sentiment
    deep: Sentiment
    threshold: float
    errors: Sequence[Errors] = ()
    share: float = 0.5

    @classmethod
    def open(cls, fast: Sentiment, folder: Path) -> Cascade:
        """The cascade over the deep tier in `folder`, with the threshold chosen for it on dev.

        Raises ValueError when none was.
        """
        deep = Sleeping.open(folder)
        threshold = deep.config.get("cascade_threshold")
        if threshold is None:
            raise ValueError(f"{folder / 'config.json'} has no cascade_threshold")
        errors = [tuple(each) for each in deep.config.get("errors") or ()]
        share = deep.config.get("cascade_share") or 0.5
        return cls(fast, deep, float(threshold), errors, float(share))

    @property
    def name(self) -> str:
        return self.fast.name

    @cached_property
    def revision(self) -> str:
        return f"{self.fast.revision}+{self.deep.revision}@{self.threshold:g}x{self.share:g}"

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
        result[unsure] = mixed(result[unsure], second, self.share)
        return result


def mixed(
    fast: NDArray[np.float32], deep: NDArray[np.float32], share: float
) -> NDArray[np.float32]:
    """The mean of both tiers' probabilities in which the deep one counts `share`."""
    result: NDArray[np.float32] = fast + (deep - fast) * share
    return result


@dataclass(frozen=True)
class Sleeping:
    """The deep tier in `folder`, opened when the first text needs it."""

    folder: Path
    config: Mapping[str, Any]
    errors: Sequence[Errors] = ()

    @classmethod
    def open(cls, folder: Path) -> Sleeping:
        return cls(folder, json.loads((folder / "config.json").read_text(encoding="utf-8")))

    @property
    def name(self) -> str:
        return "deep"

    @cached_property
    def revision(self) -> str:
        return revision_of(self.folder, str(self.config["trained"]))

    @property
    def licence(self) -> str:
        return str(self.config["licence"])

    @cached_property
    def awake(self) -> Sentiment:
        if self.config.get("recurrent"):
            from models.deep.light import LightSentiment

            return LightSentiment.open(self.folder)
        from models.deep.scorer import DeepSentiment

        return DeepSentiment.open(self.folder)

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        """Probabilities, shape (n, 3); see `Sentiment.score`."""
        return self.awake.score(texts, languages, kinds)


def revision_of(folder: Path, trained: str) -> str:
    """For instance `deep-2026.11-1f0c9a3e`: month of training and digest of what is in `folder`."""
    total = hashlib.sha256()
    for name in ("model.safetensors", "config.json", "tokenizer.json"):
        total.update((folder / name).read_bytes())
    return f"deep-{trained}-{total.hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class DevSet:
    """One held-out set scored by both tiers: probabilities (n, 3) twice, and the true labels."""

    language: str
    fast: NDArray[np.float32]
    deep: NDArray[np.float32]
    truth: NDArray[np.int64]

    def mixed(self, threshold: float, share: float = 0.5) -> NDArray[np.float32]:
        """What the cascade gives: the mean where the fast tier is under `threshold`."""
        import numpy as np

        asked = self.fast.max(axis=1, keepdims=True) < threshold
        return np.where(asked, mixed(self.fast, self.deep, share), self.fast)


@dataclass(frozen=True, slots=True)
class Choice:
    """A threshold, what the deep tier counts, how many texts it reads, and macro-F1 by language.

    `kept` is false when nothing keeps the loss within bounds.
    """

    threshold: float
    share: float
    read_twice: float
    macro_f1: dict[str, float]
    kept: bool


def choose(sets: Sequence[DevSet], loss: float = ALLOWED_LOSS) -> Choice:
    """Threshold and share of best macro-F1 among those that lose at most `loss` in any language.

    The loss is against the deep tier alone on every text; a language's figure is the mean over its
    sets. Of equals the lowest threshold is taken, which asks the deep tier least. When even reading
    everything twice loses more, that is what is returned, marked as not kept.
    """
    import numpy as np

    alone = by_language(sets, [each.deep for each in sets])
    texts = sum(len(each.truth) for each in sets)
    choices = []
    for threshold in (*np.arange(0.40, 1.0, 0.02).round(2).tolist(), EVERYTHING):
        asked = sum(int((each.fast.max(axis=1) < threshold).sum()) for each in sets)
        for share in SHARES:
            found = by_language(sets, [each.mixed(threshold, share) for each in sets])
            kept = all(found[code] >= alone[code] - loss for code in alone)
            choices.append(Choice(threshold, share, asked / max(texts, 1), found, kept))
    kept_ones = [each for each in choices if each.kept] or choices[-len(SHARES) :]
    return max(kept_ones, key=lambda each: sum(each.macro_f1.values()))


def by_language(sets: Sequence[DevSet], scored: Sequence[NDArray[np.float32]]) -> dict[str, float]:
    """Macro-F1 of each language: the mean over its sets."""
    import numpy as np

    from models.training.evaluate import figures

    found: dict[str, list[float]] = {}
    for each, probabilities in zip(sets, scored, strict=True):
        macro_f1 = figures(probabilities.astype(np.float64), each.truth).macro_f1
        found.setdefault(each.language, []).append(macro_f1)
    return {code: float(np.mean(values)) for code, values in sorted(found.items())}
