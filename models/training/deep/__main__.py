"""`python -m models.training.deep --data DIR --work DIR --out DIR [--budget SECONDS]`.

Does the next steps of pack, pretrain, tune, calibrate, evaluate, export that are not done yet,
and stops itself before the budget ends; call it again to go on. README.md beside this file says
how to spread the calls over a machine with a GPU and one without.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from models.training.deep.recipe import RECURRENT, SHAPES, TINY, Recipe, Session
from models.training.deep.rows import Pack, load_pack, move

STEPS = ("pack", "pretrain", "tune", "calibrate", "evaluate", "export")
TRAINED = ("pretrain", "tune")  # steps that leave weights, which come back as parts


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every step asked for is done, 3 when another call has to go on."""
    options = _options(arguments)
    session = _session(options)
    session.work.mkdir(parents=True, exist_ok=True)
    state = _state(session, options.parts)
    wanted = STEPS[: STEPS.index(options.until) + 1]
    pack: Pack | None = None
    worked = False
    for step in wanted:
        if step in state["done"]:
            continue
        if step != "pack" and pack is None:
            pack = load_pack(session.pack)
        if step == "evaluate" and session.data is None:
            session.log("stopped before `evaluate`, which needs --data; go on where the texts are")
            break
        finished = _run(step, session, pack, state)
        worked = worked or step in TRAINED
        if finished:
            state["done"].append(step)
        move(session.work / "state.json", json.dumps(state, indent=1).encode())
        session.log(f"{step}: {'done' if finished else 'to be continued'}")
        if not finished:
            break
    if worked:
        _write_back(session, state)
    return 0 if set(wanted) <= set(state["done"]) else 3


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.training.deep", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, help="folder of LANGUAGE/SET.jsonl.gz; for pack and evaluate")
    add("--work", type=Path, required=True, help="checkpoints and state, kept between calls")
    add("--out", type=Path, required=True, help="what comes back: parts, and at the end weights")
    add("--pack", type=Path, help="the packed texts (default: WORK/pack)")
    add("--parts", type=Path, help="parts of an earlier call, read when WORK is empty")
    add("--budget", type=float, default=540.0, help="seconds this call may take (default 540)")
    add("--until", choices=STEPS, default=STEPS[-1], help="the last step to do")
    add("--shape", choices=tuple(SHAPES), default="small")
    add("--device", choices=("cpu", "cuda"), help="default: cuda where there is one")
    add("--threads", type=int, help="CPU threads of torch")
    add("--compile", action="store_true", help="torch.compile the encoder (needs a C compiler)")
    add("--tiny", action="store_true", help="a toy network, seconds on a CPU: for tests")
    return parser.parse_args(arguments)


def _session(options: argparse.Namespace) -> Session:
    deadline = time.monotonic() + options.budget
    import torch

    if options.threads:
        torch.set_num_threads(options.threads)
    torch.set_float32_matmul_precision("high")
    device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    return Session(
        recipe=_recipe(options),
        shape_name=_shape_name(options),
        data=options.data,
        work=options.work,
        pack=options.pack or options.work / "pack",
        out=options.out,
        device=device,
        deadline=deadline,
        compiled=options.compile,
        log=lambda line: print(line, flush=True),
    )


def _recipe(options: argparse.Namespace) -> Recipe:
    if options.tiny:
        return TINY
    return RECURRENT if options.shape == "recurrent" else Recipe()


def _shape_name(options: argparse.Namespace) -> str:
    if not options.tiny:
        return str(options.shape)
    return "tiny-recurrent" if options.shape == "recurrent" else "tiny"


def _state(session: Session, parts: Path | None) -> dict[str, Any]:
    """What is done, from the work folder, else from parts that came back, else nothing.

    Raises ValueError when the folder was begun with another shape.
    """
    path = session.work / "state.json"
    if path.is_file():
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    elif parts is not None and (parts / "parts.json").is_file():
        state = _join(session, parts)
    else:
        state = {"shape": session.shape_name, "done": [], "progress": {}}
    if state["shape"] != session.shape_name:
        raise ValueError(f"{session.work} holds shape {state['shape']}, not {session.shape_name}")
    if "pack" not in state["done"] and (session.pack / "notes.json").is_file():
        state["done"].append("pack")
    return state


def _run(step: str, session: Session, pack: Pack | None, state: dict[str, Any]) -> bool:
    from models.training.deep import finish
    from models.training.deep.pack import pack as make_pack
    from models.training.deep.pretrain import pretrain
    from models.training.deep.tune import tune

    if step == "pack":
        return make_pack(session)
    if step == "export":
        return finish.export(session)
    assert pack is not None
    if step in TRAINED:
        done, progress = (pretrain if step == "pretrain" else tune)(session, pack)
        state["progress"][step] = asdict(progress)
        return done
    return (finish.calibrate if step == "calibrate" else finish.evaluate)(session, pack)


def _write_back(session: Session, state: dict[str, Any]) -> None:
    """The weights of the step reached last, as parts in `--out`."""
    from models.training.deep.parts import load_checkpoint, write_parts

    step = "tune" if (session.work / "tune.pt").is_file() else "pretrain"
    kept = load_checkpoint(session.work / f"{step}.pt", "cpu")
    assert kept is not None
    # What later steps leave does not travel, so they count as not done where the parts arrive.
    done = [each for each in state["done"] if each in ("pack", *TRAINED)]
    told = state | {"weights_of": step, "done": done}
    files = write_parts(told, kept["model"], session.out)
    session.log(f"parts: {step}, {sum(path.stat().st_size for path in files)} bytes in {files}")


def _join(session: Session, parts: Path) -> dict[str, Any]:
    """The state in `parts`; their weights become the checkpoint of the step they are of."""
    from models.training.deep.parts import read_parts, save_checkpoint

    state, weights = read_parts(parts)
    step = state.pop("weights_of")
    progress = state["progress"][step]
    save_checkpoint(session.work / f"{step}.pt", model=weights, optimiser=None, progress=progress)
    move(session.work / "state.json", json.dumps(state, indent=1).encode())
    session.log(f"joined the parts in {parts}: {step}, done so far {state['done']}")
    return state


if __name__ == "__main__":
    raise SystemExit(main())
