"""`monitor compare | satisfaction | unsaid`: what changed, what two sides say, what nobody says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

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
from monitor.errors import MonitorError
from monitor.store import weeks as week_store
from monitor.store.weeks import DIMENSIONS
from monitor.trends import silence
from monitor.trends.agreement import agreement
from monitor.trends.changes import PASTS, Change, changes
from monitor.trends.compare import net_sentiment

_WORDS = {
    "previous": "the week before",
    "year": "the same week a year before",
    "usual": "the eight weeks before",
}


@click.command()
@click.argument("brand", required=False)
@click.option("--by", type=click.Choice(list(DIMENSIONS)), default="brand", show_default=True)
@click.option(
    "--against",
    type=click.Choice(PASTS),
    default="previous",
    show_default=True,
    help="The week before, the same week a year before, or the eight weeks before together.",
)
@click.option("--week", type=DAY, metavar="DAY", help="A day of the week (default: last week).")
@as_json
@as_csv
@click.pass_context
def compare(
    ctx: click.Context,
    brand: str | None,
    by: str,
    against: str,
    week: datetime | None,
    json_out: bool,
    csv_out: bool,
) -> None:
    """Is the change of net sentiment real? Of all brands, or of one BRAND's languages, sources ...

    Each row with both n, the difference with its 95 % interval, p and p corrected for all rows
    (Benjamini-Hochberg), and a word. Nothing is claimed of a week in which a source was blind.
    """
    with runtime(ctx, secrets=False) as opened:
        named = brand if brand or by == "brand" else opened.settings.own_brand.name
        watched = opened.settings.brand(named) if named else opened.settings.own_brand
        start = week_store.week_start(
            opened.store, watched.name, week.date() if week else None, opened.clock()
        )
        counts = week_store.by_week(opened.store, by, named, start)
        partial = week_store.partial_weeks(opened.store, watched.name)
    found = changes(counts, start, against, frozenset(partial))
    rows = [_row(name, start, against, change) for name, change in found.items()]
    rows.sort(key=lambda row: (row["p"] is None, row["p"] or 0.0, row["name"]))
    if json_out:
        print_json(rows)
    elif csv_out:
        print_csv(list(rows[0]) if rows else [], rows)
    else:
        columns = (by, "n", "before", "net", "before ", "change", "95 %", "p adj.", "word")
        cells = [_cells(row) for row in rows]
        title = f"Net sentiment of the week of {start} against {_WORDS[against]}, by {by}"
        print_table(title, columns, cells)
        if start in partial:
            console.print("a source never answered in that week: nothing is claimed")


def _row(name: str, week: date, against: str, change: Change) -> dict[str, Any]:
    now, before = net_sentiment(*change.now), net_sentiment(*change.before)
    difference = change.difference
    return {
        "name": name,
        "week": week.isoformat(),
        "against": against,
        "n": now.n,
        "net_sentiment": _known(now.value),
        "n_before": before.n,
        "net_sentiment_before": _known(before.value),
        "weeks_before": change.weeks_before,
        "difference": _known(difference.value),
        "low": _known(difference.low),
        "high": _known(difference.high),
        "p": _known(difference.p_value, 6),
        "p_adjusted": _known(change.adjusted_p, 6),
        "word": difference.word,
    }


def _cells(row: dict[str, Any]) -> list[Any]:
    interval = None if row["low"] is None else f"{row['low']:+.0f}..{row['high']:+.0f}"
    return [
        row["name"],
        row["n"],
        row["n_before"],
        _signed(row["net_sentiment"]),
        _signed(row["net_sentiment_before"]),
        _signed(row["difference"]),
        interval,
        None if row["p_adjusted"] is None else f"{row['p_adjusted']:.3f}",
        row["word"],
    ]


def _known(value: float, digits: int = 2) -> float | None:
    return None if value != value else round(value, digits)


def _signed(value: float | None) -> str | None:
    return None if value is None else f"{value:+.0f}"


@click.command()
@click.argument("brand", required=False)
@click.option("--weeks", default=26, show_default=True, help="How many weeks back.")
@as_json
@as_csv
@click.pass_context
def satisfaction(
    ctx: click.Context, brand: str | None, weeks: int, json_out: bool, csv_out: bool
) -> None:
    """Surveys and reviews side by side, stage by stage: do they agree, and where do they part?

    Both on 0-100. `apart`: how much higher people stand when asked than when they write, less what
    is usual over all stages. `together`: Spearman's correlation over the weeks.
    """
    with runtime(ctx, secrets=False) as opened:
        watched = opened.settings.brand(brand) if brand else opened.settings.own_brand
        since = opened.clock().date() - timedelta(weeks=weeks)
        found = agreement(week_store.stage_weeks(opened.store, watched.name, since))
    rows = [
        {
            "stage": one.stage,
            "survey": _rounded(one.survey),
            "answers": one.survey_n,
            "reviews": _rounded(one.reviews),
            "mentions": one.mentions,
            "apart": _rounded(one.gap),
            "together": _rounded(one.correlation, 2),
            "p": _rounded(one.p_value, 4),
            "weeks": one.weeks,
            "verdict": one.verdict,
        }
        for one in found
    ]
    if json_out:
        print_json(rows)
    elif csv_out:
        print_csv(list(rows[0]) if rows else [], rows)
    else:
        title = f"What {watched.name}'s customers say when asked, and when they write"
        columns = list(rows[0]) if rows else []
        print_table(title, columns, [list(row.values()) for row in rows])


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)


@click.command()
@click.argument("brand", required=False)
@click.option("--weeks", default=4, show_default=True, help="The newest weeks that are looked at.")
@click.option("--before", default=12, show_default=True, help="Weeks before them, as the measure.")
@as_json
@click.pass_context
def unsaid(ctx: click.Context, brand: str | None, weeks: int, before: int, json_out: bool) -> None:
    """What customers do not say: subjects fallen silent, people who stopped answering, leavers."""
    if weeks < 1 or before < 1:
        raise MonitorError("--weeks and --before must be at least 1")
    with runtime(ctx, secrets=False) as opened:
        watched = opened.settings.brand(brand) if brand else opened.settings.own_brand
        known = week_store.heard(opened.store, watched.name, weeks, before, opened.clock())
        found = silence.unsaid(known)
    rows: list[dict[str, Any]] = [
        {
            "kind": one.kind,
            "what": one.what,
            "share": _rounded(one.share, 4),
            "share_before": _rounded(one.share_before, 4),
            "n": one.n,
            "n_before": one.n_before,
            "p_adjusted": _rounded(one.p_value, 6),
            "since": one.since,
        }
        for one in found
    ]
    if json_out:
        print_json(rows)
        return
    cells = [
        (row["kind"], row["what"], _percent(row["share"]), _percent(row["share_before"]), row["n"])
        for row in rows
    ]
    title = f"What {watched.name}'s customers do not say"
    print_table(title, ("kind", "what", "now", "before", "of"), cells, "nothing stands out")


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.0%}"
