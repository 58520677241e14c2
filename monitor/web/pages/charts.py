"""Charts as SVG documents of their own: the pages' Content-Security-Policy allows no inline style.

A chart is drawn once for each state of its data: what is drawn is the key of the cache.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import lru_cache

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.charts import DARK, LIGHT, ChartWeek, ChartWords, to_svg, weekly_chart
from monitor.web import parameters
from monitor.web.pages import chosen
from monitor.web.queries import reputation
from monitor.web.security import SVG_CSP
from monitor.web.tables import Row
from monitor.web.view import reading, words_for
from monitor.web.words import Words, words_of

_drawing = threading.Lock()
"""Two readers of the same new chart wait for one drawing instead of paying for two."""


def weekly(request: Request) -> Response:
    """Net sentiment and mentions by week: `?brand=&end=&weeks=&theme=&wide=`."""
    theme = parameters.choice(request, "theme", ("light", "dark")) or "light"
    with reading(request) as store:
        brand = chosen.brand(request, reputation.brands(store))
        if brand is None:
            raise HTTPException(404)
        last = chosen.last_week(request, brand)
        rows = reputation.weeks(store, brand, last, chosen.week_count(request))
    words = words_for(request)
    weeks = tuple(_week(row, words) for row in rows)
    with _drawing:
        svg = _draw(weeks, theme, words.language, parameters.flag(request, "wide"))
    tag = f'"{hashlib.sha256(svg).hexdigest()[:24]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": SVG_CSP,
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(svg, media_type="image/svg+xml", headers=headers)


@lru_cache(maxsize=256)
def _draw(weeks: Sequence[ChartWeek], theme: str, language: str, is_wide: bool) -> bytes:
    words = words_of(language)
    spec = weekly_chart(
        weeks,
        ChartWords(
            sentiment=words("chart.sentiment"),
            mentions=words("chart.mentions"),
            right_to_left=words.direction == "rtl",
            signed=words.signed,
            count=words.number,
        ),
        palette=DARK if theme == "dark" else LIGHT,
        width=1080 if is_wide else max(580, 22 * len(weeks)),
        height=270 if is_wide else 330,
    )
    return to_svg(spec).encode()


def _week(row: Row, words: Words) -> ChartWeek:
    return ChartWeek(
        label=words.short_day(row["week"]),
        net=row["net_sentiment"],
        low=row["net_sentiment_low"],
        high=row["net_sentiment_high"],
        negative=row["negative"],
        neutral=row["neutral"],
        positive=row["positive"],
        unscored=row["unscored"],
        is_partial=bool(row["is_partial"]),
        has_alert=row["alerts"] > 0,
    )
