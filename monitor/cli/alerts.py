"""`monitor alerts list | ack | resolve | silence`."""

from __future__ import annotations

import getpass
from datetime import timedelta

import click

from monitor.alerts.quiet import QUIET_RULE
from monitor.alerts.rules import SOURCE_RULE
from monitor.cli.common import as_json, console, print_block, print_json, rows_as_dicts, runtime
from monitor.config import Settings
from monitor.errors import UsageError
from monitor.store import alerts as alert_store

_by = click.option("--by", default=getpass.getuser, show_default="your login", help="Who did it.")
_note = click.option("--note", help="A word for those who come after.")


@click.group()
def alerts() -> None:
    """List, acknowledge, resolve, silence alerts."""


@alerts.command("list")
@click.option(
    "--state",
    type=click.Choice(["open", "acknowledged", "resolved", "silenced"]),
    help="Only these (default: all that are not resolved).",
)
@click.option("--limit", default=50, show_default=True)
@as_json
@click.pass_context
def list_(ctx: click.Context, state: str | None, limit: int, json_out: bool) -> None:
    """Alerts, newest first, each with its reason."""
    with runtime(ctx, secrets=False) as opened:
        rows = rows_as_dicts(alert_store.listed(opened.store, state, limit))
    if json_out:
        print_json(rows)
        return
    if not rows:
        console.print("no alerts")
    for row in rows:
        who = f", {row['state']} by {row['acknowledged_by']}" if row["acknowledged_by"] else ""
        print_block(
            f"{row['id']}  {row['severity']}  {row['title']}",
            f"{row['state']}{who}; {row['mentions']} mentions since {row['started_at'][:16]}",
            row["reason"],
            row["note"],
        )


@alerts.command()
@click.argument("alert_id", type=int)
@_by
@_note
@click.pass_context
def ack(ctx: click.Context, alert_id: int, by: str, note: str | None) -> None:
    """Say that somebody is looking at it."""
    with runtime(ctx, secrets=False) as opened:
        alert_store.acknowledge(opened.store, alert_id, by, note, opened.clock())
    console.print(f"alert {alert_id} acknowledged by {by}")


@alerts.command()
@click.argument("alert_id", type=int)
@_by
@_note
@click.pass_context
def resolve(ctx: click.Context, alert_id: int, by: str, note: str | None) -> None:
    """Close it."""
    with runtime(ctx, secrets=False) as opened:
        alert_store.resolve(opened.store, alert_id, by, note, opened.clock())
    console.print(f"alert {alert_id} resolved by {by}")


@alerts.command()
@click.option("--rule", help="Only this rule (default: every rule).")
@click.option("--brand", help="Only this brand (default: every brand).")
@click.option(
    "--hours", type=click.FloatRange(min=0, min_open=True), required=True, help="For how long."
)
@_by
@_note
@click.pass_context
def silence(
    ctx: click.Context,
    rule: str | None,
    brand: str | None,
    hours: float,
    by: str,
    note: str | None,
) -> None:
    """Keep new alerts without sending them, for a while."""
    with runtime(ctx, secrets=False) as opened:
        _check_names(opened.settings, rule, brand)
        now = opened.clock()
        ends_at = now + timedelta(hours=hours)
        alert_store.silence(opened.store, rule, brand, ends_at, by, note, now)
    console.print(f"silenced until {ends_at:%Y-%m-%d %H:%M} UTC")


def _check_names(settings: Settings, rule: str | None, brand: str | None) -> None:
    """Refuses a misspelt name: a silence that fits nothing would look like one."""
    rules = [*(known.name for known in settings.alerts.rules), SOURCE_RULE, QUIET_RULE]
    if rule is not None and rule not in rules:
        raise UsageError(f"no rule is called {rule!r}; there are: {', '.join(rules)}")
    if brand is not None:
        settings.brand(brand)
