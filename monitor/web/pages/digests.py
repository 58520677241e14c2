"""The archive of digests; a digest's own HTML is shown in a sandboxed frame."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from monitor.web.pages import chosen
from monitor.web.queries import reports, reputation
from monitor.web.security import DIGEST_CSP, FRAMING_CSP
from monitor.web.tables import Column, Row, Table
from monitor.web.view import page, reading

LIMIT = 500


def _link(row: Row) -> str:
    return f"/digests/{row['digest_id']}"


COLUMNS = (
    Column("digest_id", "columns.digest", "id", _link),
    Column("period_start", "columns.week", "day"),
    Column("brand", "columns.brand"),
    Column("subject", "columns.subject", "quote", _link),
    Column("recipient", "columns.recipient"),
    Column("language", "columns.language", "language"),
    Column("created_at", "columns.created", "moment"),
    Column("state", "columns.delivery", "state"),
)


def archive(request: Request) -> Response:
    """`?brand=`: every digest as it was sent."""
    with reading(request) as store:
        brands = reputation.brands(store)
        brand = chosen.brand_filter(request, brands)
        rows = reports.digests(store, brand, LIMIT)
    table = Table(
        name="digests",
        caption="digests.title",
        columns=COLUMNS,
        rows=rows,
        empty="digests.empty",
        row_header="digest_id",
        extra=("period_end",),
    )
    return page(request, "digests.html", {"brands": brands, "brand": brand}, [table])


def show(request: Request) -> Response:
    """One digest in a frame that cannot run anything."""
    headers = {"Content-Security-Policy": FRAMING_CSP}
    return page(request, "digest.html", {"digest": _existing(request)}, headers=headers)


def body(request: Request) -> Response:
    """The digest's HTML alone, with a policy of its own: inline style, no script."""
    return HTMLResponse(
        _existing(request)["html"],
        headers={"Content-Security-Policy": DIGEST_CSP, "X-Frame-Options": "SAMEORIGIN"},
    )


def _existing(request: Request) -> dict[str, Any]:
    digest_id = request.path_params["digest_id"]
    with reading(request) as store:
        digest = reports.digest(store, digest_id) if digest_id < 2**63 else None
    if digest is None:
        raise HTTPException(404)
    return digest
