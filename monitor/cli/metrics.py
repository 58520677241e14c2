"""`monitor metrics import | report`, `monitor targets list | set | remove`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from monitor.cli.common import (
    DAY,
    as_csv,
    as_json,
    console,
    print_csv,
    print_json,
    print_table,
    rows_as_dicts,
    runtime,
)
from monitor.errors import UsageError
from monitor.runtime import Runtime
from monitor.store import metrics as metric_store
from monitor.store.metrics import MEASURES, Target
from monitor.trends.targets import attainment


@click.group()
def metrics() -> None:
    """Figures of your own systems: replies, complaints, orders, who left."""


@metrics.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--brand", help="Whose figures (default: your own first brand).")
@click.option("--sheet", help="Sheet of an XLSX file (default: the first).")
@as_json
@click.pass_context
def import_(
    ctx: click.Context,
    files: tuple[Path, ...],
    brand: str | None,
    sheet: str | None,
    json_out: bool,
) -> None:
    """Import FILES: CSV or XLSX with a column `day` and a column a metric, or a row a metric
    (columns `metric` and `value`); `location` and `segment` where you have them.

    Metrics: reply_minutes, complaints, repeat_contacts, orders, repeat_orders, churned, active, by
    these names or in your own words. Importing a file again changes nothing.
    """
    from monitor.metrics.load import load_metrics

    results: list[dict[str, Any]] = []
    with runtime(ctx, secrets=False) as opened, opened.lock():
        watched = opened.settings.brand(brand) if brand else opened.settings.own_brand
        for file in files:
            of = (watched.name, watched.timezone, opened.clock())
            loaded = load_metrics(opened.store, file, *of, sheet)
            ignored = list(loaded.columns.ignored)
            read = {"columns": loaded.named, "ignored": ignored}
            results.append({"file": file.name, **asdict(loaded.saved), **read})
    if json_out:
        print_json(results)
        return
    for result in results:
        found = ", ".join(f"{name}: {column!r}" for name, column in result["columns"].items())
        console.print(f"{result['file']}: read as {found}", markup=False)
        if result["ignored"]:
            console.print(f"  not read: {', '.join(result['ignored'])}", markup=False)
    columns = ("file", "new", "changed", "unchanged", "rejects")
    print_table("Imported", columns, [[row[c] for c in columns] for row in results])


@metrics.command()
@click.option("--brand", help="Only this brand.")
@click.option("--weeks", default=12, show_default=True)
@as_json
@as_csv
@click.pass_context
def report(
    ctx: click.Context, brand: str | None, weeks: int, json_out: bool, csv_out: bool
) -> None:
    """Week by week: your figures, and complaints, repeat orders and churn as rates."""
    with runtime(ctx, secrets=False) as opened:
        if brand:
            opened.settings.brand(brand)
        rows = rows_as_dicts(
            opened.store.rows(
                "SELECT * FROM (SELECT * FROM metrics_weekly WHERE ?1 IS NULL OR brand = ?1"
                " ORDER BY week DESC LIMIT ?2) ORDER BY brand, week",
                (brand, weeks),
            )
        )
    if json_out:
        print_json(rows)
    elif csv_out:
        print_csv(list(rows[0]) if rows else [], rows)
    else:
        names = rows[0] if rows else {}
        shown = [name for name in names if any(row[name] is not None for row in rows)]
        print_table("Own figures by week", shown, [[row[name] for name in shown] for row in rows])


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def targets(ctx: click.Context, json_out: bool) -> None:
    """Goals for measures, and how much of each is attained."""
    if ctx.invoked_subcommand is not None:
        return
    with runtime(ctx, secrets=False) as opened:
        rows = [_standing(opened, target) for target in metric_store.targets(opened.store)]
    if json_out:
        print_json(rows)
        return
    columns = ("brand", "measure", "start", "now", "of", "goal", "due on", "attained", "state")
    print_table("Targets", columns, [_cells(row) for row in rows], "none is set: `targets set`")


@targets.command("set")
@click.argument("measure", type=click.Choice(MEASURES))
@click.argument("goal", type=float)
@click.option("--by", "due", required=True, type=DAY, metavar="DAY")
@click.option("--brand", help="Whose (default: your own first brand).")
@click.pass_context
def set_(ctx: click.Context, measure: str, goal: float, due: datetime, brand: str | None) -> None:
    """Set a GOAL for a MEASURE by a day. Shares are in percent."""
    with runtime(ctx, secrets=False) as opened, opened.lock():
        watched = opened.settings.brand(brand) if brand else opened.settings.own_brand
        today = _today(opened, watched.name)
        if due.date() <= today:
            raise UsageError(f"--by {due.date()} is not in the future")
        found = metric_store.latest(opened.store, watched.name, measure, today)
        start = found[0] if found else None
        target = Target(watched.name, measure, goal, due.date(), today, start)
        metric_store.set_target(opened.store, target)
    since = "no figure yet" if start is None else f"now {start:g}"
    click.echo(f"{watched.name}: {measure} {goal:g} by {due.date()} ({since})")


@targets.command()
@click.argument("measure", type=click.Choice(MEASURES))
@click.option("--brand", help="Whose (default: your own first brand).")
@click.pass_context
def remove(ctx: click.Context, measure: str, brand: str | None) -> None:
    """Forget the targets of a MEASURE."""
    with runtime(ctx, secrets=False) as opened, opened.lock():
        watched = opened.settings.brand(brand) if brand else opened.settings.own_brand
        count = metric_store.remove_targets(opened.store, watched.name, measure)
    if not count:
        raise UsageError(f"{watched.name} has no target of {measure}")
    click.echo(f"{watched.name}: {count} target(s) of {measure} removed")


def _today(opened: Runtime, brand: str) -> date:
    zone = ZoneInfo(opened.settings.brand(brand).timezone)
    return opened.clock().astimezone(zone).date()


def _standing(opened: Runtime, target: Target) -> dict[str, Any]:
    today = _today(opened, target.brand)
    found = metric_store.latest(opened.store, target.brand, target.measure, today)
    now, of = found or (None, None)
    stands = attainment(
        target.measure, target.goal, now, today, target.due_on, target.start, target.set_on
    )
    return {
        "brand": target.brand,
        "measure": target.measure,
        "start": target.start,
        "now": now,
        "of": of,
        "goal": target.goal,
        "due_on": target.due_on,
        "attained": stands.share,
        "state": stands.state,
    }


def _cells(row: dict[str, Any]) -> list[Any]:
    share = row["attained"]
    return [*list(row.values())[:7], None if share is None else f"{share:.0%}", row["state"]]
