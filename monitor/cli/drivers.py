"""`monitor drivers`: what moves the overall score."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
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
    runtime,
)
from monitor.errors import UsageError
from monitor.store.connection import Store
from monitor.store.drivers import OF, Answers, Wanted
from monitor.trends.drivers import Drivers, NoDrivers
from monitor.trends.drivers import drivers as drivers_of

_ADVICE = "improve: matters much, does worse than the rest; keep up: matters, does well"


@click.command()
@click.argument("brand", required=False)
@click.option(
    "--of",
    "of",
    type=click.Choice(list(OF)),
    help="Stage scores of surveys, parts that reviewers rated, or aspects of texts"
    " (default: the first of these with enough rows).",
)
@click.option("--since", type=DAY, metavar="DAY", help="First day (default: a year ago).")
@click.option("--until", type=DAY, metavar="DAY", help="Last day (default: today).")
@click.option("--location", help="Only this place of service.")
@as_json
@as_csv
@click.pass_context
def drivers(
    ctx: click.Context,
    brand: str | None,
    of: str | None,
    since: datetime | None,
    until: datetime | None,
    location: str | None,
    json_out: bool,
    csv_out: bool,
) -> None:
    """What drives the overall score of BRAND (default: your own first one).

    `share`: how much of what they explain is this driver's (LMG), with its 95 % interval.
    `worth`: how much the score goes up with one point more, the others staying as they are.
    """
    with runtime(ctx, secrets=False) as opened:
        watched = opened.settings.brand(brand) if brand else opened.settings.own_brand
        last = (
            until.date() if until else opened.clock().astimezone(ZoneInfo(watched.timezone)).date()
        )
        first = since.date() if since else last - timedelta(days=365)
        if first > last:
            raise UsageError(f"--since {first} is after --until {last}")
        wanted = Wanted(watched.name, first, last, location)
        kind, answers, found = _found(opened.store, of, wanted)
    head = {"brand": watched.name, "of": kind, "since": first, "until": last}
    rows = [asdict(driver) for driver in found.drivers]
    if json_out:
        measured = {"measure": answers.measure, "scale": answers.scale}
        print_json({**head, **measured, **asdict(found), "drivers": rows})
    elif csv_out:
        print_csv(list(rows[0]), rows)
    else:
        _print(head, answers, found)


def _found(store: Store, of: str | None, wanted: Wanted) -> tuple[str, Answers, Drivers]:
    """The first kind of drivers that can be asked; the last reason where none can."""
    reasons = []
    for kind in [of] if of else OF:
        answers = OF[kind](store, wanted)
        try:
            return kind, answers, drivers_of(answers.drivers, answers.overall)
        except NoDrivers as error:
            reasons.append(f"{kind}: {error}")
    raise NoDrivers(f"{wanted.brand}, {wanted.since} to {wanted.until}: " + "; ".join(reasons))


def _print(head: dict[str, object], answers: Answers, found: Drivers) -> None:
    table = [
        (
            one.name,
            f"{one.share:.0%}",
            f"{one.share_low:.0%} to {one.share_high:.0%}",
            f"{one.performance:.2f}",
            f"{one.worth:+.2f}",
            f"{one.worth_low:+.2f} to {one.worth_high:+.2f}",
            one.advice,
        )
        for one in found.drivers
    ]
    title = f"What drives {answers.measure} ({answers.scale}) of {head['brand']}: {head['of']}"
    columns = ("driver", "share", "95 %", "mean", "worth", "95 % ", "advice")
    print_table(title, columns, table)
    console.print(
        f"{found.rows} rows from {head['since']} to {head['until']}, {found.rows_left_out} without"
        f" every answer left out; together they explain {found.explained:.0%}"
    )
    for warning in found.warnings:
        console.print(f"mind: {warning}", markup=False)
    console.print(_ADVICE)
