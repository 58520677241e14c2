"""What a URL may ask for: each reader gives a checked value or raises a sentence (status 400)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from urllib.parse import quote, urlencode

from starlette.requests import Request

MAX_CHARS = 300
"""Longer values are no search that anybody typed."""

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)


class BadParameter(Exception):
    """A value in the URL that cannot be meant; its text is shown to the reader."""


def text(request: Request, name: str) -> str | None:
    """The value without spaces around it; None when it is missing or empty."""
    value = request.query_params.get(name, "").strip()
    if len(value) > MAX_CHARS:
        raise BadParameter(f"“{name}” is longer than {MAX_CHARS} characters.")
    return value or None


def choice(request: Request, name: str, allowed: Collection[str]) -> str | None:
    """One of `allowed`, or None."""
    value = text(request, name)
    if value is not None and value not in allowed:
        known = ", ".join(sorted(allowed)) or "nothing yet"
        raise BadParameter(f"“{name}” cannot be “{value}”. Known: {known}.")
    return value


def matching(request: Request, name: str, pattern: str, example: str) -> str | None:
    """A value that has the whole pattern, or None."""
    value = text(request, name)
    if value is not None and not re.fullmatch(pattern, value):
        raise BadParameter(f"“{name}” cannot be “{value}”. Write it like {example}.")
    return value


def day(request: Request, name: str) -> date | None:
    """A day such as 2026-11-16, or None."""
    value = matching(request, name, r"\d{4}-\d\d-\d\d", "2026-11-16")
    if value is None:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        found = date.min
    if not EARLIEST <= found <= LATEST:
        raise BadParameter(f"“{name}” cannot be “{value}”: there is no such day here.")
    return found


def flag(request: Request, name: str) -> bool:
    """True for `1`."""
    return choice(request, name, ("0", "1")) == "1"


def link(path: str, **parameters: object) -> str:
    """A URL on this site, quoted; parameters that are None, False or empty are left out."""
    given = {
        name: "1" if value is True else str(value)
        for name, value in parameters.items()
        if value is not None and value is not False and value != ""
    }
    return f"{quote(path)}?{urlencode(given)}" if given else quote(path)
