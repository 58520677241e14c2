"""Sources: how each is doing, and for one of them its runs and what could not be used."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.web import parameters
from monitor.web.pages import chosen
from monitor.web.parameters import link
from monitor.web.queries import collecting, reputation
from monitor.web.tables import Column, Row, Table
from monitor.web.view import page, reading

STATES = ("ok", "unchanged", "empty", "partial", "blocked", "broken", "unreachable", "never")
RUNS, REJECTS = 50, 200


def _link(row: Row) -> str:
    return link("/sources/" + row["source"])


COLUMNS = (
    Column("source", "columns.source", link=_link),
    Column("brand", "columns.brand"),
    Column("kind", "columns.kind"),
    Column("state", "columns.state", "state", _link),
    Column("last_run_at", "columns.last_run", "moment"),
    Column("last_answer_at", "columns.last_answer", "moment"),
    Column("last_new", "columns.new", "count", _link),
    Column(
        "mentions",
        "columns.mentions",
        "count",
        lambda row: link("/mentions", source=row["source"], duplicates=True),
    ),
    Column("newest_mention_at", "columns.newest", "moment"),
    Column("rejects", "columns.rejects", "count", lambda row: _link(row) + "#rejects"),
    Column("first_error", "columns.error"),
)


def health(request: Request) -> Response:
    """`?brand=&state=`: every source with the state of its last run."""
    with reading(request) as store:
        brands = reputation.brands(store)
        brand = chosen.brand_filter(request, brands)
        state = parameters.choice(request, "state", STATES)
        rows = collecting.health(store, brand)
    rows = [row for row in rows if state in (None, row["state"])]
    table = Table(
        name="sources",
        caption="sources.title",
        columns=COLUMNS,
        rows=rows,
        empty="sources.empty",
        row_header="source",
        extra=("enabled", "url", "runs", "last_items"),
    )
    context = {"brands": brands, "brand": brand, "state": state, "states": STATES}
    return page(request, "sources.html", context, [table])


def show(request: Request) -> Response:
    """One source: its last runs and its rejects."""
    name = request.path_params["name"]
    with reading(request) as store:
        found = collecting.health(store, None, name)
        if not found:
            raise HTTPException(404)
        runs = collecting.runs(store, name, RUNS)
        rejects = collecting.rejects(store, name, REJECTS)
    zone = {"timezone": found[0]["timezone"]}
    tables = [
        Table(
            "runs",
            "source.runs",
            (
                Column("finished_at", "columns.finished", "moment"),
                Column("state", "columns.state", "state"),
                Column("items", "columns.items", "count"),
                Column("new", "columns.new", "count"),
                Column("changed", "columns.changed", "count"),
                Column("rejects", "columns.rejects", "count"),
                Column("requests", "columns.requests", "count"),
                Column("first_error", "columns.error"),
            ),
            [row | zone for row in runs],
            "source.no_runs",
            row_header="finished_at",
            extra=("run_id", "started_at"),
        ),
        Table(
            "rejects",
            "source.rejects",
            (
                Column("cause", "columns.cause"),
                Column("place", "columns.place"),
                Column("excerpt", "columns.excerpt", "quote"),
                Column("times_seen", "columns.times_seen", "count"),
                Column("last_seen_at", "columns.last_seen", "moment"),
            ),
            [row | zone for row in rejects],
            "source.no_rejects",
            extra=("first_seen_at",),
        ),
    ]
    return page(request, "source.html", {"source": found[0]}, tables)
