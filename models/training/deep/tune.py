"""Step 3: the encoder learns sentiment from all sets together.

Every set has a small head of its own beside the one that is shipped, so that what only this set
calls neutral is not forced on the others; a set without neutral texts leaves neutral out of its
loss; stars are guessed beside, as five soft steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.deep.inputs import KINDS
from models.deep.network import ClassHead, Encoder, Shape, start_weights
from models.deep.tokenizer import MASK, SPECIAL
from models.training.deep.loop import Batch, Progress, Training, train
from models.training.deep.parts import load_checkpoint
from models.training.deep.recipe import Recipe, Session
from models.training.deep.rows import TRAIN, Pack, Rows

_NEVER = -1e4  # a logit that no softmax gives anything, also in half precision
STARS = 5
STAR_WIDTH = 0.7  # of the bell around the stars given: a neighbour gets about a third


class Tuned(nn.Module):
    """Encoder and shared head (shipped), and the heads of sets and stars (not shipped)."""

    def __init__(self, shape: Shape, sets: int) -> None:
        super().__init__()
        self.encoder = Encoder(shape)
        self.head = ClassHead(shape)
        self.stars = nn.Linear(shape.width, STARS)
        self.sets = nn.Embedding(sets, 3 * (shape.width + 1))
        self.apply(start_weights)
        nn.init.zeros_(self.sets.weight)

    def of_set(self, summary: Tensor, numbers: Tensor) -> Tensor:
        """What each text's own set adds to the shared logits, (texts, 3)."""
        weights = self.sets(numbers).view(len(numbers), 3, -1)
        ones = torch.ones_like(summary[:, :1])
        return torch.einsum("nlw,nw->nl", weights, torch.cat((summary, ones), dim=1))


@dataclass(frozen=True)
class Known:
    """What is known of each train text, on the device; places as in the rows."""

    language: Tensor
    kind: Tensor
    dataset: Tensor
    target: Tensor
    weight: Tensor
    stars: Tensor
    answers: Tensor  # set of answers to others' posts: at times shown as comments
    without_neutral: Tensor

    @classmethod
    def of(cls, rows: Rows, pack: Pack, recipe: Recipe, device: str) -> Known:
        """Targets are smoothed among the labels that the set has."""
        sets = pack.notes["sets"]
        answers = np.array([each["answers"] for each in sets])[rows.dataset]
        alone = np.array([each["without_neutral"] for each in sets])[rows.dataset]
        even = np.where(alone[:, None], [0.5, 0.0, 0.5], 1 / 3)
        target = rows.target * (1 - recipe.smoothing) + even * recipe.smoothing

        def to(array: np.ndarray, kind: type[np.generic]) -> Tensor:  # type: ignore[type-arg]
            return torch.from_numpy(array.astype(kind)).to(device)

        return cls(
            to(rows.language, np.int64),
            to(rows.kind, np.int64),
            to(rows.dataset, np.int64),
            to(target, np.float32),
            to(rows.weight, np.float32),
            to(rows.stars, np.int64),
            to(answers, np.bool_),
            to(alone, np.bool_),
        )

    def shown(self, places: Tensor, recipe: Recipe) -> tuple[Tensor, Tensor]:
        """Language and kind as the encoder is told them: at times not, at times as a comment."""
        luck = torch.rand(3, len(places), device=places.device)
        kind = self.kind[places]
        comment = self.answers[places] & (luck[0] < 0.5)
        kind = torch.where(comment, KINDS.index("comment"), kind)
        kind = kind * (luck[1] >= recipe.kind_dropout)
        return self.language[places] * (luck[2] >= recipe.language_dropout), kind


def tune(session: Session, pack: Pack) -> tuple[bool, Progress]:
    """Trains until the course ends (true) or the call's time does (false)."""
    torch.manual_seed(session.recipe.seed)
    recipe = session.recipe
    rows = pack.of(TRAIN).shortened(recipe.longest)
    model = Tuned(session.shape(pack.tokenizer.get_vocab_size()), len(pack.notes["sets"]))
    model = model.to(session.device)
    if not (session.work / "tune.pt").is_file():
        _take_pretrained(model, session)
    known = Known.of(rows, pack, recipe, session.device)
    encoder = torch.compile(model.encoder, dynamic=True) if session.compiled else model.encoder

    def loss(batch: Batch) -> Tensor:
        language, kind = known.shown(batch.places, recipe)
        if not recipe.agreement:
            states = encoder(_blanked(batch.ids, recipe.blanked), batch.present, language, kind)
            return _losses(model, known, batch, states, batch.present, recipe)[0]
        # R-Drop (Liang et al. 2021): two passes with other dropout must agree.
        present = batch.present.repeat(2, 1)
        states = encoder(batch.ids.repeat(2, 1), present, language.repeat(2), kind.repeat(2))
        total, logits = _losses(model, known, _twice(batch), states, present, recipe)
        weight = known.weight[batch.places]
        return total + recipe.agreement * (_distance(logits) * weight).sum() / weight.sum()

    return train(Training("tune", recipe.tune, model, rows, loss), session, pack)


def _take_pretrained(model: Tuned, session: Session) -> None:
    """Copies the encoder of step 2. Raises FileNotFoundError when there is none."""
    kept = load_checkpoint(session.work / "pretrain.pt", session.device)
    if kept is None:
        raise FileNotFoundError(f"{session.work / 'pretrain.pt'}: run the step `pretrain` first")
    start = "encoder."
    own = {name[len(start) :]: t for name, t in kept["model"].items() if name.startswith(start)}
    model.encoder.load_state_dict(own)


def _losses(
    model: Tuned, known: Known, batch: Batch, states: Tensor, present: Tensor, recipe: Recipe
) -> tuple[Tensor, Tensor]:
    """The loss of a batch, and the shared logits with neutral closed where a set has none."""
    at = batch.places
    summary = model.head.summary(states, present).float()
    shared = model.head.out(summary).float()
    own = shared + model.of_set(summary, known.dataset[at]).float()
    closed = torch.zeros_like(shared)
    closed[:, 1] = known.without_neutral[at] * _NEVER
    weight = known.weight[at]
    total = torch.zeros((), device=states.device)
    for share, logits in ((1 - recipe.set_share, shared), (recipe.set_share, own)):
        crossed = -(known.target[at] * F.log_softmax(logits + closed, dim=1)).sum(dim=1)
        total = total + share * (crossed * weight).sum() / weight.sum()
    guessed = F.log_softmax(model.stars(summary).float(), dim=1)
    wanted = star_targets(known.stars[at])
    starred = weight * (known.stars[at] > 0)
    crossed = -(wanted * guessed).sum(dim=1)
    total = total + recipe.star_share * (crossed * starred).sum() / weight.sum()
    return total, shared + closed


def star_targets(stars: Tensor) -> Tensor:
    """Soft targets (n, 5): a bell around the stars given, so that 4 for 5 costs less than 1."""
    steps = torch.arange(1, STARS + 1, device=stars.device)
    return F.softmax(-((steps - stars[:, None]) ** 2) / (2 * STAR_WIDTH**2), dim=1)


def _distance(logits: Tensor) -> Tensor:
    """Symmetric Kullback-Leibler divergence of the first half from the second, one a text."""
    first, second = F.log_softmax(logits, dim=1).chunk(2)
    return ((first.exp() - second.exp()) * (first - second)).sum(dim=1) / 2


def _blanked(ids: Tensor, share: float) -> Tensor:
    """Ids with a share of the pieces hidden, so that no single word decides."""
    if not share:
        return ids
    hidden = (torch.rand(ids.shape, device=ids.device) < share) & (ids >= len(SPECIAL))
    return ids.masked_fill(hidden, MASK)


def _twice(batch: Batch) -> Batch:
    return Batch(batch.ids, batch.present, batch.places.repeat(2), batch.pieces)
