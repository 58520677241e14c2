"""The network itself, in plain torch: an encoder, and the heads on it.

Its pre-norm blocks either look around (full attention with rotary positions and a four times wider
feed-forward, as small encoders are usually built) or remember (`models.deep.recurrence`, for what
has to be trained without a GPU). Language and kind of text are added to every piece's embedding,
0 meaning unknown.
Nothing here needs transformers, so the training recipe runs where only torch is.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.deep.recurrence import RecurrentBlock, once_a_text

ROTARY_BASE = 10_000.0
INITIAL = 0.02  # standard deviation of fresh weights, as in BERT


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a network."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    languages: int
    kinds: int
    dropout: float = 0.1
    recurrent: bool = False


class Block(nn.Module):
    """One layer: attention, then feed-forward, each added to what came in."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.dropout = shape.dropout
        self.attention_norm = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attention_out = nn.Linear(width, width)
        self.feed_norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)

    def forward(self, states: Tensor, turns: tuple[Tensor, Tensor], mask: Tensor | None) -> Tensor:
        """States (texts, pieces, width) to the same; mask (texts, 1, 1, pieces), true = look."""
        texts, pieces, width = states.shape
        joined = self.query_key_value(self.attention_norm(states))
        joined = joined.view(texts, pieces, 3, self.heads, width // self.heads)
        query, key, value = joined.permute(2, 0, 3, 1, 4)
        looked = F.scaled_dot_product_attention(
            _turned(query, turns), _turned(key, turns), value, attn_mask=mask
        )
        looked = self.attention_out(looked.transpose(1, 2).reshape(texts, pieces, width))
        states = states + F.dropout(looked, self.dropout, self.training)
        fed = self.narrow(F.gelu(self.widen(self.feed_norm(states))))
        return states + F.dropout(fed, self.dropout, self.training)


class Encoder(nn.Module):
    """Ids to one vector a piece."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.languages = nn.Embedding(shape.languages, shape.width)
        self.kinds = nn.Embedding(shape.kinds, shape.width)
        self.embedding_norm = nn.LayerNorm(shape.width)
        self.blocks = nn.ModuleList(
            RecurrentBlock(shape.width, shape.dropout) if shape.recurrent else Block(shape)
            for _ in range(shape.layers)
        )
        self.last_norm = nn.LayerNorm(shape.width)

    def forward(
        self, ids: Tensor, present: Tensor | None, languages: Tensor, kinds: Tensor
    ) -> Tensor:
        """States (texts, pieces, width).

        `ids` (texts, pieces); `present` the same shape, true where a piece is not padding, or
        None when none is; `languages` and `kinds` (texts,), 0 where not known.
        """
        told = self.languages(languages) + self.kinds(kinds)
        states = self.embedding_norm(self.words(ids) + told[:, None, :])
        if self.shape.recurrent:
            states = once_a_text(states, self.shape.dropout, self.training)
            for block in self.blocks:
                states = block(states, present)
            remembered: Tensor = self.last_norm(states)
            return remembered
        states = F.dropout(states, self.shape.dropout, self.training)
        mask = None if present is None else present[:, None, None, :]
        turns = _turns(ids.shape[1], self.shape.width // self.shape.heads, states)
        for block in self.blocks:
            states = block(states, turns, mask)
        result: Tensor = self.last_norm(states)
        return result


class MaskedHead(nn.Module):
    """Which piece stood where one is hidden; shares the encoder's embeddings."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.dense = nn.Linear(shape.width, shape.width)
        self.norm = nn.LayerNorm(shape.width)
        self.bias = nn.Parameter(torch.zeros(shape.vocabulary))

    def forward(self, states: Tensor, words: Tensor, pieces: Tensor | None = None) -> Tensor:
        """Logits (places, words) of states (places, width); `pieces` are the ids of `words`, all
        of the vocabulary where not given."""
        bias = self.bias if pieces is None else self.bias[pieces]
        return F.linear(self.norm(F.gelu(self.dense(states))), words, bias)


class ClassHead(nn.Module):
    """A text's mean and largest states to logits of negative, neutral, positive."""

    def __init__(self, shape: Shape, labels: int = 3) -> None:
        super().__init__()
        self.dropout = shape.dropout
        self.dense = nn.Linear(2 * shape.width, shape.width)
        self.out = nn.Linear(shape.width, labels)

    def summary(self, states: Tensor, present: Tensor | None) -> Tensor:
        """What is known of each text, (texts, width): the heads of the sets read it too."""
        pooled = torch.cat((mean_state(states, present), largest_state(states, present)), dim=1)
        pooled = F.dropout(pooled, self.dropout, self.training)
        return F.dropout(F.gelu(self.dense(pooled)), self.dropout, self.training)

    def forward(self, states: Tensor, present: Tensor | None) -> Tensor:
        """Logits (texts, labels)."""
        result: Tensor = self.out(self.summary(states, present))
        return result


def mean_state(states: Tensor, present: Tensor | None) -> Tensor:
    """The mean over the pieces that are there, (texts, width)."""
    if present is None:
        return states.mean(dim=1)
    there = present[:, :, None].to(states.dtype)
    return (states * there).sum(dim=1) / there.sum(dim=1).clamp(min=1.0)


def largest_state(states: Tensor, present: Tensor | None) -> Tensor:
    """The largest of each number over the pieces that are there, (texts, width)."""
    if present is not None:
        states = states.masked_fill(~present[:, :, None], -1e4)
    return states.amax(dim=1)


def start_weights(module: nn.Module) -> None:
    """Gives one module its fresh weights; for `Module.apply`."""
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=INITIAL)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.LayerNorm):
        nn.init.ones_(module.weight)
        nn.init.zeros_(module.bias)


def _turns(pieces: int, size: int, like: Tensor) -> tuple[Tensor, Tensor]:
    """Cosines and sines (pieces, size) of the rotary positions (Su et al. 2021).

    Computed anew at each call: 192 x 64 numbers cost nothing, and there is no buffer to load.
    """
    speeds = torch.arange(0, size, 2, device=like.device, dtype=torch.float32) / size
    angles = torch.outer(
        torch.arange(pieces, device=like.device, dtype=torch.float32), ROTARY_BASE**-speeds
    )
    angles = torch.cat((angles, angles), dim=-1)
    return angles.cos(), angles.sin()


def _turned(vectors: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
    cosines, sines = turns
    first, second = vectors.chunk(2, dim=-1)
    turned = vectors * cosines + torch.cat((-second, first), dim=-1) * sines
    return turned.to(vectors.dtype)
