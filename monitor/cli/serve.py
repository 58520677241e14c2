"""`monitor serve`: the dashboard on this machine."""

from __future__ import annotations

import click

from monitor.cli.common import runtime


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0: any free one.",
)
@click.pass_context
def serve(ctx: click.Context, host: str, port: int) -> None:
    """Serve the dashboard on this machine until SIGTERM or Ctrl-C.

    It answers only here: there are no passwords yet.
    """
    from monitor.web import create_app
    from monitor.web.server import listen
    from monitor.web.server import serve as serve_app

    sock = listen(host, port)
    with runtime(ctx, secrets=False) as opened:
        settings = opened.settings
        _ = opened.store  # made and migrated where needed: every request then opens it read-only
    serve_app(create_app(settings), sock, lambda url: click.echo(f"Dashboard: {url}"))
