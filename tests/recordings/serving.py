"""A server on this machine that answers as a recorded site or service would."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


class Answering(BaseHTTPRequestHandler):
    """What the servers of the recordings share; each one adds its own `do_GET` and `do_POST`."""

    protocol_version = "HTTP/1.1"

    def answer(
        self,
        body: bytes,
        kind: str = "application/json",
        status: int = 200,
        more: Mapping[str, str] | None = None,
    ) -> None:
        """Sends the whole answer; `more` are further headers."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def answer_json(self, document: Any) -> None:
        """Sends a document as JSON."""
        self.answer(json.dumps(document).encode())

    def form(self) -> dict[str, str]:
        """The fields of the form that was posted."""
        return first_values(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def log_message(self, *_: Any) -> None:
        """Keeps the output clean."""


def first_values(query: str) -> dict[str, str]:
    """The first value of each name in a query string."""
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def serving(handler: type[Answering], **attributes: Any) -> Iterator[str]:
    """Address of a local server that answers by the handler, a copy of which has the attributes."""
    own = type("Handler", (handler,), attributes)
    server = ThreadingHTTPServer(("127.0.0.1", 0), own)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
