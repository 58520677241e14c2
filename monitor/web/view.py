"""What every page shares: the store for one request, templates with the reader's words, CSV."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from monitor import __version__
from monitor.config import Settings
from monitor.store import Store, open_store
from monitor.web import parameters
from monitor.web.security import FIELD, FormTokens
from monitor.web.tables import Table, csv_response
from monitor.web.words import Words, words_of

NAVIGATION = (
    ("/", "overview"),
    ("/trends", "trends"),
    ("/mentions", "mentions"),
    ("/alerts", "alerts"),
    ("/sources", "sources"),
    ("/surveys", "surveys"),
    ("/digests", "digests"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """What the application keeps between requests: settings, clock, templates, form tokens."""

    settings: Settings
    clock: Callable[[], datetime]
    templates: Environment
    tokens: FormTokens = field(default_factory=FormTokens)


def site_of(request: Request) -> Site:
    found = request.app.state.site
    assert isinstance(found, Site)
    return found


def words_for(request: Request) -> Words:
    """The reader's words; English until there are more (a cookie or `?lang=` will choose here)."""
    return words_of("en")


def make_templates() -> Environment:
    """Jinja with autoescape for everything, and an error for every name that is not there."""
    env = Environment(
        loader=PackageLoader("monitor.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(link=parameters.link, navigation=NAVIGATION, version=__version__)
    env.filters.update(web_url=web_url, lang=lang, excerpt=excerpt)
    return env


@contextmanager
def reading(request: Request) -> Iterator[Store]:
    """A read-only store for this request; 503 while there is none."""
    settings = site_of(request).settings
    try:
        store = open_store(settings.resolve(settings.store), read_only=True)
    except sqlite3.OperationalError as error:
        raise HTTPException(503, "There is no store yet: run `monitor run-once` first.") from error
    try:
        yield store
    finally:
        store.close()


@contextmanager
def writing(request: Request) -> Iterator[Store]:
    """A writable store, for a POST that was checked."""
    settings = site_of(request).settings
    store = open_store(settings.resolve(settings.store))
    try:
        yield store
    finally:
        store.close()


def page(
    request: Request,
    template: str,
    context: dict[str, Any],
    tables: Sequence[Table] = (),
    *,
    has_forms: bool = False,
    headers: dict[str, str] | None = None,
) -> Response:
    """The page as HTML, or with `?format=csv` the table that `&table=` names (else the first)."""
    site = site_of(request)
    if tables and parameters.choice(request, "format", ("html", "csv")) == "csv":
        return _download(request, template, tables)
    full = {
        **_frame(request),
        "tables": {table.name: table for table in tables},
        **context,
    }
    cookie = ""
    if has_forms:
        cookie = site.tokens.cookie_of(request)
        full |= {"form_field": FIELD, "form_token": site.tokens.field_for(cookie)}
    html = site.templates.get_template(template).render(full)
    response = HTMLResponse(html, headers=headers)
    if cookie:
        site.tokens.set_cookie(response, cookie)
    return response


def error_page(request: Request, status: int, sentence: str) -> Response:
    """A page that says what is wrong and where to go on."""
    html = (
        site_of(request)
        .templates.get_template("error.html")
        .render({**_frame(request), "status": status, "sentence": sentence})
    )
    return HTMLResponse(html, status_code=status)


def _frame(request: Request) -> dict[str, Any]:
    """What `base.html` and the macros need on every page."""
    query = [(k, v) for k, v in request.query_params.multi_items() if k not in ("format", "table")]

    def csv_url(name: str) -> str:
        return f"{request.url.path}?{urlencode([*query, ('format', 'csv'), ('table', name)])}"

    return {"t": words_for(request), "path": request.url.path, "csv_url": csv_url}


def _download(request: Request, template: str, tables: Sequence[Table]) -> Response:
    by_name = {table.name: table for table in tables}
    name = parameters.choice(request, "table", by_name) or tables[0].name
    page_name = template.removesuffix(".html")
    parts = [page_name] if name == page_name else [page_name, name]
    brand = request.query_params.get("brand")
    return csv_response(by_name[name], "-".join([*parts, brand] if brand else parts))


def web_url(value: str | None) -> str | None:
    """The address if a browser may open it: http or https; a collected `javascript:` is no link."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in ("http", "https") and parts.netloc else None


def lang(code: str | None) -> str:
    """The value of a `lang` attribute: "" says that the language is unknown."""
    return code if code and re.fullmatch(r"[a-z]{2,3}", code) and code != "und" else ""


def excerpt(text: str, chars: int = 320) -> str:
    """The beginning of a text in one line, cut between words where there are any."""
    line = " ".join(text.split())
    if len(line) <= chars:
        return line
    cut = line[: chars - 1]
    cut = cut.rsplit(" ", 1)[0] if " " in cut[chars // 2 :] else cut
    return cut.rstrip(" .,;:!?،؛؟…") + "…"


def static_folder() -> str:
    """Where the style sheet lies."""
    return str(resources.files("monitor.web") / "static")
