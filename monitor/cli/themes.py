"""`monitor themes`: what this period's negatives are about, and what is new in it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import click

from monitor.cli.common import (
    as_csv,
    as_json,
    console,
    print_block,
    print_csv,
    print_json,
    print_table,
    runtime,
)
from monitor.errors import UsageError
from monitor.runtime import Runtime
from monitor.store.themes import MOST, Period, clauses, read
from monitor.trends.theme_model import Found, Theme
from monitor.trends.themes import themes as themes_of
from monitor.trends.themes import with_aspects

DEFAULT_WEEKS = 4
_DAY = click.DateTime(["%Y-%m-%d"])
_BARS = "▁▂▃▄▅▆▇█"
_COLUMNS = (
    "language", "phrase", "mentions", "of", "share", "authors", "mentions_before", "of_before",
    "share_before", "growth", "is_new", "others", "of_others", "aspect", "p_value", "mention_ids",
    "example",
)  # fmt: skip


@click.command()
@click.argument("brand", required=False)
@click.option("--since", type=_DAY, metavar="DAY", help="First day.")
@click.option("--until", type=_DAY, metavar="DAY", help="Last day (default: today).")
@click.option(
    "--weeks",
    type=click.IntRange(1, 104),
    help=f"So many weeks up to the last day, in place of --since (default: {DEFAULT_WEEKS}).",
)
@click.option("--language", metavar="CODE", help="Only this language: ru, cs, fa, en.")
@click.option(
    "--label",
    type=click.Choice(["negative", "positive"]),
    default="negative",
    show_default=True,
    help="Themes of complaints, or of praise.",
)
@as_json
@as_csv
@click.pass_context
def themes(
    ctx: click.Context,
    brand: str | None,
    since: datetime | None,
    until: datetime | None,
    weeks: int | None,
    language: str | None,
    label: Literal["negative", "positive"],
    json_out: bool,
    csv_out: bool,
) -> None:
    """What negatives of BRAND (default: your own first one) are about that they were not before.

    Phrases that stand out against the period's other mentions and against the negatives of the
    weeks before, per language, at most ten. In a usual period there is none. `before` is the share
    of earlier negatives; the bars are the last twelve weeks.
    """
    if since and weeks:
        raise UsageError("--since and --weeks both say where the period begins: give one")
    with runtime(ctx, secrets=False) as opened:
        watched = opened.settings.brand(brand) if brand else opened.settings.own_brand
        today = opened.clock().astimezone(ZoneInfo(watched.timezone)).date()
        last = until.date() if until else today
        start = last + timedelta(days=1) - timedelta(weeks=weeks or DEFAULT_WEEKS)
        first = since.date() if since else start
        if first > last:
            raise UsageError(f"--since {first} is after --until {last}")
        period = Period(watched.name, first, last, label, language)
        found, is_cut = _found(opened, period)
    if json_out:
        print_json(_head(period) | asdict(found))
    elif csv_out:
        print_csv(_COLUMNS, [_csv_row(theme) for theme in found.themes])
    else:
        _print(period, found, is_cut)


def _found(opened: Runtime, period: Period) -> tuple[Found, bool]:
    had = read(opened.store, period)
    names = [name for brand in opened.settings.brands for name in (brand.name, *brand.terms)]
    found = themes_of(had.said, names, had.weeks)
    spoken = clauses(opened.store, (one for theme in found.themes for one in theme.mention_ids))
    return with_aspects(found, spoken, names), had.is_cut


def _head(period: Period) -> dict[str, Any]:
    return {
        "brand": period.brand,
        "label": period.label,
        "since": period.since,
        "until": period.until,
        "before_since": period.before_since,
    }


def _csv_row(theme: Theme) -> dict[str, Any]:
    return asdict(theme) | {
        "mention_ids": " ".join(map(str, theme.mention_ids)),
        "example": theme.examples[0].text if theme.examples else "",
    }


def _print(period: Period, found: Found, is_cut: bool) -> None:
    title = f"Themes of {period.label} mentions of {period.brand}, {period.since} to {period.until}"
    table = [
        (
            theme.language,
            theme.phrase,
            f"{theme.mentions} of {theme.of}",
            theme.authors,
            "–" if theme.share_before is None else f"{theme.share_before:.1%}",
            _growth(theme),
            theme.aspect,
            bars([(one.mentions, one.of) for one in theme.weeks]),
        )
        for theme in found.themes
    ]
    columns = ("language", "phrase", "mentions", "authors", "before", "growth", "aspect", "weeks")
    print_table(title, columns, table, empty="nothing out of the usual")
    for theme in found.themes:
        print_block(
            theme.phrase,
            *(f"{quote.text} (mention {quote.mention_id})" for quote in theme.examples),
        )
    before = f"{period.before_since} to {_day_before(period.since)}"
    for one in found.languages:
        told = f"{one.mentions} {period.label}, {one.others} others, {one.before} before ({before})"
        said = f"{told}; {one.copies} copies left out"
        console.print(f"{one.language}: {one.silent or said}", markup=False)
    if is_cut:
        console.print(f"mind: only the newest {MOST} mentions of a group are read")


def _growth(theme: Theme) -> str:
    if theme.is_new is None:
        return "–"
    times = "" if theme.growth is None else f"×{theme.growth:.1f}"
    return f"new {times}".strip() if theme.is_new else times


def bars(weeks: list[tuple[int, int]]) -> str:
    """A bar a week, as high as the share; a dot where nothing was said at all."""
    shares = [held / of if of else None for held, of in weeks]
    most = max((share for share in shares if share), default=1.0)
    return "".join(
        "·" if share is None else _BARS[round(share / most * (len(_BARS) - 1))] for share in shares
    )


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
