"""Weights that come back from a lent machine: in half precision, in files of a bounded size.

The optimiser's state stays behind: it is twice the weights, and a few warm-up steps replace it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save
from torch import Tensor

from models.training.deep.rows import move

PART_BYTES = 15_000_000  # a lent machine returns files of up to 16 MiB
INDEX = "parts.json"


def write_parts(state: dict[str, Any], weights: dict[str, Tensor], folder: Path) -> list[Path]:
    """Writes `weights` as weights.1, weights.2 ... and `state` beside them; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    content = save({name: tensor.detach().half().cpu() for name, tensor in weights.items()})
    names = []
    for number, start in enumerate(range(0, len(content), PART_BYTES), start=1):
        names.append(f"weights.{number}")
        move(folder / names[-1], content[start : start + PART_BYTES])
    index = {"state": state, "parts": names, "sha256": hashlib.sha256(content).hexdigest()}
    move(folder / INDEX, json.dumps(index, indent=1).encode())
    return [folder / name for name in (*names, INDEX)]


def read_parts(folder: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """State and weights (32 bits) that `write_parts` left in `folder`.

    Raises FileNotFoundError when a part is missing, ValueError when the parts do not belong
    together.
    """
    index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    content = b"".join((folder / name).read_bytes() for name in index["parts"])
    if hashlib.sha256(content).hexdigest() != index["sha256"]:
        raise ValueError(f"{folder}: the parts are not of one piece; fetch them again")
    return index["state"], {name: tensor.float() for name, tensor in load(content).items()}


def save_checkpoint(path: Path, **content: Any) -> None:
    """Writes a checkpoint of tensors and plain values in one move."""
    part = path.with_suffix(".part")
    torch.save(content, part)
    part.replace(path)


def load_checkpoint(path: Path, device: str) -> dict[str, Any] | None:
    """What `save_checkpoint` wrote, or None when there is nothing."""
    if not path.is_file():
        return None
    content: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    return content
