"""Mentions: searched and filtered, and one of them with all that is known about it."""

from __future__ import annotations

import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.records import LABELS, LANGUAGES, Brand
from monitor.store import Store
from monitor.web import parameters
from monitor.web.pages import chosen
from monitor.web.parameters import BadParameter, link
from monitor.web.queries import mentions, reputation
from monitor.web.queries.mentions import MentionFilter, Position
from monitor.web.tables import Column, Row, Table
from monitor.web.view import page, reading

PAGE_SIZE = 25
MAX_ROWS = 50_000
"""Most rows of a CSV download: they are held in memory once."""

LABEL_CHOICES = (*LABELS, "scored", "unscored")
_SCALE = r"\d{1,3}(\.\d+)?-\d{1,3}(\.\d+)?|thumb|three-step"
_POSITION = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\.(\d{1,18})"


def mention_link(row: Row) -> str:
    return f"/mentions/{row['mention_id']}"


MENTION_COLUMNS = (
    Column("mention_id", "columns.mention", "id", mention_link),
    Column("moment", "columns.published", "moment"),
    Column("brand", "columns.brand"),
    Column("source", "columns.source", link=lambda row: link("/sources/" + row["source"])),
    Column("language", "columns.language", "language"),
    Column("label", "columns.label", "label"),
    Column("rating_value", "columns.rating", "rating"),
    Column("text", "columns.text", "quote"),
)
_CSV_ONLY = (
    "rating_scale",
    "confidence",
    "negative",
    "neutral",
    "positive",
    "label_by",
    "kind",
    "title",
    "url",
    "author",
    "location",
    "subject",
    "version",
    "duplicate_of",
)


def search(request: Request) -> Response:
    """`?q=&brand=&source=&language=&label=&week=&scale=&duplicates=&after=`, newest first."""
    with reading(request) as store:
        brands = reputation.brands(store)
        sources = mentions.sources(store)
        wanted = _filter(request, brands, sources)
        as_csv = request.query_params.get("format") == "csv"
        found = mentions.count(store, wanted)
        if as_csv and found > MAX_ROWS:
            raise BadParameter(f"More than {MAX_ROWS} mentions: choose a brand, source or week.")
        after = None if as_csv else _position(request)
        limit = MAX_ROWS if as_csv else PAGE_SIZE + 1
        rows = mentions.listed(store, wanted, after, limit)
    more = not as_csv and len(rows) > PAGE_SIZE
    rows = rows if as_csv else rows[:PAGE_SIZE]
    table = _table("mentions", "mentions.title", rows)
    context = {
        "wanted": wanted,
        "found": found,
        "count_up_to": mentions.COUNT_UP_TO,
        "brands": brands,
        "sources": sources,
        "languages": sorted({*LANGUAGES, wanted.language or "en"}),
        "labels": LABEL_CHOICES,
        "first_url": _url(wanted),
        "is_first": after is None,
        "next_url": _url(wanted, rows[-1]) if more else None,
    }
    return page(request, "mentions.html", context, [table])


def show(request: Request) -> Response:
    """One mention: every version, its scores, the reply, near-duplicates and alerts."""
    mention_id = request.path_params["mention_id"]
    with reading(request) as store:
        mention = _existing(store, mention_id)
        versions = mentions.versions(store, mention_id)
        near = mentions.near_duplicates(store, mention_id, mention["duplicate_of"])
        alerts = mentions.alerts_with(store, mention_id)
    context = {"mention": mention, "versions": versions, "alerts": alerts}
    tables = [_versions_table(mention, versions), _table("duplicates", "mention.duplicates", near)]
    return page(request, "mention.html", context, tables)


def _existing(store: Store, mention_id: int) -> dict[str, Any]:
    # An id that no 64-bit column can hold is unknown as well.
    mention = mentions.one(store, mention_id) if mention_id < 2**63 else None
    if mention is None:
        raise HTTPException(404)
    return mention


def _table(name: str, caption: str, rows: list[dict[str, Any]]) -> Table:
    return Table(
        name=name,
        caption=caption,
        columns=MENTION_COLUMNS,
        rows=rows,
        empty="mentions.empty",
        row_header="mention_id",
        extra=_CSV_ONLY,
    )


def _versions_table(mention: Row, versions: list[dict[str, Any]]) -> Table:
    shared = {"timezone": mention["timezone"], "rating_scale": mention["rating_scale"]}
    return Table(
        name="versions",
        caption="mention.scores",
        columns=(
            Column("number", "columns.version", "id"),
            Column("seen_at", "columns.seen", "moment"),
            Column("label", "columns.label", "label"),
            Column("mix", "columns.mix", "mix"),
            Column("negative", "labels.negative", "percent"),
            Column("neutral", "labels.neutral", "percent"),
            Column("positive", "labels.positive", "percent"),
            Column("rating_value", "columns.rating", "rating"),
            Column("corrected_by", "columns.corrected_by"),
            Column("revision", "columns.revision"),
        ),
        rows=[row | shared for row in versions],
        empty="mentions.empty",
        row_header="number",
        extra=("title", "text", "edited_at", "scored_at"),
    )


def _filter(request: Request, brands: list[Brand], sources: list[str]) -> MentionFilter:
    name = chosen.brand_filter(request, brands)
    brand = next((one for one in brands if one.name == name), None)
    return MentionFilter(
        query=parameters.text(request, "q"),
        brand=name,
        source=parameters.choice(request, "source", sources),
        language=parameters.matching(request, "language", "[a-z]{2,8}", "fa"),
        label=parameters.choice(request, "label", LABEL_CHOICES),
        scale=parameters.matching(request, "scale", _SCALE, "1-5"),
        week=chosen.week_filter(request, brand),
        with_duplicates=parameters.flag(request, "duplicates"),
    )


def _position(request: Request) -> Position | None:
    value = parameters.matching(request, "after", _POSITION, "2026-11-16T09:30:00Z.123")
    found = re.fullmatch(_POSITION, value) if value else None
    return Position(found[1], int(found[2])) if found else None


def _url(wanted: MentionFilter, last: Row | None = None) -> str:
    return link(
        "/mentions",
        q=wanted.query,
        brand=wanted.brand,
        source=wanted.source,
        language=wanted.language,
        label=wanted.label,
        scale=wanted.scale,
        week=wanted.week,
        duplicates=wanted.with_duplicates,
        after=f"{last['moment']}.{last['mention_id']}" if last else None,
    )
