"""Steps 4 to 6: temperatures, the comparison with the n-grams on dev, and the folder to ship."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save

from models.behaviour import LANGUAGES as LANGUAGES_READ
from models.cascade import DevSet, by_language, choose
from models.deep.inputs import KINDS, LANGUAGES
from models.deep.network import ClassHead, Encoder
from models.deep.tokenizer import MAX_TOKENS, SPECIAL
from models.sentiment import LABELS, Errors
from models.training.calibrate import error_rates, temperatures
from models.training.deep.loop import SPARE
from models.training.deep.parts import load_checkpoint
from models.training.deep.recipe import Session
from models.training.deep.rows import DEV, Pack, Rows, epoch_batches, move

CANDIDATE = "candidate"
EVAL_TOKENS = 8192
LICENCE = "non-commercial: trained in part on CC BY-NC-SA texts, see models/README.md"


def calibrate(session: Session, pack: Pack) -> bool:
    """Fits a temperature a language and kind on dev and writes the candidate folder."""
    weights = _weights(session)
    rows = pack.of(DEV)
    alone = np.array([each["without_neutral"] for each in pack.notes["sets"]])[rows.dataset]
    groups = rows.language.astype(np.int64) * len(KINDS) + rows.kind
    degrees = temperatures(
        _dev_logits(session, pack, rows, weights),
        rows.label.astype(np.int64),
        alone,
        groups,
        len(KINDS),
        len(LANGUAGES) * len(KINDS),
    )
    _write_candidate(session, pack, weights, degrees)
    session.log(f"calibrate: temperatures {min(degrees):.2f} to {max(degrees):.2f}")
    return True


def _weights(session: Session) -> dict[str, torch.Tensor]:
    kept = load_checkpoint(session.work / "tune.pt", "cpu")
    if kept is None:
        raise FileNotFoundError(f"{session.work / 'tune.pt'}: run the step `tune` first")
    shipped = ("encoder.", "head.")
    return {name: t for name, t in kept["model"].items() if name.startswith(shipped)}


def _dev_logits(
    session: Session, pack: Pack, rows: Rows, weights: dict[str, torch.Tensor]
) -> NDArray[np.float32]:
    """Shared logits (n, 3) of the packed dev texts, rounded as the shipped weights are."""
    shape = session.shape(pack.tokenizer.get_vocab_size())
    model = torch.nn.ModuleDict({"encoder": Encoder(shape), "head": ClassHead(shape)})
    model.load_state_dict({name: tensor.half().float() for name, tensor in weights.items()})
    model = model.to(session.device).eval()
    result = np.empty((len(rows), 3), np.float32)
    for places in epoch_batches(rows.lengths, EVAL_TOKENS, np.random.default_rng(0)):
        own = rows.take(places)
        width = int(own.lengths.max())
        present = torch.arange(width) < torch.from_numpy(own.lengths)[:, None]
        ids = torch.zeros(present.shape, dtype=torch.long)
        ids[present] = torch.from_numpy(own.ids.astype(np.int64))
        told = [torch.from_numpy(x.astype(np.int64)) for x in (own.language, own.kind)]
        ids, present, language, kind = (x.to(session.device) for x in (ids, present, *told))
        with torch.inference_mode():
            states = model["encoder"](ids, present, language, kind)
            result[places] = model["head"](states, present).float().cpu().numpy()
    return result


def _write_candidate(
    session: Session, pack: Pack, weights: dict[str, torch.Tensor], degrees: Sequence[float]
) -> None:
    """Writes weights in half precision, configuration and tokenizer as transformers reads them."""
    from transformers import PreTrainedTokenizerFast

    from models.deep.config import DeepConfig

    folder = session.work / CANDIDATE
    folder.mkdir(parents=True, exist_ok=True)
    shape = session.shape(pack.tokenizer.get_vocab_size())
    config = DeepConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        hidden_dropout_prob=shape.dropout,
        recurrent=shape.recurrent,
        temperature=[round(degree, 4) for degree in degrees],
        licence=LICENCE,
        trained=session.recipe.trained,
        architectures=["DeepForSequenceClassification"],
        dtype="float32",  # what to compute in; the file holds 16 bits, half the size
    )
    config.save_pretrained(folder)
    named = {
        ("deep." + name if name.startswith("encoder.") else name): t.half().contiguous()
        for name, t in weights.items()
    }
    move(folder / "model.safetensors", save(named, metadata={"format": "pt"}))
    pad, unknown, start, end, mask = SPECIAL
    PreTrainedTokenizerFast(
        tokenizer_object=pack.tokenizer,
        model_max_length=MAX_TOKENS,
        pad_token=pad,
        unk_token=unknown,
        cls_token=start,
        sep_token=end,
        mask_token=mask,
    ).save_pretrained(folder)


def evaluate(session: Session, pack: Pack) -> bool:
    """Scores every dev set with the candidate and the n-grams; false when time ran out.

    Writes report.json with the figures of each set, the threshold of the cascade, and whether
    candidate and cascade beat the n-grams in every language; puts the threshold into the
    candidate, and what the cascade takes for negative, rightly and wrongly.
    """
    from models.deep.scorer import DeepSentiment
    from models.ngram import NgramSentiment
    from models.training import data

    if session.data is None:
        raise ValueError("the step `evaluate` reads the texts: give --data")
    deep, fast = DeepSentiment.open(session.work / CANDIDATE), NgramSentiment.open()
    folder = session.work / "scored"
    folder.mkdir(exist_ok=True)
    found: dict[str, DevSet] = {}
    kinds: dict[str, str] = {}
    scored, seconds = 0, 0.0
    for path in data.data_files(session.data):
        language, name = path.parent.name, path.name.split(".")[0]
        kinds[f"{language}/{name}"] = data.kind_of_set(path) or ""
        kept = folder / f"{language}.{name}.{deep.revision}.{fast.revision}.npz"
        if not kept.is_file():
            rows = [each for each in data.read_examples([path]) if each.split == "dev"]
            # The first set of a call is scored in any case, so that every call gets further.
            if scored and session.left() < SPARE + len(rows) * seconds / scored:
                return False
            started = time.monotonic()
            _score_set(rows, deep, fast, kept)
            scored, seconds = scored + len(rows), seconds + time.monotonic() - started
        with np.load(kept) as stored:
            if len(stored["truth"]):
                tiers = stored["fast"], stored["deep"], stored["truth"]
                found[f"{language}/{name}"] = DevSet(language, *tiers)
    report = _report(found, deep.revision, fast.revision)
    move(session.work / "report.json", json.dumps(report, indent=1).encode())
    threshold, share = (report["cascade"][key] for key in ("threshold", "share_of_deep"))
    errors = _errors(found, kinds, threshold, share)
    _complete(session.work / CANDIDATE / "config.json", threshold, share, errors)
    for line in _table(report):
        session.log(line)
    return True


def _score_set(rows: Sequence[Any], deep: Any, fast: Any, kept: Path) -> None:
    texts = [each.text for each in rows]
    told = ([each.language for each in rows], [each.kind or "" for each in rows])
    part = kept.with_suffix(".part.npz")
    np.savez(
        part,
        deep=deep.score(texts, *told),
        fast=fast.score(texts, *told),
        truth=np.array([LABELS.index(each.label) for each in rows], np.int64),
    )
    part.replace(kept)


def _report(sets: dict[str, DevSet], deep: str, fast: str) -> dict[str, Any]:
    from models.training.evaluate import figures

    # Slovak is trained on as a help for Czech: its few sets have no say here.
    choice = choose([each for each in sets.values() if each.language in LANGUAGES_READ])
    entries: dict[str, dict[str, Any]] = {}
    languages: dict[str, list[tuple[float, float]]] = {}
    for name, each in sets.items():
        tiers = {
            "deep": each.deep,
            "fast": each.fast,
            "cascade": each.mixed(choice.threshold, choice.share),
        }
        all_of = {
            tier: figures(scored.astype(np.float64), each.truth) for tier, scored in tiers.items()
        }
        entries[name] = {"n": len(each.truth)} | {
            f"{tier}_{key}": round(float(getattr(result, key)), 4)
            for tier, result in all_of.items()
            for key in ("accuracy", "macro_f1", "ece")
        }
        both = all_of["deep"].macro_f1, all_of["fast"].macro_f1
        languages.setdefault(each.language, []).append(both)
    means = {
        code: {
            "deep": float(np.mean([d for d, _ in pairs])),
            "fast": float(np.mean([f for _, f in pairs])),
        }
        for code, pairs in sorted(languages.items())
    }
    cascaded = [each.mixed(choice.threshold, choice.share) for each in sets.values()]
    mixed = by_language(list(sets.values()), cascaded)
    for code, figure in mixed.items():
        means[code]["cascade"] = figure
    return {
        "deep": deep,
        "fast": fast,
        "sets": entries,
        "languages": means,
        "beats_ngrams_in_every_language": all(m["deep"] > m["fast"] for m in means.values()),
        "cascade_beats_ngrams_in_every_language": all(
            m["cascade"] > m["fast"] for m in means.values()
        ),
        "cascade": {
            "threshold": choice.threshold,
            "share_of_deep": choice.share,
            "share_read_twice": choice.read_twice,
            "macro_f1": choice.macro_f1,
            "within_loss": choice.kept,
        },
    }


def _table(report: dict[str, Any]) -> list[str]:
    lines = ["| dev set | n | deep macro-F1 | n-grams | cascade |", "|-|-|-|-|-|"]
    lines += [
        f"| {name} | {each['n']} | {each['deep_macro_f1']:.3f} | {each['fast_macro_f1']:.3f} "
        f"| {each['cascade_macro_f1']:.3f} |"
        for name, each in report["sets"].items()
    ]
    lines += [
        f"| **{code}, mean** | | {each['deep']:.3f} | {each['fast']:.3f} | {each['cascade']:.3f} |"
        for code, each in report["languages"].items()
    ]
    return [*lines, f"cascade: {report['cascade']}"]


def _errors(
    sets: dict[str, DevSet], kinds: dict[str, str], threshold: float, share: float
) -> list[Errors]:
    """`Sentiment.errors` of the cascade, on the sets that know neutral."""
    judged = {name: each for name, each in sets.items() if (each.truth == 1).any()}
    sizes = [len(each.truth) for each in judged.values()]
    names = np.repeat(list(judged), sizes).tolist()
    return error_rates(
        np.concatenate([each.mixed(threshold, share).argmax(axis=1) for each in judged.values()]),
        np.concatenate([each.truth for each in judged.values()]),
        [judged[name].language for name in names],
        [kinds[name] for name in names],
        names,
    )


def _complete(path: Path, threshold: float, share: float, errors: Sequence[Errors]) -> None:
    config = json.loads(path.read_text(encoding="utf-8"))
    more = {"cascade_threshold": threshold, "cascade_share": share, "errors": errors}
    move(path, json.dumps(config | more, indent=2).encode())


def export(session: Session) -> bool:
    """Copies the candidate and its report to `--out`/weights, and says whether to ship it."""
    target = session.out / "weights"
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted((session.work / CANDIDATE).iterdir()):
        shutil.copyfile(path, target / path.name)
    shutil.copyfile(session.work / "report.json", target / "report.json")
    report = json.loads((target / "report.json").read_text(encoding="utf-8"))
    alone = report["beats_ngrams_in_every_language"]
    beside = report["cascade_beats_ngrams_in_every_language"]
    said = "beats" if beside else "does NOT beat"
    session.log(
        f"export: {target}; beside the n-grams it {said} them on dev in every language"
        + (", alone too" if alone else "")
        + (": it may be shipped" if beside else ": do not ship it")
    )
    return True
