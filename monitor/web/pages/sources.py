"""Sources: how each is doing, and for one of them its runs and what could not be used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.alerts.rules import BLIND_STATES
from monitor.store import Store
from monitor.store.times import local_day
from monitor.web import parameters
from monitor.web.pages import chosen
from monitor.web.parameters import link
from monitor.web.queries import collecting, reputation
from monitor.web.tables import Column, Row, Table
from monitor.web.view import page, reading, site_of

STATES = ("ok", "unchanged", "empty", "partial", "blocked", "broken", "unreachable", "never")
SILENCES = ("usual", "long", "quiet", "unknown", "blind")
RUNS, REJECTS = 50, 200
PULSE_DAYS = 56
"""Eight weeks: a weekly rhythm shows, and a day is still as wide as a line."""


def _link(row: Row) -> str:
    return link("/sources/" + row["source"])


COLUMNS = (
    Column("source", "columns.source", link=_link),
    Column("brand", "columns.brand"),
    Column("state", "columns.state", "state", _link),
    Column("last_run_at", "columns.last_run", "moment"),
    Column("last_new_at", "columns.last_new", "moment"),
    Column("silence", "columns.silence", "silence"),
    Column(
        "mentions",
        "columns.mentions",
        "count",
        lambda row: link("/mentions", source=row["source"], duplicates=True),
    ),
    Column("left_out", "columns.left_out", "count", lambda row: _link(row) + "#left-out"),
    Column("rejects", "columns.rejects", "count", lambda row: _link(row) + "#rejects"),
    Column("first_error", "columns.error"),
)
_ONLY_IN_CSV = (
    "silent_days",
    "usual_days",
    "longest_days",
    "quiet_since",
    "last_answer_at",
    "newest_mention_at",
    "kind",
    "enabled",
    "url",
    "runs",
    "last_items",
    "last_new",
)

_UNUSED = (
    Column("cause", "columns.cause"),
    Column("place", "columns.place"),
    Column("excerpt", "columns.excerpt", "quote"),
    Column("times_seen", "columns.times_seen", "count"),
    Column("last_seen_at", "columns.last_seen", "moment"),
)


def health(request: Request) -> Response:
    """`?brand=&state=&silence=`: every source with the state of its last run and its silence."""
    now = site_of(request).clock()
    with reading(request) as store:
        brands = reputation.brands(store)
        brand = chosen.brand_filter(request, brands)
        state = parameters.choice(request, "state", STATES)
        silence = parameters.choice(request, "silence", SILENCES)
        known = collecting.health(store, brand)
        rows = [
            _with_pulse(store, row, now)
            for row in known
            if state in (None, row["state"]) and silence in (None, row["silence"])
        ]
    table = Table(
        name="sources",
        caption="sources.table",
        columns=COLUMNS,
        rows=rows,
        empty="sources.empty",
        row_header="source",
        extra=_ONLY_IN_CSV,
        stacks=True,
    )
    context = {
        "brands": brands,
        "brand": brand,
        "state": state,
        "states": STATES,
        "silence": silence,
        "silences": SILENCES,
        "standing": _standing(known),
    }
    return page(request, "sources.html", context, [table])


def show(request: Request) -> Response:
    """One source: its rhythm, its last runs, what was left out and what could not be used."""
    name = request.path_params["name"]
    with reading(request) as store:
        found = collecting.health(store, None, name)
        if not found:
            raise HTTPException(404)
        source = _with_pulse(store, found[0], site_of(request).clock())
        tables = _tables(store, source)
    return page(request, "source.html", {"source": source}, tables)


def _with_pulse(store: Store, row: Row, now: datetime) -> dict[str, Any]:
    last = local_day(now, row["timezone"])
    return {**row, "pulse": collecting.pulse(store, row["source"], last, PULSE_DAYS)}


def _standing(rows: Sequence[Row]) -> dict[str, int]:
    """What the tiles count, of the sources that are switched on."""
    enabled = [row for row in rows if row["enabled"]]
    blind = sum(row["state"] in BLIND_STATES for row in enabled)
    never = sum(row["state"] == "never" for row in enabled)
    return {
        "all": len(enabled),
        "answering": len(enabled) - blind - never,
        "blind": blind,
        "quiet": sum(row["silence"] == "quiet" for row in enabled),
        "long": sum(row["silence"] == "long" for row in enabled),
        "left_out": sum(row["left_out"] for row in enabled),
    }


def _tables(store: Store, source: Row) -> list[Table]:
    name, zone = source["source"], {"timezone": source["timezone"]}
    runs = collecting.runs(store, name, RUNS)
    causes = collecting.left_out_by_cause(store, name)
    left_out = collecting.rejects(store, name, REJECTS, left_out=True)
    rejects = collecting.rejects(store, name, REJECTS, left_out=False)
    return [
        Table(
            "runs",
            "source.runs",
            (
                Column("finished_at", "columns.finished", "moment"),
                Column("state", "columns.state", "state"),
                Column("items", "columns.items", "count"),
                Column("new", "columns.new", "count"),
                Column("changed", "columns.changed", "count"),
                Column("left_out", "columns.left_out", "count"),
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
            "causes",
            "source.causes",
            (
                Column("cause", "columns.cause"),
                Column("items", "columns.items", "count"),
                Column("last_seen_at", "columns.last_seen", "moment"),
            ),
            [row | zone for row in causes],
            "source.no_left_out",
            row_header="cause",
            stacks=True,
        ),
        Table(
            "left-out",
            "source.left_out",
            _UNUSED,
            [row | zone for row in left_out],
            "source.no_left_out",
            extra=("first_seen_at",),
        ),
        Table(
            "rejects",
            "source.rejects",
            _UNUSED,
            [row | zone for row in rejects],
            "source.no_rejects",
            extra=("first_seen_at",),
        ),
    ]
