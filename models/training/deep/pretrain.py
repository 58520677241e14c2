"""Step 2: the encoder learns the languages by guessing hidden words of the train texts."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from models.deep.network import Encoder, MaskedHead, Shape, start_weights
from models.deep.tokenizer import MASK, SPECIAL, word_starts
from models.training.deep.loop import Batch, Progress, Training, train
from models.training.deep.recipe import Session
from models.training.deep.rows import TRAIN, Pack, Rows

HIDDEN, SWAPPED = 0.8, 0.1  # of the pieces to guess; the rest is shown as it is (BERT's shares)
# Left out at times, so that the encoder reads texts of unknown language and kind as well.
UNTOLD = 0.2


class Guesser(nn.Module):
    """The encoder with its masked-piece head."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.encoder = Encoder(shape)
        self.masked = MaskedHead(shape)
        self.apply(start_weights)


def pretrain(session: Session, pack: Pack) -> tuple[bool, Progress]:
    """Trains until the course ends (true) or the call's time does (false)."""
    torch.manual_seed(session.recipe.seed)
    shape = session.shape(pack.tokenizer.get_vocab_size())
    model = Guesser(shape).to(session.device)
    rows = pack.of(TRAIN).shortened(session.recipe.longest)
    rng = np.random.default_rng(session.recipe.seed)
    times = repeats(rows, session.recipe.pretrain_power, rng)
    rows = rows.take(np.repeat(np.arange(len(rows)), times))
    told = _told(rows, session.device)
    starts = torch.tensor(word_starts(pack.tokenizer), device=session.device)
    encoder = torch.compile(model.encoder, dynamic=True) if session.compiled else model.encoder

    def loss(batch: Batch) -> Tensor:
        count = max(1, round(session.recipe.masked * batch.pieces))
        shown, at = hide(batch, starts, count, shape.vocabulary)
        language, kind = told[batch.places].unbind(1)
        known = torch.rand(2, len(language), device=session.device) >= UNTOLD
        states = encoder(shown, batch.present, language * known[0], kind * known[1])
        wanted = batch.ids.reshape(-1)[at]
        states = states.reshape(-1, shape.width)[at]
        if not session.recipe.rivals:
            guessed = model.masked(states, model.encoder.words.weight)
            return F.cross_entropy(guessed.float(), wanted)
        rivals, wanted = among_rivals(wanted, session.recipe.rivals, shape.vocabulary)
        guessed = model.masked(states, model.encoder.words.weight[rivals], rivals)
        return F.cross_entropy(guessed.float(), wanted)

    course = session.recipe.pretrain
    return train(Training("pretrain", course, model, rows, loss), session, pack)


def hide(batch: Batch, starts: Tensor, count: int, vocabulary: int) -> tuple[Tensor, Tensor]:
    """Ids with `count` pieces hidden, whole words together, and their places in the flat batch.

    The count is a plain number so that nothing has to be read back from the GPU.
    """
    ids = batch.ids
    word = starts[ids].cumsum(dim=1)
    luck = torch.rand(ids.shape, device=ids.device).gather(1, word.clamp(max=ids.shape[1] - 1))
    luck = luck.masked_fill(ids < len(SPECIAL), -1.0)
    at = luck.reshape(-1).topk(count).indices
    way = torch.rand(count, device=ids.device)
    old = ids.reshape(-1)[at]
    other = torch.randint(len(SPECIAL), vocabulary, (count,), device=ids.device)
    new = torch.where(way < HIDDEN, MASK, torch.where(way < HIDDEN + SWAPPED, other, old))
    # A short batch may have fewer words than `count`: what is not a word stays as it is.
    new = torch.where(old < len(SPECIAL), old, new)
    return ids.reshape(-1).scatter(0, at, new).view_as(ids), at


def among_rivals(wanted: Tensor, count: int, vocabulary: int) -> tuple[Tensor, Tensor]:
    """Pieces to choose among, and the place of each wanted one there.

    All that the batch wants, and `count` more drawn by lot: choosing among the whole vocabulary is
    most of the work of a small encoder, and teaches it little more (in-batch sampled softmax).
    """
    more = torch.randint(len(SPECIAL), vocabulary, (count,), device=wanted.device)
    rivals, places = torch.cat((wanted, more)).unique(return_inverse=True)
    return rivals, places[: len(wanted)]


def _told(rows: Rows, device: str) -> Tensor:
    """Language and kind of each text, (n, 2)."""
    both = np.stack([rows.language, rows.kind], axis=1).astype(np.int64)
    return torch.from_numpy(both).to(device)


def repeats(rows: Rows, power: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """How often each text is read in an epoch: a language of n pieces counts as n ** power.

    The largest language is read once; a fraction over is drawn by lot.
    """
    sizes = np.bincount(rows.language, weights=rows.lengths)
    wanted = np.divide(sizes**power, sizes, out=np.zeros_like(sizes), where=sizes > 0)
    factor = (wanted / wanted[sizes.argmax()])[rows.language]
    return (factor + rng.random(len(rows))).astype(np.int64)
