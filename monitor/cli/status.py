"""`monitor status`: sources, backlog, outbox, what comes next."""

from __future__ import annotations

from typing import Any

import click

from monitor.alerts.source_silence import silences, with_silence
from monitor.cli.common import as_json, console, print_json, print_table, rows_as_dicts, runtime
from monitor.store import Store, counts

_COUNTS = {
    "waiting for a score": "SELECT count(*) FROM mention_versions WHERE scored_by IS NULL",
    "waiting for the rules": "SELECT count(*) FROM scores WHERE judged_at IS NULL",
    "open alerts": "SELECT count(*) FROM alerts WHERE state = 'open'",
    "deliveries pending": "SELECT count(*) FROM deliveries WHERE state = 'pending'",
    "deliveries given up": "SELECT count(*) FROM deliveries WHERE state = 'failed'",
    "rejects": "SELECT count(*) FROM rejects WHERE NOT is_left_out",
    "left out": "SELECT count(*) FROM rejects WHERE is_left_out",
    "digests": "SELECT count(*) FROM digests",
}
_LEFT_OUT = (
    "SELECT source, cause, count(*) AS items, max(last_seen_at) AS last_seen_at"
    " FROM rejects WHERE is_left_out GROUP BY source, cause ORDER BY 1, 3 DESC"
)
_BACKFILLS = (
    "SELECT s.name AS source, f.since, f.updated_at, f.pages, f.items, f.oldest_day,"
    " json_array_length(f.open_requests) AS open_pages FROM backfills f"
    " JOIN sources s ON s.id = f.source_id WHERE f.finished_at IS NULL ORDER BY 1"
)
_CHANNELS = (
    "SELECT channel, state, count(*) AS deliveries, max(attempts) AS attempts,"
    " max(last_error) AS last_error FROM deliveries WHERE last_error IS NOT NULL"
    " GROUP BY channel, state"
)
_SOURCE_COLUMNS = (
    "source",
    "state",
    "last_run",
    "last_new",
    "silent",
    "usual_days",
    "left_out",
)
_SHORT = {"usual_days": "usual", "left_out": "left out"}
"""For a terminal of 80 letters, as in `monitor trends`; `--json` has brand and mentions, too."""


@click.command()
@as_json
@click.pass_context
def status(ctx: click.Context, json_out: bool) -> None:
    """How every source is doing, what waits, what failed, what comes next.

    `silent` is how many days a source gave nothing, up to its last answer, and how that is for its
    own rhythm: usual, long, or quiet, which is an alert. `usual` are the days from one with
    something to the next.
    """
    from monitor.schedule import next_times

    with runtime(ctx, secrets=False) as opened:
        found = _read(opened.store)
        coming = next_times(opened.settings, opened.clock())[:8]
    found["next"] = [{"what": what, "at": at.isoformat()} for what, at in coming]
    if json_out:
        print_json(found)
        return
    _print_sources(found["sources"])
    print_table("Store", ("what", "count"), list(found["counts"].items()))
    _print_rows("Left out", found["left_out"])
    title = "Back-fills not finished: monitor collect --backfill DAYS goes on"
    _print_rows(title, found["backfills"])
    _print_rows("Channels with failures", found["channels"])
    print_table("Next", ("what", "when (UTC)"), [(w, f"{at:%Y-%m-%d %H:%M}") for w, at in coming])
    if found["counts"]["deliveries given up"]:
        console.print(
            "Some deliveries were given up: check the channel and its address.", style="red"
        )


def _read(store: Store) -> dict[str, Any]:
    """What the store knows of sources, backlog and outbox, by the names that `--json` gives."""

    def listed(sql: str) -> list[dict[str, Any]]:
        return rows_as_dicts(store.rows(sql))

    known = silences(store)
    health = listed("SELECT * FROM source_health ORDER BY brand, source")
    return {
        "sources": [with_silence(row, known) for row in health],
        "counts": {
            "mentions": counts.stored(store),
            **{what: store.value(sql) for what, sql in _COUNTS.items()},
        },
        "left_out": listed(_LEFT_OUT),
        "backfills": listed(_BACKFILLS),
        "channels": listed(_CHANNELS),
    }


def _print_sources(sources: list[dict[str, Any]]) -> None:
    shown = [
        {
            **row,
            "last_run": (row["last_run_at"] or "")[5:16].replace("T", " ") or None,
            "last_new": (row["last_new_at"] or "")[:10] or None,
            "silent": _silent(row),
        }
        for row in sources
    ]
    rows = [[row[column] for column in _SOURCE_COLUMNS] for row in shown]
    headings = [_SHORT.get(column, column) for column in _SOURCE_COLUMNS]
    print_table("Sources", headings, rows, "none configured")
    failing = [row for row in sources if row["first_error"]]
    keys = ("source", "state", "first_error")
    failed = [{key: row[key] for key in keys} for row in failing]
    _print_rows("What failed in the last runs", failed)


def _silent(row: dict[str, Any]) -> str | None:
    """How many days a source gave nothing, and whether that is usual, long or quiet for it."""
    if row["silence"] in (None, "blind"):
        return None
    days = f"{row['silent_days']} d"
    return days if row["silence"] == "unknown" else f"{days}, {row['silence']}"


def _print_rows(title: str, rows: list[dict[str, Any]]) -> None:
    """A table of what there is; nothing where there is none."""
    if rows:
        print_table(title, list(rows[0]), [list(row.values()) for row in rows])
