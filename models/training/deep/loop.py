"""The loop both kinds of training share: it stops in time and goes on where it stopped.

Each step draws its random numbers from a seed of its own, so a run that was killed and resumed
ends, on a CPU, with the very weights of one that was not.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.pool import AsyncResult, Pool, ThreadPool
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.deep.tokenizer import PAD
from models.training.deep.parts import load_checkpoint, save_checkpoint
from models.training.deep.recipe import Course, Session
from models.training.deep.rows import STEP, Pack, Rows, epoch_batches, misspelt

SAVE_EVERY = 90.0  # seconds between checkpoints: what a kill costs at most
LOG_EVERY = 100  # steps
SPARE = 12.0  # seconds kept at a call's end for the last checkpoint and the parts
REWARM = 60  # steps over which the rate rises anew when the optimiser's state was lost


@dataclass
class Progress:
    """How far a training has come, over all calls."""

    epoch: int = 0
    batch: int = 0
    steps: int = 0
    pieces: int = 0
    seconds: float = 0.0
    since_start: int = 0  # steps since the optimiser was last fresh


@dataclass(frozen=True)
class Batch:
    """Texts on the device: ids and presence (texts, pieces), and their numbers in the rows."""

    ids: Tensor
    present: Tensor
    places: Tensor
    pieces: int  # without padding


@dataclass(frozen=True)
class Training:
    """One training: a model, its texts and the loss of a batch."""

    name: str
    course: Course
    model: nn.Module
    rows: Rows
    loss: Callable[[Batch], Tensor]


def train(training: Training, session: Session, pack: Pack) -> tuple[bool, Progress]:
    """Trains until the course is over (true) or the call's time is (false)."""
    optimiser = _optimiser(training.model, training.course, session.device)
    path = session.work / f"{training.name}.pt"
    progress = _resume(path, training.model, optimiser, session.device)
    kept_at = started = time.monotonic()
    before = progress.seconds
    done = False
    running = torch.zeros((), device=session.device)
    with _helper(session.device) as pool:
        texts = _Texts(pool, training, pack, session.recipe.seed)
        training.model.train()
        while not done:
            rows = texts.of(progress.epoch)
            batches = _batches(rows, training.course, session.recipe.seed + progress.epoch)
            store = _Store(rows, batches, session.device)
            for number in range(progress.batch, len(batches)):
                share = _share(training.course, progress, len(batches))
                if share >= 1 or session.left() < SPARE:
                    done = share >= 1
                    break
                torch.manual_seed(session.recipe.seed + progress.steps)
                _set_rate(optimiser, training.course, share, progress.since_start)
                batch = store.batch(number)
                running += _step(training, optimiser, batch, session.device)
                _count(progress, batch, before + time.monotonic() - started)
                if progress.steps % LOG_EVERY == 0:
                    _report(training.name, progress, share, running, session)
                    running.zero_()
                if time.monotonic() - kept_at > SAVE_EVERY:
                    _keep(path, training.model, optimiser, progress)
                    kept_at = time.monotonic()
            else:
                progress.epoch, progress.batch = progress.epoch + 1, 0
                done = progress.epoch >= training.course.epochs
                continue
            break
    _keep(path, training.model, optimiser, progress)
    session.log(f"{training.name}: {'done' if done else 'stopped'} at {progress}")
    return done, progress


def autocast(device: str) -> AbstractContextManager[Any]:
    """bfloat16 on a GPU and on a CPU with instructions for it, else 32 bits."""
    if device == "cuda" or torch.cpu._is_avx512_bf16_supported():
        return torch.autocast(device, torch.bfloat16)
    return nullcontext()


def _helper(device: str) -> Pool:
    """Who misspells the next epoch's texts. Beside a GPU it is another process: a thread would
    hold the interpreter's lock against the one that keeps the GPU busy."""
    return get_context("spawn").Pool(1) if device == "cuda" else ThreadPool(1)


class _Store:
    """An epoch's texts on the device, from which its batches are cut there."""

    def __init__(self, rows: Rows, batches: Sequence[NDArray[np.int64]], device: str) -> None:
        self.device = device
        self.longest = [-(-int(rows.lengths[each].max()) // STEP) * STEP for each in batches]
        self.pieces = [int(rows.lengths[each].sum()) for each in batches]
        self.places = torch.from_numpy(np.concatenate(batches)).to(device)
        self.ends = np.cumsum([0, *map(len, batches)]).tolist()
        self.ids = torch.from_numpy(rows.ids.astype(np.int32)).to(device)
        self.starts = torch.from_numpy(rows.starts[:-1]).to(device)
        self.sizes = torch.from_numpy(rows.lengths).to(device)

    def batch(self, number: int) -> Batch:
        chosen = self.places[self.ends[number] : self.ends[number + 1]]
        steps = torch.arange(self.longest[number], device=self.device)
        present = steps < self.sizes[chosen][:, None]
        at = (self.starts[chosen][:, None] + steps).clamp(max=len(self.ids) - 1)
        ids = torch.where(present, self.ids[at], PAD).long()
        return Batch(ids, present, chosen, self.pieces[number])


class _Texts:
    """The texts of each epoch: the first as they are, later ones misspelt, one epoch ahead."""

    def __init__(self, pool: Pool, training: Training, pack: Pack, seed: int) -> None:
        self.pool, self.training, self.pack, self.seed = pool, training, pack, seed
        self.coming: dict[int, AsyncResult[Rows]] = {}

    def of(self, epoch: int) -> Rows:
        if epoch:
            self._ask(epoch)
        if epoch + 1 < self.training.course.epochs:
            self._ask(epoch + 1)
        return self.coming.pop(epoch).get() if epoch else self.training.rows

    def _ask(self, epoch: int) -> None:
        if epoch not in self.coming:
            languages, share = self.pack.notes["languages"], self.training.course.corrupted
            told = (self.training.rows, self.pack.tokenizer, languages, share, self.seed + epoch)
            self.coming[epoch] = self.pool.apply_async(misspelt, told)


def _batches(rows: Rows, course: Course, seed: int) -> list[NDArray[np.int64]]:
    return list(epoch_batches(rows.lengths, course.batch_tokens, np.random.default_rng(seed)))


def _step(
    training: Training, optimiser: torch.optim.Optimizer, batch: Batch, device: str
) -> Tensor:
    with autocast(device):
        loss = training.loss(batch)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(training.model.parameters(), 1.0)
    optimiser.step()
    return loss.detach().float()


def _share(course: Course, progress: Progress, batches: int) -> float:
    """How much of the course is over, 0..1: by epochs or by time, whichever is further on."""
    epochs = (progress.epoch + progress.batch / max(1, batches)) / course.epochs
    return max(epochs, progress.seconds / course.seconds)


def _set_rate(
    optimiser: torch.optim.Optimizer, course: Course, share: float, since_start: int
) -> None:
    """A linear rise, then half a cosine down to a twentieth."""
    if share < course.warmup:
        factor = max(share, 0.01 * course.warmup) / course.warmup
    else:
        over = (share - course.warmup) / (1 - course.warmup)
        factor = 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, over)))
    factor *= min(1.0, (since_start + 1) / REWARM)
    for group in optimiser.param_groups:
        group["lr"] = course.learning_rate * factor


def _optimiser(model: nn.Module, course: Course, device: str) -> torch.optim.Optimizer:
    """AdamW; biases, norms and tables of one row a set or language are not decayed."""
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": course.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), fused=device == "cuda")


def _resume(
    path: Path, model: nn.Module, optimiser: torch.optim.Optimizer, device: str
) -> Progress:
    """Loads the last checkpoint, if there is one; without its optimiser's state the rate rises
    anew."""
    kept = load_checkpoint(path, device)
    if kept is None:
        return Progress()
    model.load_state_dict(kept["model"])
    progress = Progress(**kept["progress"])
    if kept.get("optimiser") is None:
        progress.since_start = 0
    else:
        optimiser.load_state_dict(kept["optimiser"])
    return progress


def _keep(
    path: Path, model: nn.Module, optimiser: torch.optim.Optimizer, progress: Progress
) -> None:
    save_checkpoint(
        path, model=model.state_dict(), optimiser=optimiser.state_dict(), progress=asdict(progress)
    )


def _count(progress: Progress, batch: Batch, seconds: float) -> None:
    progress.batch += 1
    progress.steps += 1
    progress.since_start += 1
    progress.pieces += batch.pieces
    progress.seconds = seconds


def _report(name: str, progress: Progress, share: float, running: Tensor, session: Session) -> None:
    loss = float(running) / LOG_EVERY
    if not math.isfinite(loss):
        raise RuntimeError(f"{name}: the loss is {loss} at step {progress.steps}")
    speed = progress.pieces / max(progress.seconds, 1e-9) / 1e6
    session.log(
        f"{name}: {share:5.1%} epoch {progress.epoch} step {progress.steps} loss {loss:.4f} "
        f"{speed:.2f}M pieces/s"
    )
