"""The dashboard: server-rendered pages over the store, for this machine only.

`create_app(settings)` gives the ASGI application, `serve` runs it until SIGTERM.
"""

from monitor.web.app import create_app
from monitor.web.server import serve

__all__ = ["create_app", "serve"]
