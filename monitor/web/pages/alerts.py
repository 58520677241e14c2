"""The inbox of alerts, one alert with its evidence, and the two things a person does with it."""

from __future__ import annotations

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.store import Store
from monitor.store import alerts as alert_store
from monitor.web import parameters
from monitor.web.pages import chosen
from monitor.web.pages.mentions import MENTION_COLUMNS
from monitor.web.parameters import BadParameter, link
from monitor.web.queries import inbox as queries
from monitor.web.queries import reputation
from monitor.web.security import checked_form
from monitor.web.tables import Column, Row, Table
from monitor.web.view import page, reading, site_of, writing

ACTIONS = {"acknowledge": alert_store.acknowledge, "resolve": alert_store.resolve}
MAX_NAME_CHARS, MAX_NOTE_CHARS = 80, 1_000


def _link(row: Row) -> str:
    return f"/alerts/{row['alert_id']}"


INBOX_COLUMNS = (
    Column("alert_id", "columns.alert", "id", _link),
    Column("decided_at", "columns.decided", "moment"),
    Column("brand", "columns.brand"),
    Column("severity", "columns.severity", "state"),
    Column("title", "columns.title", link=_link),
    Column("reason", "columns.reason"),
    Column("state", "columns.state", "state"),
    Column("mentions", "columns.mentions", "count", _link),
)


def inbox(request: Request) -> Response:
    """`?state=&brand=`: alerts, newest first, each with its forms."""
    with reading(request) as store:
        brands = reputation.brands(store)
        brand = chosen.brand_filter(request, brands)
        state = parameters.choice(request, "state", queries.STATES) or "unresolved"
        rows = queries.listed(store, state, brand)
        counts = queries.counts(store, brand)
    table = Table(
        name="alerts",
        caption="alerts.title",
        columns=INBOX_COLUMNS,
        rows=rows,
        empty="alerts.empty",
        extra=("rule", "started_at", "acknowledged_by", "resolved_by", "note"),
    )
    context = {
        "brands": brands,
        "brand": brand,
        "state": state,
        "states": queries.STATES,
        "counts": counts,
        "limit": queries.LIMIT,
        "done": parameters.choice(request, "done", ACTIONS),
    }
    return page(request, "alerts.html", context, [table], has_forms=True)


def show(request: Request) -> Response:
    """One alert: why, on what evidence, about which mentions, who was told."""
    alert_id = request.path_params["alert_id"]
    with reading(request) as store:
        alert = _existing(store, alert_id)
        mentions = queries.mentions(store, alert_id)
        deliveries = queries.deliveries(store, alert_id)
    tables = [
        Table(
            "mentions",
            "alert.mentions",
            MENTION_COLUMNS,
            mentions,
            "alert.no_mentions",
            row_header="mention_id",
        ),
        Table(
            "deliveries",
            "alert.deliveries",
            (
                Column("channel", "columns.channel"),
                Column("state", "columns.state", "state"),
                Column("attempts", "columns.attempts", "count"),
                Column("sent_at", "columns.sent", "moment"),
                Column("last_error", "columns.error"),
            ),
            deliveries,
            "alert.no_deliveries",
            row_header="channel",
        ),
    ]
    context = {
        "alert": alert,
        "evidence": [(key, _plain(value)) for key, value in alert["evidence"].items()],
        "done": parameters.choice(request, "done", ACTIONS),
    }
    return page(request, "alert.html", context, tables, has_forms=True)


async def act(request: Request) -> Response:
    """Acknowledges or resolves; goes back to where the form was."""
    action = request.path_params["action"]
    if action not in ACTIONS:
        raise HTTPException(404)
    fields = await checked_form(request, site_of(request).tokens)
    alert_id = request.path_params["alert_id"]
    by, note = fields.get("by", "").strip(), fields.get("note", "").strip()
    if not by:
        raise BadParameter("Write your name, so that others see who takes care of it.")
    if len(by) > MAX_NAME_CHARS or len(note) > MAX_NOTE_CHARS:
        raise BadParameter(
            f"A name has at most {MAX_NAME_CHARS} characters, a note {MAX_NOTE_CHARS}."
        )
    await run_in_threadpool(_store_action, request, action, alert_id, by, note or None)
    back = "/alerts" if fields.get("back") == "inbox" else f"/alerts/{alert_id}"
    return RedirectResponse(link(back, done=action), status_code=303)


def _store_action(request: Request, action: str, alert_id: int, by: str, note: str | None) -> None:
    with writing(request) as store:
        _existing(store, alert_id)
        ACTIONS[action](store, alert_id, by, note, site_of(request).clock())


def _existing(store: Store, alert_id: int) -> dict[str, Any]:
    alert = queries.one(store, alert_id) if alert_id < 2**63 else None
    if alert is None:
        raise HTTPException(404)
    return alert


def _plain(value: object) -> str:
    """A value of the evidence as text: lists joined, what is nested as JSON."""
    if value is None:
        return "–"
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
