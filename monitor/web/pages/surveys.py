"""Surveys: NPS wave by wave, and the answers behind each number."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.web import parameters
from monitor.web.pages import chosen
from monitor.web.parameters import link
from monitor.web.queries import reports, reputation
from monitor.web.tables import Column, Row, Table
from monitor.web.view import page, reading

LIMIT = 5_000


def _answers(row: Row, group: str | None = None) -> str:
    return link("/surveys/responses", survey=row["survey"], wave=row["wave"], group=group)


COLUMNS = (
    Column("wave", "columns.wave", link=_answers),
    Column("survey", "columns.survey"),
    Column("brand", "columns.brand"),
    Column("starts_on", "columns.starts", "day"),
    Column("ends_on", "columns.ends", "day"),
    Column("responses", "columns.responses", "count", _answers),
    Column("response_rate", "columns.response_rate", "percent"),
    Column("nps", "columns.nps", "signed", lambda row: _answers(row, "nps")),
    Column("nps_interval", "columns.interval", "interval"),
    Column("promoters", "groups.promoters", "count", lambda row: _answers(row, "promoters")),
    Column("passives", "groups.passives", "count", lambda row: _answers(row, "passives")),
    Column("detractors", "groups.detractors", "count", lambda row: _answers(row, "detractors")),
    Column("comments", "groups.comments", "count", lambda row: _answers(row, "comments")),
)


def waves(request: Request) -> Response:
    """`?brand=`: every wave with its NPS and interval."""
    with reading(request) as store:
        brands = reputation.brands(store)
        brand = chosen.brand_filter(request, brands)
        rows = reports.waves(store, brand)
    table = Table(
        name="surveys",
        caption="surveys.table",
        columns=COLUMNS,
        rows=rows,
        empty="surveys.empty",
        row_header="wave",
        extra=("nps_n", "nps_low", "nps_high", "csat"),
    )
    return page(request, "surveys.html", {"brands": brands, "brand": brand}, [table])


def responses(request: Request) -> Response:
    """`?survey=&wave=&group=`: answers of one wave, newest first."""
    survey, wave = parameters.text(request, "survey"), parameters.text(request, "wave")
    group = parameters.choice(request, "group", reports.GROUPS)
    if survey is None or wave is None:
        raise parameters.BadParameter("Name a survey and a wave: ?survey=…&wave=….")
    with reading(request) as store:
        if not reports.wave_exists(store, survey, wave):
            raise HTTPException(404)
        rows = reports.responses(store, survey, wave, group, LIMIT)
    table = Table(
        name="responses",
        caption="responses.table",
        columns=(
            Column("response_id", "columns.response", "id"),
            Column("answered_at", "columns.answered", "moment"),
            Column("nps", "columns.nps", "rating"),
            Column("csat", "columns.csat", "rating"),
            Column("ces", "columns.ces", "rating"),
            Column("segment", "columns.segment"),
            Column("location", "columns.location"),
            Column("comment", "columns.comment", "quote"),
        ),
        rows=rows,
        empty="responses.empty",
        row_header="response_id",
        extra=("language",),
    )
    context = {
        "survey": survey,
        "wave": wave,
        "group": group,
        "groups": reports.GROUPS,
        "limit": LIMIT,
    }
    return page(request, "responses.html", context, [table])
