"""`monitor collect | score | run-once | run`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from monitor.cli.backfills import BackfillLines, as_dict, ended
from monitor.cli.common import (
    Bars,
    as_json,
    console,
    print_json,
    print_table,
    runtime,
    stopped_by_signals,
    tell_checkpoint,
)
from monitor.cli.dry_run import show_dry_run
from monitor.records import CrawlRun

_RUN_COLUMNS = (
    "source",
    "state",
    "items",
    "new",
    "changed",
    "left_out",
    "rejects",
    "requests",
    "first_error",
)
_BAD = {"blocked", "broken", "unreachable"}


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Fetch and show, store nothing.")
@click.option(
    "--backfill",
    "backfill_days",
    type=click.IntRange(1),
    metavar="DAYS",
    help="Fetch everything up to so many days back, also what seems unchanged; goes on where an "
    "earlier one stopped.",
)
@click.option(
    "--from-start", is_flag=True, help="With --backfill: begin anew, also where one stopped."
)
@as_json
@click.pass_context
def collect(
    ctx: click.Context,
    sources: tuple[str, ...],
    dry_run: bool,
    backfill_days: int | None,
    from_start: bool,
    json_out: bool,
) -> None:
    """Collect from SOURCES (none: all that are enabled) and store what is new.

    SIGTERM or Ctrl-C ends it early: what was fetched until then is stored.
    """
    from monitor import pipeline

    if from_start and backfill_days is None:
        raise click.UsageError("--from-start goes with --backfill DAYS")
    with runtime(ctx, secrets=False) as opened, opened.lock():
        if dry_run:
            show_dry_run(opened, sources, json_out)
            return
        with Bars() as bars, stopped_by_signals() as stop:
            tell = BackfillLines(bars.say, json_out)
            runs = pipeline.collect_sources(
                opened, sources, bars, backfill_days, stop, from_start, tell.page
            )
        _print_runs(runs, json_out)
        if not json_out:
            for run in runs:
                if run.backfill is not None:
                    console.print(ended(run.source, run.backfill))
    if stop.is_set():
        ctx.exit(1)
    _exit_on_failure(ctx, runs)


@click.command()
@click.option("--model", "model_name", metavar="NAME|DIR", help="Another model than configured.")
@as_json
@click.pass_context
def score(ctx: click.Context, model_name: str | None, json_out: bool) -> None:
    """Score what the current model has not judged yet."""
    from monitor import pipeline

    with runtime(ctx, secrets=False) as opened, opened.lock():
        if model_name:
            opened.use_model(model_name)
        tell_checkpoint(opened.scorer)
        with Bars() as bars:
            count = pipeline.score(opened, bars)
        if json_out:
            print_json({"scored": count, "revision": opened.scorer.revision})
        else:
            console.print(f"scored {count} texts with {opened.scorer.revision}")


@click.command("run-once")
@click.argument("sources", nargs=-1)
@as_json
@click.pass_context
def run_once(ctx: click.Context, sources: tuple[str, ...], json_out: bool) -> None:
    """Collect, score, judge and deliver, once."""
    from monitor import pipeline

    with runtime(ctx) as opened:
        with Bars() as bars:
            report = pipeline.run_once(opened, sources, bars)
        if json_out:
            print_json(
                {
                    "runs": [_run_dict(run) for run in report.runs],
                    "scored": report.scored,
                    "alerts": report.alerts,
                    "sent": report.delivered.sent,
                    "failed": report.delivered.failed,
                }
            )
        else:
            _print_runs(report.runs, json_out=False)
            console.print(
                f"scored {report.scored}, new alerts {len(report.alerts)},"
                f" deliveries sent {report.delivered.sent}, failed {report.delivered.failed}"
            )
    _exit_on_failure(ctx, report.runs)


@click.command()
@click.pass_context
def run(ctx: click.Context) -> None:
    """Run on schedule until SIGTERM: sources at their intervals, the digest weekly."""
    import logging
    from datetime import datetime

    from monitor.config import load
    from monitor.schedule import run_forever

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    settings = load(ctx.find_root().obj["config"])
    run_forever(
        settings,
        lambda text: click.echo(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {text}"),
    )


def _print_runs(runs: Sequence[CrawlRun], json_out: bool) -> None:
    if json_out:
        print_json([_run_dict(run) for run in runs])
    else:
        rows = [[_run_dict(run)[column] for column in _RUN_COLUMNS] for run in runs]
        print_table("Collected", _RUN_COLUMNS, rows, "no sources")


def _run_dict(run: CrawlRun) -> dict[str, Any]:
    shown = {name: getattr(run, name) for name in CrawlRun.__slots__}
    return {**shown, "backfill": as_dict(run.backfill) if run.backfill else None}


def _exit_on_failure(ctx: click.Context, runs: Sequence[CrawlRun]) -> None:
    """Exit 1 when every source failed; one that fails alone is in the table and in status."""
    if runs and all(run.state in _BAD for run in runs):
        ctx.exit(1)
