"""`monitor status`: sources, backlog, outbox, what comes next."""

from __future__ import annotations

import click

from monitor.cli.common import as_json, console, print_json, print_table, rows_as_dicts, runtime
from monitor.normalise.relevance import LEFT_OUT
from monitor.store import Store, counts

_IS_LEFT_OUT = f"cause LIKE '{LEFT_OUT}%'"


@click.command()
@as_json
@click.pass_context
def status(ctx: click.Context, json_out: bool) -> None:
    """How every source is doing, what waits, what failed, what comes next."""
    from monitor.schedule import next_times

    with runtime(ctx, secrets=False) as opened:
        store, settings = opened.store, opened.settings
        health = rows_as_dicts(store.rows("SELECT * FROM source_health ORDER BY brand, source"))
        figures = {
            "mentions": counts.stored(store),
            "waiting for a score": store.value(
                "SELECT count(*) FROM mention_versions WHERE scored_by IS NULL"
            ),
            "waiting for the rules": store.value(
                "SELECT count(*) FROM scores WHERE judged_at IS NULL"
            ),
            "open alerts": store.value("SELECT count(*) FROM alerts WHERE state = 'open'"),
            "deliveries pending": _deliveries(store, "pending"),
            "deliveries given up": _deliveries(store, "failed"),
            "rejects": store.value(f"SELECT count(*) FROM rejects WHERE NOT {_IS_LEFT_OUT}"),
            "left out": store.value(f"SELECT count(*) FROM rejects WHERE {_IS_LEFT_OUT}"),
            "digests": store.value("SELECT count(*) FROM digests"),
        }
        failing = rows_as_dicts(
            store.rows(
                "SELECT channel, state, count(*) AS deliveries, max(attempts) AS attempts,"
                " max(last_error) AS last_error FROM deliveries WHERE last_error IS NOT NULL"
                " GROUP BY channel, state"
            )
        )
        left_out = rows_as_dicts(
            store.rows(
                "SELECT source, cause, count(*) AS items, max(last_seen_at) AS last_seen_at"
                f" FROM rejects WHERE {_IS_LEFT_OUT} GROUP BY source, cause ORDER BY 1, 3 DESC"
            )
        )
        unfinished = rows_as_dicts(
            store.rows(
                "SELECT s.name AS source, f.since, f.updated_at, f.pages, f.items, f.oldest_day,"
                " json_array_length(f.open_requests) AS open_pages FROM backfills f"
                " JOIN sources s ON s.id = f.source_id WHERE f.finished_at IS NULL ORDER BY 1"
            )
        )
        coming = next_times(settings, opened.clock())[:8]
    if json_out:
        print_json(
            {
                "sources": health,
                "counts": figures,
                "left_out": left_out,
                "backfills": unfinished,
                "channels": failing,
                "next": [{"what": what, "at": at.isoformat()} for what, at in coming],
            }
        )
        return
    columns = ("source", "brand", "state", "last_run_at", "last_new", "mentions", "first_error")
    print_table(
        "Sources", columns, [[row[c] for c in columns] for row in health], "none configured"
    )
    print_table("Store", ("what", "count"), list(figures.items()))
    if left_out:
        print_table("Left out", list(left_out[0]), [list(row.values()) for row in left_out])
    if unfinished:
        title = "Back-fills not finished: monitor collect --backfill DAYS goes on"
        print_table(title, list(unfinished[0]), [list(row.values()) for row in unfinished])
    if failing:
        print_table("Channels with failures", list(failing[0]), [list(r.values()) for r in failing])
    print_table("Next", ("what", "when (UTC)"), [(w, f"{at:%Y-%m-%d %H:%M}") for w, at in coming])
    if figures["deliveries given up"]:
        console.print(
            "Some deliveries were given up: check the channel and its address.", style="red"
        )


def _deliveries(store: Store, state: str) -> object:
    return store.value("SELECT count(*) FROM deliveries WHERE state = ?", (state,))
