"""`monitor demo`: the whole loop on the bundled sample sites, offline."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor.cli.common import Bars, console, print_table

QUERY = (
    "SELECT week, mentions, net_sentiment, net_sentiment_low, net_sentiment_high"
    " FROM reputation_weekly WHERE brand = 'Zelvano' ORDER BY week"
)


@click.command()
@click.option(
    "--dir",
    "folder",
    default="demo-output",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where everything is written.",
)
@click.option("--serve", is_flag=True, help="Serve the dashboard on the result afterwards.")
@click.pass_context
def demo(ctx: click.Context, folder: Path, serve: bool) -> None:
    """Run the whole loop on sample sites of an invented shop: offline, under a minute.

    Twelve weeks of reviews and posts in Russian, Czech, Persian and English are served on
    localhost, collected by the real spiders, scored, stored, judged; alerts go to a local webhook
    and four digests to a local mail server.
    """
    from monitor.demo.loop import run_demo

    with Bars() as bars:
        outcome = run_demo(folder, bars, lambda text: console.print(f"· {text}", markup=False))
    print_table(
        "Collected",
        ("source", "new", "edited", "rejects"),
        [list(row) for row in outcome.collected],
    )
    console.print(
        f"{outcome.mentions} mentions, {outcome.answers} survey answers, {len(outcome.alerts)} open"
        f" alerts in {len(outcome.messages)} messages, {len(outcome.mails)} digest mails,"
        f" in {outcome.seconds:.0f} s",
        markup=False,
    )
    for alert in outcome.alerts[:3]:
        console.print(f"  {alert}", markup=False)
    bin_folder = _shown(Path(sys.executable).parent)
    config = _shown(folder / "config.yaml")
    console.print("\nOpen:", style="bold")
    for path in (*outcome.digests[:4], *outcome.messages[:1], folder / "monitor.db"):
        _print_line(_shown(path))
    console.print("\nTry:", style="bold")
    _print_line(f'{bin_folder}/sqlite-utils {_shown(folder / "monitor.db")} "{QUERY}" --table')
    _print_line(f"{bin_folder}/monitor --config {config} search доставка")
    _print_line(f"{bin_folder}/monitor --config {config} serve")
    if serve:
        from monitor.cli.serve import serve as serve_command
        from monitor.config import load

        ctx.find_root().obj["config"] = folder / "config.yaml"
        load(folder / "config.yaml")
        ctx.invoke(serve_command)


def _shown(path: Path) -> str:
    """A path as one would type it here."""
    absolute = path.absolute()
    return str(
        absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute
    )


def _print_line(text: str) -> None:
    console.print(f"  {text}", markup=False, soft_wrap=True)
