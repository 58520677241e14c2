"""Brand and period as a URL chooses them."""

from __future__ import annotations

from datetime import date

from starlette.requests import Request

from monitor.records import Brand
from monitor.store.times import week_of
from monitor.web import parameters
from monitor.web.queries import reputation
from monitor.web.view import site_of

WEEK_COUNTS = ("12", "26", "52")
"""Up to a year: beyond it the days under the chart's axis would occur twice."""


def brand_filter(request: Request, brands: list[Brand]) -> str | None:
    """The brand in the URL, or None for all; 400 for an unknown one."""
    return parameters.choice(request, "brand", [brand.name for brand in brands])


def brand(request: Request, brands: list[Brand]) -> Brand | None:
    """The brand in the URL, else the first own one; None while no brand is stored."""
    name = brand_filter(request, brands)
    return next((one for one in brands if name in (None, one.name)), None)


def last_week(request: Request, brand: Brand) -> date:
    """First day of the brand's week that holds `?end=`, else of its last full week."""
    end = parameters.day(request, "end")
    if end is None:
        return reputation.last_full_week(brand, site_of(request).clock())
    return week_of(end, brand.week_start).start


def week_count(request: Request) -> int:
    return int(parameters.choice(request, "weeks", WEEK_COUNTS) or WEEK_COUNTS[0])


def week_filter(request: Request, brand: Brand | None) -> date | None:
    """First of the seven days of `?week=`: with a brand, of its week that holds that day."""
    day = parameters.day(request, "week")
    if day is None or brand is None:
        return day
    return week_of(day, brand.week_start).start
