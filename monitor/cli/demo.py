"""`monitor demo`: the whole loop on the bundled sample sites, offline."""

from __future__ import annotations

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
    console.print("\nOpen:", style="bold")
    for path in (*outcome.digests[:4], *outcome.messages[:1]):
        console.print(f"  {path}", markup=False, soft_wrap=True)
    console.print(f"  {folder / 'monitor.db'}", markup=False)
    console.print("\nTry:", style="bold")
    console.print(f'  sqlite3 -box {folder / "monitor.db"} "{QUERY}"', markup=False, soft_wrap=True)
    console.print(f"  monitor --config {folder / 'config.yaml'} search доставка", markup=False)
    console.print(f"  monitor --config {folder / 'config.yaml'} serve", markup=False)
    if serve:
        from monitor.cli.serve import serve as serve_command
        from monitor.config import load

        ctx.find_root().obj["config"] = folder / "config.yaml"
        load(folder / "config.yaml")
        ctx.invoke(serve_command)
