"""uvicorn on a loopback address, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from starlette.types import ASGIApp

from monitor.errors import MonitorError, UsageError
from monitor.web.security import is_local


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to a loopback address; raises `UsageError` for any other host."""
    if not is_local(host):
        raise UsageError(
            f"--host {host} would show the dashboard to other machines, and it has no passwords"
            " yet (they come later): use 127.0.0.1, and an SSH tunnel or a proxy with a login"
            " from elsewhere"
        )
    address = "127.0.0.1" if host.lower() == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((address, port))
    except (OSError, OverflowError) as error:
        sock.close()
        raise MonitorError(
            f"cannot listen on {host} port {port} ({error}): choose another with --port"
        ) from error
    return sock


def url_of(sock: socket.socket) -> str:
    """Where a browser on this machine finds the dashboard."""
    host, port = sock.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def serve(app: ASGIApp, sock: socket.socket, on_ready: Callable[[str], None]) -> None:
    """Answers requests until SIGTERM or SIGINT; open requests have five seconds to end."""
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        # No proxy is expected, so nobody may tell us that a request came from elsewhere.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    # uvicorn stops at these signals and then raises them again for whoever was there before:
    # with a handler that does nothing the process ends with exit code 0.
    before = {sig: signal.signal(sig, lambda *_: None) for sig in (signal.SIGTERM, signal.SIGINT)}
    try:
        sock.listen(128)
        on_ready(url_of(sock))
        uvicorn.Server(config).run(sockets=[sock])
    finally:
        for sig, handler in before.items():
            signal.signal(sig, handler)
        sock.close()
