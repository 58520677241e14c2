"""`monitor train | models`: the model adapted to labels of one's own, and others to choose from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from monitor.cli.common import as_json, console, print_json, print_table, runtime
from monitor.errors import ModelError, UsageError


@click.command()
@click.option(
    "--data",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Labelled JSON lines (.gz too): text, label, optional language, kind. May be repeated.",
)
@click.option("--from-corrections", is_flag=True, help="Learn from the labels people corrected.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the weights (default: own-model beside the configuration or here).",
)
@click.option("--accept-worse", is_flag=True, help="Write the weights even where something lost.")
@as_json
@click.pass_context
def train(
    ctx: click.Context,
    files: tuple[Path, ...],
    from_corrections: bool,
    out: Path | None,
    accept_worse: bool,
    json_out: bool,
) -> None:
    """Adapt the model to a few hundred labels of your own, in minutes.

    Shows what it gains on your texts, each judged by what the others taught, and on our sentences
    for negation, contrast and the like. Where anything lost, the weights are written only with
    --accept-worse. Use them with `model: FOLDER` in config.yaml.
    """
    from models.sentiment import open_sentiment
    from models.training.adapt import adapt
    from models.training.evaluate import read_rows

    if not files and not from_corrections:
        raise UsageError("nothing to learn from: give --data FILE or --from-corrections")
    try:
        rows: list[dict[str, Any]] = [row for file in files for row in read_rows(file)]
    except ValueError as error:
        raise UsageError(str(error)) from error
    if from_corrections:
        from monitor.store import scores

        with runtime(ctx, secrets=False) as opened:
            rows += scores.corrected(opened.store)
            base: Any = opened.scorer
            base = getattr(base, "base", base)  # an adapted model is adapted anew, not twice
            out = out or opened.settings.resolve("own-model")
    else:
        base = open_sentiment()
    out = out or Path("own-model")
    if not json_out:
        console.print(f"{len(rows)} labelled texts, {base.name} {base.revision}")
    try:
        report, write = adapt(base, rows, out, (lambda line: None) if json_out else console.print)
    except ValueError as error:
        raise UsageError(str(error)) from error
    written = not report.losses or accept_worse
    revision = write().revision if written else None
    if json_out:
        print_json(
            {**report.as_dict(), "folder": str(out) if written else None, "revision": revision}
        )
    else:
        _print_report(report)
        if written:
            console.print(f"written: {out} ({revision}). In config.yaml: model: {out}")
    for line in report.losses:
        click.echo(f"worse: {line}", err=True)
    if not written:
        raise ModelError(
            "the adapted model lost something and was not written: label more texts, "
            "or take it as it is with --accept-worse"
        )


def _print_report(report: Any) -> None:
    print_table(
        "On your own texts, each judged by what the others taught",
        ("language", "n", "macro_f1", "adapted", "accuracy", "adapted", "log_loss", "adapted"),
        [
            (
                code,
                before.n,
                *(
                    round(getattr(each, figure), 3)
                    for figure in ("macro_f1", "accuracy", "log_loss")
                    for each in (before, after)
                ),
            )
            for code, (before, after) in report.own.items()
        ],
    )
    print_table(
        "Failures in our sentences (negation, contrast, names, ...), percent",
        ("language", "before", "adapted"),
        [
            (code, round(100 * before, 1), round(100 * after, 1))
            for code, (before, after) in report.gate.items()
        ],
    )


@click.command()
@click.argument("name", required=False)
@click.option("--download", is_flag=True, help="Fetch it from the hub if it is not here.")
@as_json
def models(name: str | None, download: bool, json_out: bool) -> None:
    """List public checkpoints that can stand in for the embedded model.

    With NAME (a folder or a checkpoint's name): open it and tell how many of eight plain
    sentences a language it reads rightly.
    """
    from models.catalogue import CHECKPOINTS

    if name:
        _print_probe(name, download, json_out)
        return
    listed = [
        {
            "name": each.id,
            "languages": " ".join(each.languages),
            "licence": each.licence,
            "download_mb": each.download_mb,
            "revision": each.revision,
            "note": each.note,
        }
        for each in CHECKPOINTS
    ]
    if json_out:
        print_json(listed)
        return
    print_table(
        "Public checkpoints",
        ("name", "MB", "licence", "languages", "revision"),
        [
            (
                each["name"],
                each["download_mb"],
                each["licence"],
                each["languages"],
                str(each["revision"] or "not pinned")[:12],
            )
            for each in listed
        ],
    )


def _print_probe(name: str, download: bool, json_out: bool) -> None:
    from models.probe import described, probe
    from models.sentiment import open_sentiment

    try:
        scorer = open_sentiment(name, allow_download=download)
    except (OSError, ValueError) as error:
        raise ModelError(f"model {name}: {error}") from error
    passed = probe(scorer)
    if json_out:
        print_json(
            {"name": scorer.name, "revision": scorer.revision, "licence": scorer.licence}
            | {"native_neutral": getattr(scorer, "native_neutral", True), "probe": passed}
        )
        return
    console.print(f"{scorer.name} {scorer.revision}\nlicence: {scorer.licence}")
    if not getattr(scorer, "native_neutral", True):
        console.print("no native neutral: texts near one half are called neutral")
    console.print(f"plain sentences read rightly: {described(passed)}")
