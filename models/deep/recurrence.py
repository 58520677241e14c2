"""A block that remembers instead of looking around: for encoders trained and run on a CPU.

A simple recurrent unit (Lei et al. 2018, arXiv 1709.02755) read from both ends. All matrix products
are done for every piece at once; what runs along the text is one multiplication and one addition
a number, so that a text costs a tenth of what attention over as many weights does.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class RecurrentBlock(nn.Module):
    """One layer: half of the states run forwards, half backwards; a gate decides what is added."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.dropout = dropout
        self.norm = nn.LayerNorm(width)
        self.gates = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, states: Tensor, present: Tensor | None) -> Tensor:
        """States (texts, pieces, width) to the same; `present` (texts, pieces), true = a piece.

        Padding neither changes what is remembered nor is remembered.
        """
        new, keep, show = self.gates(self.norm(states)).chunk(3, dim=-1)
        keep = torch.sigmoid(keep.float())
        new = new.float() * (1 - keep)
        if present is not None:
            there = present[:, :, None]
            new, keep = new * there, torch.where(there, keep, 1.0)
        held = _both_ways(keep, new).to(states.dtype)
        return states + once_a_text(self.out(F.silu(show) * held), self.dropout, self.training)


def once_a_text(states: Tensor, dropout: float, training: bool) -> Tensor:
    """Dropout that hides the same numbers at every piece of a text (Gal & Ghahramani 2016).

    A memory is not confused by it, and a text needs one line of random numbers, not one a piece.
    """
    if not training or not dropout:
        return states
    kept = torch.rand(states.shape[0], 1, states.shape[2], device=states.device) >= dropout
    return states * (kept.to(states.dtype) / (1 - dropout))


def _both_ways(keep: Tensor, new: Tensor) -> Tensor:
    """What is remembered at each piece, (texts, pieces, width): half of the width from the start,
    half from the end."""
    half = keep.shape[2] // 2

    def turned(tensor: Tensor) -> Tensor:  # pieces first; the second half of the width reversed
        swapped = tensor.transpose(0, 1)
        return torch.cat((swapped[..., :half], swapped[..., half:].flip(0)), dim=-1)

    held: Tensor = _Remember.apply(turned(keep), turned(new))  # type: ignore[no-untyped-call]
    return torch.cat((held[..., :half], held[..., half:].flip(0)), dim=-1).transpose(0, 1)


class _Remember(torch.autograd.Function):
    """held[t] = keep[t] * held[t - 1] + new[t], over tensors (pieces, texts, width).

    Written with its own derivative: recorded step by step it would cost several times as much.
    """

    @staticmethod
    def forward(ctx: Any, keep: Tensor, new: Tensor) -> Tensor:
        held = torch.empty_like(new)
        before = torch.zeros_like(new[0])
        for step in range(len(new)):
            before = torch.addcmul(new[step], keep[step], before, out=held[step])
        ctx.save_for_backward(keep, held)
        return held

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor, Tensor]:
        keep, held = ctx.saved_tensors
        slope = slopes[0].clone(memory_format=torch.contiguous_format)
        for step in range(len(slope) - 2, -1, -1):
            slope[step].addcmul_(keep[step + 1], slope[step + 1])
        of_keep = torch.zeros_like(keep)
        torch.mul(slope[1:], held[:-1], out=of_keep[1:])
        return of_keep, slope
