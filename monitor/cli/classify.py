"""`monitor classify | evaluate`: the model on texts that are not in the store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import click

from monitor.cli.common import as_json, print_json, print_table, tell_checkpoint
from monitor.errors import ModelError, UsageError
from monitor.records import LABELS
from monitor.score import FoundAspect

BATCH = 2000

_model = click.option(
    "--model",
    default="embedded",
    show_default=True,
    metavar="NAME|DIR",
    help="`embedded`, a folder with a checkpoint, or a public one's name.",
)
_label_map = click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="THEIRS=OURS",
    help="What a checkpoint's labels mean, e.g. --label LABEL_0=negative.",
)


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="replace"), default="-")
@_model
@_label_map
def classify(file: TextIO, model: str, labels: tuple[str, ...]) -> None:
    """Label texts of FILE (default: standard input).

    Plain lines, or JSON lines with "text" and, where known, "kind" (review, post, comment, news)
    and "language". Prints one JSON line a text, in order: text, language, label, the three
    probabilities, and the aspects with their own labels. A language other than ru, cs, fa and en
    is labelled too, as well as the model can; in the store such texts stay without a label.
    """
    from models.aspects import AspectReader
    from models.language import identify
    from models.sentiment import NGRAMS, open_sentiment

    scorer = _open(model, labels)
    reader = AspectReader(open_sentiment(NGRAMS))
    for batch in _batches(_rows(file), 1 if file.isatty() else BATCH):
        texts = [row["text"] for row in batch]
        hints = [row.get("language") for row in batch]
        languages = [found.code for found in identify(texts, hints)]
        kinds = [row.get("kind") or "" for row in batch]
        rows = scorer.score(texts, languages, kinds).tolist()
        found = reader.read(texts, languages, kinds)
        for text, language, row, aspects in zip(texts, languages, rows, found, strict=True):
            result = _result(text, language, row, aspects)
            click.echo(json.dumps(result, ensure_ascii=False))


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@_model
@_label_map
@click.option("--split", help="Only rows of this split, where rows name one.")
@as_json
def evaluate(
    files: tuple[Path, ...], model: str, labels: tuple[str, ...], split: str | None, json_out: bool
) -> None:
    """Measure the model on labelled JSON lines (.gz too): "text", "label", optional "kind",
    "domain", "language", "split".

    Sets without a neutral class are judged on negative and positive alone.
    """
    from models.training.evaluate import evaluate as measure
    from models.training.evaluate import read_rows

    scorer = _open(model, labels)
    results: list[dict[str, Any]] = []
    for file in files:
        rows = [row for row in read_rows(file) if split is None or row.get("split") == split]
        if rows:
            results.append({"file": str(file), **_as_dict(measure(rows, scorer))})
    if json_out:
        print_json(results)
        return
    columns = ("n", "accuracy", "macro_f1", "macro_recall", "ece")
    print_table(
        f"{scorer.name} {scorer.revision}",
        ("file", *columns, *(f"f1 {label}" for label in LABELS)),
        [
            (
                Path(result["file"]).name,
                *(round(result[c], 4) for c in columns),
                *(
                    round(result["per_class"][label]["f1"], 3)
                    if label in result["per_class"]
                    else None
                    for label in LABELS
                ),
            )
            for result in results
        ],
        "no rows" if split is None else f"no rows of split {split!r}",
    )


def _open(model: str, labels: tuple[str, ...]) -> Any:
    from models.sentiment import open_sentiment

    label_map = dict(pair.split("=", 1) for pair in labels if "=" in pair)
    try:
        scorer = open_sentiment(model, label_map=label_map or None)
    except (OSError, ValueError) as error:
        raise ModelError(f"model {model}: {error}") from error
    tell_checkpoint(scorer)
    return scorer


def _rows(file: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file, 1):
        line = line.rstrip("\r\n")
        if not line.strip():
            continue
        if line.lstrip().startswith("{"):
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                row = {"text": line}  # a text that happens to begin with a brace
            if isinstance(row, dict) and isinstance(row.get("text"), str):
                yield row
                continue
            if isinstance(row, dict) and "text" in row:
                raise UsageError(f'line {number}: "text" must be a string')
        yield {"text": line}


def _result(
    text: str, language: str, row: list[float], aspects: Sequence[FoundAspect]
) -> dict[str, Any]:
    return {
        "text": text,
        "language": language,
        "label": LABELS[row.index(max(row))],
        **{name: round(value, 4) for name, value in zip(LABELS, row, strict=True)},
        "aspects": [
            {
                "aspect": one.aspect,
                "stage": one.stage,
                "label": one.label,
                "confidence": round(one.confidence, 4),
                "clause": one.clause,
            }
            for one in aspects
        ],
    }


def _as_dict(evaluation: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(evaluation)


def _batches(rows: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """Rows in lists of `size`: one, so that a person who types sees each answer at once."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch
