"""`monitor digest`: the weekly digest on the terminal, as a file, or sent."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import click

from monitor.cli.common import console, runtime
from monitor.errors import MonitorError, UsageError
from monitor.records import LANGUAGES, Week
from monitor.runtime import Runtime
from monitor.store.times import week_of


@click.command()
@click.option("--brand", help="Which brand (default: your own).")
@click.option(
    "--week",
    "week_text",
    metavar="WEEK",
    help="2026-W47, or any day in it as 2026-11-16 (default: the last full week).",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write FILE (.html or .txt) instead of printing.",
)
@click.option("--send", is_flag=True, help="Write and mail it to the recipients in config.yaml.")
@click.pass_context
def digest(
    ctx: click.Context,
    brand: str | None,
    week_text: str | None,
    language: str,
    out: Path | None,
    send: bool,
) -> None:
    """Show, write or send the weekly digest of a brand.

    Sending twice sends once: a recipient gets one digest of a week.
    """
    from monitor.digest.build import build
    from monitor.digest.render import render

    if out is not None and send:
        raise UsageError("--out writes a file, --send mails to recipients: choose one")
    with runtime(ctx, secrets=send) as opened:
        own = next(b.name for b in opened.settings.brands if b.role == "own")
        name = opened.settings.brand(brand or own).name
        week = _week(opened, name, week_text)
        if send:
            _send(opened, name, week)
            return
        built = build(opened.store, name, week, language, opened.clock())
        rendered = render(built, charts="data")
    if out is None:
        click.echo(rendered.text)
        return
    content = rendered.text if out.suffix == ".txt" else rendered.html
    out.write_text(content, encoding="utf-8")
    console.print(f"wrote {out}: {rendered.subject}", markup=False, soft_wrap=True)


def _week(opened: Runtime, brand: str, text: str | None) -> Week:
    """The week that is meant, in the brand's zone and with its first weekday."""
    from monitor.digest.outbox import week_before

    if text is None:
        return week_before(opened.store, brand, opened.clock())
    week_start = int(
        str(opened.store.value("SELECT week_start FROM brands WHERE name = ?", (brand,)))
    )
    iso = re.fullmatch(r"(\d{4})-?W(\d\d?)", text)
    try:
        if iso:
            # Its Thursday: the day that decides to which ISO week a week belongs.
            return week_of(date.fromisocalendar(int(iso[1]), int(iso[2]), 4), week_start)
        return week_of(date.fromisoformat(text), week_start)
    except ValueError as error:
        raise UsageError(f"--week {text}: write 2026-W47, or a day as 2026-11-16") from error


def _send(opened: Runtime, brand: str, week: Week) -> None:
    from monitor import pipeline
    from monitor.digest.outbox import write

    recipients = [r for r in opened.settings.digest.recipients if r.brand == brand]
    if not recipients:
        raise UsageError(f"nobody receives the digest of {brand}: see digest.recipients")
    with opened.lock():
        for recipient in recipients:
            subject = write(opened.store, opened.settings, recipient, week, opened.clock())
            what = f"written: {subject}" if subject else "has it already"
            console.print(f"{recipient.to}: {what}", markup=False, soft_wrap=True)
        delivered = pipeline.send(opened)
    last_day = week.end - timedelta(days=1)
    console.print(f"{week.start} to {last_day}: sent {delivered.sent}, failed {delivered.failed}")
    if delivered.failed:
        raise MonitorError("not every mail was taken; it is tried again: see `monitor status`")
