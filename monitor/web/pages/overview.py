"""The overview: for each brand its last full week, where it comes from, and what needs a look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from monitor.records import Brand
from monitor.store import Store
from monitor.trends.compare import mean_change, net_sentiment_change
from monitor.web.pages.trends import WEEKLY_COLUMNS
from monitor.web.queries import mentions, reputation
from monitor.web.tables import Column, Row, Table
from monitor.web.view import page, reading, site_of

WEEKS = 12
NEWEST = 3
"""Negative mentions quoted for each brand: enough to see what the week was about."""


def show(request: Request) -> Response:
    now = site_of(request).clock()
    with reading(request) as store:
        sections = []
        for brand in reputation.brands(store):
            last = reputation.last_full_week(brand, now)
            rows = reputation.weeks(store, brand, last, WEEKS)
            sections.append(_section(store, brand, last, rows))
    table = Table(
        name="overview",
        caption="overview.table",
        columns=[Column("brand", "columns.brand"), *WEEKLY_COLUMNS],
        rows=[row for section in sections for row in reversed(section["weeks"])],
        empty="trends.empty",
        extra=("is_partial",),
    )
    return page(request, "overview.html", {"sections": sections}, [table])


def _section(store: Store, brand: Brand, last: date, rows: Sequence[Row]) -> dict[str, Any]:
    now, before = rows[-1], rows[-2]
    ratings = reputation.ratings(store, brand.name, last)
    ratings_before = reputation.ratings(store, brand.name, last - timedelta(days=7))
    negative = mentions.MentionFilter(brand=brand.name, week=last, label="negative")
    return {
        "brand": brand,
        "week": now,
        "before": before,
        "weeks": rows,
        "net_word": net_sentiment_change(_labels(now), _labels(before)).word,
        "rating_word": mean_change(ratings, ratings_before).word,
        "alerts": reputation.open_alerts(store, brand.name),
        "sources": reputation.source_states(store, brand.name),
        "newest": mentions.listed(store, negative, None, NEWEST),
    }


def _labels(row: Row) -> tuple[int, int, int]:
    return row["negative"], row["neutral"], row["positive"]
