"""The dashboard as an ASGI application: routes, what guards them, and what errors look like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from monitor.config import Settings
from monitor.errors import UsageError
from monitor.web.pages import (
    alerts,
    charts,
    digests,
    mentions,
    overview,
    sources,
    surveys,
    trends,
)
from monitor.web.parameters import BadParameter
from monitor.web.security import LocalOnly, secure
from monitor.web.view import Site, error_page, make_templates, static_folder, words_for

MAX_FORM_BYTES = 64 * 1024


def create_app(settings: Settings, clock: Callable[[], datetime] | None = None) -> Starlette:
    """The dashboard over the store that `settings` names; the store may appear later."""
    app = Starlette(
        routes=[
            Route("/", overview.show),
            Route("/trends", trends.show),
            Route("/charts/weekly.svg", charts.weekly),
            Route("/mentions", mentions.search),
            Route("/mentions/{mention_id:int}", mentions.show),
            Route("/alerts", alerts.inbox),
            Route("/alerts/{alert_id:int}", alerts.show),
            Route("/alerts/{alert_id:int}/{action}", alerts.act, methods=["POST"]),
            Route("/sources", sources.health),
            Route("/sources/{name}", sources.show),
            Route("/surveys", surveys.waves),
            Route("/surveys/responses", surveys.responses),
            Route("/digests", digests.archive),
            Route("/digests/{digest_id:int}", digests.show),
            Route("/digests/{digest_id:int}/body", digests.body),
            Mount("/static", StaticFiles(directory=static_folder())),
        ],
        middleware=[Middleware(LocalOnly)],
        exception_handlers={
            HTTPException: _http_error,
            BadParameter: _bad_parameter,
            UsageError: _conflict,
            Exception: _broken,
        },
        max_body_size=MAX_FORM_BYTES,
    )
    app.state.site = Site(settings, clock or (lambda: datetime.now(UTC)), make_templates())
    return app


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = words_for(request)
    sentence = error.detail
    if error.status_code == 404:
        sentence = words("errors.not_found")
    elif error.status_code == 405:
        sentence = words("errors.wrong_method")
    response = error_page(request, error.status_code, sentence)
    response.headers.update(error.headers or {})
    return response


def _bad_parameter(request: Request, error: Exception) -> Response:
    return error_page(request, 400, str(error))


def _conflict(request: Request, error: Exception) -> Response:
    """What the store refuses: an alert that somebody resolved a minute ago."""
    return error_page(request, 409, str(error)[:1].upper() + str(error)[1:] + ".")


def _broken(request: Request, error: Exception) -> Response:
    # Made outside of the middleware, so the headers are set here. The traceback goes to the log.
    return secure(error_page(request, 500, words_for(request)("errors.broken")))
