"""Week by week: the chart and, with a link from every number to its rows, the table."""

from __future__ import annotations

from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.web.pages import chosen
from monitor.web.parameters import link
from monitor.web.queries import reputation
from monitor.web.tables import Column, Row, Table
from monitor.web.view import page, reading, site_of


def _to_mentions(row: Row, **wanted: object) -> str:
    return link("/mentions", brand=row["brand"], week=row["week"], **wanted)


WEEKLY_COLUMNS = (
    Column("week", "columns.week", "week", lambda row: _to_mentions(row)),
    Column("mentions", "columns.mentions", "count", lambda row: _to_mentions(row)),
    Column("scored", "columns.scored", "count", lambda row: _to_mentions(row, label="scored")),
    Column("negative", "labels.negative", "count", lambda row: _to_mentions(row, label="negative")),
    Column("neutral", "labels.neutral", "count", lambda row: _to_mentions(row, label="neutral")),
    Column("positive", "labels.positive", "count", lambda row: _to_mentions(row, label="positive")),
    Column(
        "net_sentiment",
        "columns.net_sentiment",
        "signed",
        lambda row: _to_mentions(row, label="scored"),
    ),
    Column("net_sentiment_interval", "columns.interval", "interval"),
    Column(
        "mean_rating_1_5",
        "columns.mean_rating",
        "number",
        lambda row: _to_mentions(row, scale="1-5"),
    ),
    Column("ratings_1_5", "columns.ratings", "count", lambda row: _to_mentions(row, scale="1-5")),
    Column(
        "blind_sources", "columns.blind", "count", lambda row: link("/sources", brand=row["brand"])
    ),
)


def show(request: Request) -> Response:
    with reading(request) as store:
        brands = reputation.brands(store)
        brand = chosen.brand(request, brands)
        if brand is None:
            raise HTTPException(503, "No brand is stored yet: run `monitor run-once` first.")
        newest = reputation.last_full_week(brand, site_of(request).clock())
        last = chosen.last_week(request, brand)
        count = chosen.week_count(request)
        rows = reputation.weeks(store, brand, last, count)
    table = Table(
        name="trends",
        caption="trends.table",
        columns=WEEKLY_COLUMNS,
        rows=rows[::-1],
        empty="trends.empty",
        row_header="week",
        extra=("net_sentiment_low", "net_sentiment_high", "is_partial", "alerts", "brand"),
    )
    step = timedelta(days=7 * count)
    context = {
        "brands": brands,
        "brand": brand,
        "last": last,
        "count": count,
        "counts": chosen.WEEK_COUNTS,
        "rows": rows,
        "earlier": last - step,
        "later": min(last + step, newest) if last < newest else None,
    }
    return page(request, "trends.html", context, [table])
