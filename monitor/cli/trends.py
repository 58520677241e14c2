"""`monitor trends | benchmark`: the views as tables."""

from __future__ import annotations

from typing import Any

import click

from monitor.cli.common import (
    as_csv,
    as_json,
    print_csv,
    print_json,
    print_table,
    rows_as_dicts,
    runtime,
)

_SHORT = {
    "mentions": "all",
    "negative": "neg",
    "neutral": "neu",
    "positive": "pos",
    "net_sentiment": "net",
    "net_sentiment_low": "low",
    "net_sentiment_high": "high",
    "mean_rating_1_5": "rating",
    "share_of_voice": "share",
    "negative_share_corrected": "neg, corr",
    "is_partial": "partial",
}
"""Headings that leave room for the figures on a terminal of 80 letters."""


@click.command()
@click.option("--brand", help="Only this brand.")
@click.option("--weeks", default=12, show_default=True)
@as_json
@as_csv
@click.pass_context
def trends(
    ctx: click.Context, brand: str | None, weeks: int, json_out: bool, csv_out: bool
) -> None:
    """Week by week: mentions, labels, net sentiment with its 95 % interval, mean rating (1-5).

    In a week that is `partial` a source never answered: a small number is no good news there.
    `unsure` counts labels the model gives less than model.unsure_below; `neg, corr` is the share
    of negatives less what the model is known to get wrong.
    """
    with runtime(ctx, secrets=False) as opened:
        if brand:
            opened.settings.brand(brand)
        rows = rows_as_dicts(
            opened.store.rows(
                "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY brand ORDER BY week DESC)"
                " AS age FROM reputation_weekly WHERE ?1 IS NULL OR brand = ?1)"
                " WHERE age <= ?2 ORDER BY brand, week",
                (brand, weeks),
            )
        )
    columns = (
        "brand",
        "week",
        "mentions",
        "negative",
        "neutral",
        "positive",
        "unsure",
        "net_sentiment",
        "net_sentiment_low",
        "net_sentiment_high",
        "negative_share_corrected",
        "mean_rating_1_5",
        "is_partial",
    )
    _print("Reputation by week", rows, columns, json_out, csv_out)


@click.command()
@click.option("--weeks", default=4, show_default=True)
@as_json
@as_csv
@click.pass_context
def benchmark(ctx: click.Context, weeks: int, json_out: bool, csv_out: bool) -> None:
    """Your brand beside its competitors: share of voice, net sentiment, rating.

    In a week in which a source never answered (`partial`), the shares of the other brands are off,
    too (`another`).
    """
    with runtime(ctx, secrets=False) as opened:
        rows = rows_as_dicts(
            opened.store.rows(
                "SELECT * FROM benchmark_weekly WHERE week >="
                " (SELECT min(week) FROM (SELECT DISTINCT week FROM rollup_days"
                " WHERE mentions + runs > 0 ORDER BY week DESC LIMIT ?))"
                " ORDER BY week, role DESC, brand",
                (weeks,),
            )
        )
    columns = (
        "week",
        "brand",
        "mentions",
        "share_of_voice",
        "net_sentiment",
        "net_sentiment_low",
        "net_sentiment_high",
        "mean_rating_1_5",
        "is_partial",
        "has_partial",
    )
    _print("Benchmark by week", rows, columns, json_out, csv_out)


def _print(
    title: str,
    rows: list[dict[str, Any]],
    columns: tuple[str, ...],
    json_out: bool,
    csv_out: bool,
) -> None:
    rows = [{column: row[column] for column in columns} for row in rows]
    if json_out:
        print_json(rows)
    elif csv_out:
        print_csv(columns, rows)
    else:
        headings = [_SHORT.get(one, one) for one in columns if one != "has_partial"]
        print_table(title, headings, [_shown(row) for row in rows])


def _shown(row: dict[str, Any]) -> list[Any]:
    """A row as a person reads it: a week in which a source was blind stands out."""
    mark = "partial" if row["is_partial"] else "another" if row.get("has_partial") else None
    shown = {**row, "is_partial": mark}
    return [shown[column] for column in row if column != "has_partial"]
