"""The numbers of the recipe, and what a step is handed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from models.deep.inputs import KINDS, LANGUAGES
from models.deep.network import Shape

# Sizes measured elsewhere at 168 and 48 texts of 64 pieces a second on one core (see README.md).
SHAPES = {
    "tiny": (32, 2, 2),  # width, layers, heads: for tests
    "tiny-recurrent": (32, 2, 0),
    "recurrent": (192, 3, 0),  # no heads: it remembers; trained on one core
    "small": (256, 4, 4),
    "large": (384, 6, 6),
}


@dataclass(frozen=True, slots=True)
class Course:
    """How one kind of training goes. It ends after `epochs` or `seconds`, whichever is first,
    counted over all calls together; the learning rate follows whichever is further on."""

    epochs: int
    seconds: float
    batch_tokens: int
    learning_rate: float
    warmup: float = 0.04  # share of the whole
    weight_decay: float = 0.05
    corrupted: float = 0.15  # share of the texts that are read misspelt in an epoch


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every number that was chosen; none of them on test texts."""

    vocabulary: int = 24_000
    sample_characters: int = 25_000_000  # what the tokenizer is trained on
    language_power: float = 0.5  # a language of n characters is sampled as n ** power
    masked: float = 0.2  # share of pieces to be guessed, in whole words
    pretrain: Course = field(default_factory=lambda: Course(30, 500, 49_152, 1e-3))
    tune: Course = field(
        default_factory=lambda: Course(5, 400, 16_384, 3e-4, warmup=0.06, corrupted=0.2)
    )
    pretrain_power: float = 0.7  # rows of a language of n pieces count as n ** power in pretraining
    set_share: float = 0.5  # how much of the loss the sets' own heads carry, beside the shared one
    star_share: float = 0.2  # weight of guessing 1-5 stars where a set has them
    smoothing: float = 0.03  # of the labels, among those that the set has
    agreement: float = 0.5  # R-Drop: weight of two passes agreeing; 0 halves the cost
    rivals: int = 0  # pieces drawn to guess among, beside those hidden in the batch; 0: all
    own_texts: bool = True  # the sentences and templates written for this project
    blanked: float = 0.0  # share of pieces hidden in tuning
    longest: int = 192  # pieces of a text that are read in training; the middle is left out
    softness: float = 0.15  # how neutral a review of two or four stars is
    kind_dropout: float = 0.25
    language_dropout: float = 0.1
    seed: int = 20261122
    trained: str = "2026.11"


# One core for two hours: smaller batches so that there are enough steps, hidden pieces
# instead of two passes (R-Drop costs twice the time).
RECURRENT = Recipe(
    masked=0.15,
    rivals=2000,
    pretrain=Course(2, 4000, 8192, 2e-3, weight_decay=0.01, corrupted=0.0),
    tune=Course(3, 6000, 8192, 1e-3, weight_decay=0.02, corrupted=0.15),
    agreement=0.0,
    blanked=0.1,
    longest=96,
)

# A few hundred texts on a CPU in seconds: everything is walked through, nothing is learnt well.
TINY = Recipe(
    vocabulary=400,
    sample_characters=200_000,
    own_texts=False,
    pretrain=Course(2, 60, 2048, 2e-3),
    tune=Course(4, 60, 1024, 3e-3),
)


@dataclass(frozen=True, slots=True)
class Session:
    """One call of the recipe: where things lie, how long it may take, where it computes."""

    recipe: Recipe
    shape_name: str
    data: Path | None
    work: Path
    pack: Path
    out: Path
    device: str
    deadline: float  # of time.monotonic()
    compiled: bool = False
    log: Callable[[str], None] = print

    def left(self) -> float:
        """Seconds until this call has to end."""
        return self.deadline - time.monotonic()

    def shape(self, vocabulary: int) -> Shape:
        """The network's sizes for a tokenizer of that many pieces."""
        width, layers, heads = SHAPES[self.shape_name]
        return Shape(
            vocabulary, width, layers, heads, len(LANGUAGES), len(KINDS), recurrent=not heads
        )
