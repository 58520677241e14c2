"""The packed texts in memory: ids end to end in one array, and what is known of each text."""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.deep.tokenizer import encode
from models.training.deep.corrupt import corrupt

TRAIN, DEV = 0, 1
_TWO_BYTES = [{"id": lzma.FILTER_LZMA2, "preset": 4, "pb": 1, "lp": 1, "lc": 3}]
STEP = 8  # lengths are padded to a multiple of this, which the GPU's kernels like


@dataclass(frozen=True)
class Rows:
    """n texts. Text k is `ids[starts[k]:starts[k + 1]]`; every other array has n entries.

    `label` 0-2, `stars` 1-5 or 0 where a set has none, `target` (n, 3) soft labels.
    """

    ids: NDArray[np.uint16]
    starts: NDArray[np.int64]
    split: NDArray[np.uint8]
    dataset: NDArray[np.uint8]
    language: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    label: NDArray[np.uint8]
    stars: NDArray[np.uint8]
    target: NDArray[np.float16]
    weight: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.split)

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    def texts(self, places: Sequence[int]) -> list[list[int]]:
        """Ids of the texts at these places."""
        return [self.ids[self.starts[k] : self.starts[k + 1]].tolist() for k in places]

    def take(self, places: NDArray[np.int64]) -> Rows:
        """The texts at these places, in that order, a place more than once if named so."""
        lengths = self.lengths[places]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        inside = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
        ids = self.ids[np.repeat(self.starts[:-1][places], lengths) + inside]
        rest = {f.name: getattr(self, f.name)[places] for f in fields(self)[2:]}
        return Rows(ids, starts, **rest)

    def shortened(self, longest: int) -> Rows:
        """The same texts, of the long ones only the first two and the last third of `longest`."""
        lengths = np.minimum(self.lengths, longest)
        starts = np.concatenate(([0], np.cumsum(lengths)))
        inside = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
        skipped = np.repeat(self.lengths - lengths, lengths) * (inside >= longest - longest // 3)
        ids = self.ids[np.repeat(self.starts[:-1], lengths) + inside + skipped]
        rest = {f.name: getattr(self, f.name) for f in fields(self)[2:]}
        return Rows(ids, starts, **rest)

    def with_ids(self, changed: dict[int, list[int]]) -> Rows:
        """The same texts, some of them written differently."""
        if not changed:
            return self
        pieces = np.split(self.ids, self.starts[1:-1])
        for place, ids in changed.items():
            pieces[place] = np.array(ids, np.uint16)
        starts = np.concatenate(([0], np.cumsum([len(piece) for piece in pieces])))
        rest = {f.name: getattr(self, f.name) for f in fields(self)[2:]}
        return Rows(np.concatenate(pieces), starts, **rest)


@dataclass(frozen=True)
class Pack:
    """What step 1 leaves behind: the texts, the tokenizer, and what it noted of the sets."""

    rows: Rows
    tokenizer: Tokenizer
    notes: dict[str, Any]

    def of(self, split: int) -> Rows:
        """The texts of one split."""
        return self.rows.take(np.flatnonzero(self.rows.split == split))


def save_rows(rows: Rows, folder: Path) -> None:
    """Writes ids.xz and rows.npz, each in one move.

    The pack has to travel: LZMA, told that numbers are two bytes wide, more than halves it.
    """
    move(folder / "ids.xz", lzma.compress(rows.ids.astype("<u2").tobytes(), filters=_TWO_BYTES))
    rest = {f.name: getattr(rows, f.name) for f in fields(rows)[2:]}
    part = folder / "rows.part.npz"
    np.savez_compressed(part, lengths=rows.lengths.astype(np.uint16), **rest)
    part.replace(folder / "rows.npz")


def move(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(content)
    part.replace(path)


def load_pack(folder: Path) -> Pack:
    """The pack in `folder`. Raises FileNotFoundError when step 1 has not finished there."""
    notes_file = folder / "notes.json"
    if not notes_file.is_file():
        raise FileNotFoundError(f"no pack: {notes_file} is missing; run the step `pack` first")
    ids = np.frombuffer(lzma.decompress((folder / "ids.xz").read_bytes()), "<u2")
    with np.load(folder / "rows.npz") as stored:
        rest = {name: stored[name] for name in stored.files}
    starts = np.concatenate(([0], np.cumsum(rest.pop("lengths").astype(np.int64))))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    notes = json.loads(notes_file.read_text(encoding="utf-8"))
    return Pack(Rows(ids, starts, **rest), tokenizer, notes)


def misspelt(
    rows: Rows, tokenizer: Tokenizer, languages: Sequence[str], share: float, seed: int
) -> Rows:
    """The texts with a share of them corrupted; the same seed gives the same slips."""
    rng = random.Random(seed)
    chosen = [place for place in range(len(rows)) if rng.random() < share]
    texts = tokenizer.decode_batch(rows.texts(chosen))
    changed = [
        corrupt(text, languages[rows.language[place]], rng) if text else text
        for place, text in zip(chosen, texts, strict=True)
    ]
    return rows.with_ids(dict(zip(chosen, encode(tokenizer, changed), strict=True)))


def epoch_batches(
    lengths: NDArray[np.int64], tokens: int, rng: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """Places of all texts in batches of like length, at most `tokens` pieces, in random order."""
    order = rng.permutation(len(lengths))
    order = order[np.argsort(-lengths[order], kind="stable")]
    cuts, start = [], 0
    while start < len(order):
        longest = -(-int(lengths[order[start]]) // STEP) * STEP
        start += max(1, tokens // longest)
        cuts.append(min(start, len(order)))
    batches = np.split(order, cuts[:-1])
    for place in rng.permutation(len(batches)):
        yield batches[place]
