"""Any transformers sequence-classification checkpoint as a scorer of three classes.

Labels are matched by their name, never by their place: public checkpoints disagree on the order.
Names that say nothing (`LABEL_0`) are taken from a label map, from the catalogue, or are inferred
from what the checkpoint does on the sentences of `models.probe`, which every checkpoint is put to.
Only safetensors weights are read, since a pickled checkpoint can run code when it is opened.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.catalogue import known
from models.probe import inferred_map, probe
from models.sentiment import LABELS, Errors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_TOKENS = 256  # the median review has 60; attention costs the square of what is kept
# A two-class checkpoint has no neutral. At probability one half neutral gets NEUTRAL_AT_HALF, and
# nothing from NEUTRAL_EDGE on; a text is called neutral roughly between .42 and .58.
NEUTRAL_AT_HALF, NEUTRAL_EDGE = 0.6, 0.75

_SIGN: Mapping[str, str] = {
    **dict.fromkeys(("negative", "neg", "very negative", "1 star", "2 stars", "bad"), "negative"),
    **dict.fromkeys(("1 stars", "1", "2", "strongly negative", "not recommended"), "negative"),
    **dict.fromkeys(("neutral", "neu", "3 stars", "3 star", "3", "mixed", "no idea"), "neutral"),
    **dict.fromkeys(("positive", "pos", "very positive", "4 stars", "5 stars", "good"), "positive"),
    **dict.fromkeys(("4", "5", "strongly positive", "recommended"), "positive"),
}
_BARE = re.compile(r"label[ _]?\d+")


def class_columns(
    labels: Sequence[str], label_map: Mapping[str, str] | None = None
) -> tuple[int, ...]:
    """For each of a checkpoint's labels, which of LABELS its probability is added to.

    Raises ValueError when a label says nothing (`LABEL_0`, `joy`) and `label_map` does not
    explain it, or when negative or positive would stay empty.
    """
    given = {_plain(label): _plain(sign) for label, sign in (label_map or {}).items()}
    columns = []
    for label in labels:
        sign = given.get(_plain(label)) or _SIGN.get(_plain(label))
        if sign not in LABELS:
            why = "is a bare number" if is_bare(label) else "is not known"
            raise ValueError(
                f"label {label!r} {why}: give a label map, for instance "
                f"{{{label!r}: 'negative'}}, for every one of {list(labels)}"
            )
        columns.append(LABELS.index(sign))
    if 0 not in columns or 2 not in columns:
        raise ValueError(f"labels {list(labels)} leave negative or positive empty")
    return tuple(columns)


def is_bare(label: str) -> bool:
    """True for a label that says nothing, such as `LABEL_2`."""
    return _BARE.fullmatch(_plain(label)) is not None


def three_classes(
    probabilities: NDArray[np.float32], columns: Sequence[int]
) -> NDArray[np.float32]:
    """Probabilities (n, labels) summed into (n, 3); a neutral band is made where there is none."""
    import numpy as np

    summed = np.zeros((len(probabilities), len(LABELS)), np.float32)
    for source, column in enumerate(columns):
        summed[:, column] += probabilities[:, source]
    if 1 in columns:
        return summed
    leaning = np.abs(summed[:, 2] - 0.5)
    neutral = NEUTRAL_AT_HALF * np.clip(1 - leaning / (NEUTRAL_EDGE - 0.5), 0, 1)
    summed *= (1 - neutral)[:, None]
    summed[:, 1] = neutral
    return summed


def _plain(label: str) -> str:
    return " ".join(str(label).lower().replace("_", " ").replace("-", " ").split())


@dataclass(frozen=True)
class CheckpointSentiment:
    """A checkpoint as a scorer; `native_neutral` is false where neutral is a band we made."""

    name: str
    revision: str
    licence: str
    columns: tuple[int, ...]
    tokenizer: Any
    model: Any
    batch_size: int

    @property
    def errors(self) -> Sequence[Errors]:
        """Nobody measured them on texts like yours."""
        return ()

    @property
    def native_neutral(self) -> bool:
        return 1 in self.columns

    @cached_property
    def probed(self) -> dict[str, int]:
        """Sentences of `models.probe` read rightly, by language."""
        return probe(self)

    @classmethod
    def open(
        cls,
        name: str,
        label_map: Mapping[str, str] | None = None,
        batch_size: int = 32,
        allow_download: bool = False,
    ) -> CheckpointSentiment:
        """The checkpoint in a local folder or in the local cache of the hub.

        A checkpoint of the catalogue is read at the revision that is pinned there; `name@COMMIT`
        pins another. Raises FileNotFoundError when it is not on this machine (and may not be
        fetched), ValueError when its labels cannot be understood or it has no safetensors weights.
        """
        from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

        name, revision = _pinned(name)
        where: dict[str, Any] = {"local_files_only": not allow_download, "revision": revision}
        try:
            config = AutoConfig.from_pretrained(name, **where)
            tokenizer = AutoTokenizer.from_pretrained(name, **where)
            model = AutoModelForSequenceClassification.from_pretrained(
                name, use_safetensors=True, **where
            )
        except OSError as error:
            raise FileNotFoundError(f"checkpoint {name!r} cannot be opened: {error}") from error
        model.eval()
        labels, explained = _labels(config), label_map or _catalogued(name)
        if explained is None and all(map(is_bare, labels)):
            explained = inferred_map(
                labels, lambda texts: _own_probabilities(model, tokenizer, list(texts))
            )
        columns = class_columns(labels, explained)
        listed = known(name)
        licence = listed.licence if listed else "unstated"
        return cls(name, _revision(name, config), licence, columns, tokenizer, model, batch_size)

    def score(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
    ) -> NDArray[np.float32]:
        """Probabilities, shape (n, 3); language and kind are not used by public checkpoints."""
        import numpy as np

        if not texts:
            return np.empty((0, len(LABELS)), np.float32)
        # Batches of like length: a batch costs as much as its longest text.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        raw = [
            _own_probabilities(
                self.model,
                self.tokenizer,
                [texts[place] for place in order[start : start + self.batch_size]],
            )
            for start in range(0, len(order), self.batch_size)
        ]
        result = np.empty((len(texts), len(LABELS)), np.float32)
        result[order] = three_classes(np.concatenate(raw), self.columns)
        return result


def _own_probabilities(model: Any, tokenizer: Any, texts: list[str]) -> NDArray[np.float32]:
    """Softmax over the checkpoint's own labels, shape (texts, labels)."""
    import torch

    limit = min(MAX_TOKENS, int(tokenizer.model_max_length))
    tokens = tokenizer(texts, padding=True, truncation=True, max_length=limit, return_tensors="pt")
    with torch.inference_mode():
        logits = model(**tokens).logits.float()
    result: NDArray[np.float32] = torch.softmax(logits, dim=-1).numpy()
    return result


def _pinned(name: str) -> tuple[str, str | None]:
    """A checkpoint's name and the commit it is read at, None where neither says one.

    A folder is read as it is, also one with an @ in its path.
    """
    if Path(name).exists():
        return name, None
    base, _, commit = name.partition("@")
    listed = known(base)
    return base, commit or (listed.revision if listed else None)


def _labels(config: Any) -> list[str]:
    return [str(config.id2label[place]) for place in sorted(config.id2label)]


def _catalogued(name: str) -> Mapping[str, str] | None:
    listed = known(name)
    return listed.label_map if listed and listed.label_map else None


def _revision(name: str, config: Any) -> str:
    """The hub's commit where there is one, else a digest of the folder's weights."""
    commit = getattr(config, "_commit_hash", None)
    if commit:
        return f"{name}@{str(commit)[:12]}"
    total = hashlib.sha256()
    for path in sorted(Path(name).glob("*.safetensors")):
        with path.open("rb") as weights:
            total.update(hashlib.file_digest(weights, "sha256").digest())
    return f"{Path(name).name}@{total.hexdigest()[:12]}"
