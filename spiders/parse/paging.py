"""Addresses of the page that follows: query parameters, and the Link header of an API."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from spiders.parse.addresses import web_address

_LINK = re.compile(r"<([^<>]*)>\s*((?:;\s*[\w*]+\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+)\s*)*)")
_REL_NEXT = re.compile(r";\s*rel\s*=\s*(?:\"[^\"]*\bnext\b[^\"]*\"|next\b)", re.IGNORECASE)
_HEADER_CHARS = 8_000


def with_parameters(url: str, /, **parameters: str | int) -> str:
    """The address with these query parameters in place of those of the same names."""
    parts = urlsplit(url)
    kept = parse_qsl(parts.query, keep_blank_values=True)
    pairs = [(name, value) for name, value in kept if name not in parameters]
    pairs += [(name, str(value)) for name, value in parameters.items()]
    return urlunsplit(parts._replace(query=urlencode(pairs), fragment=""))


def number_in(url: str, parameter: str) -> int | None:
    """The whole number that a query parameter has; None if it has none."""
    for name, value in parse_qsl(urlsplit(url).query):
        if name == parameter and value.isascii() and value.isdigit() and len(value) < 10:
            return int(value)
    return None


def next_in_link_header(header: str, base: str) -> str | None:
    """The absolute address that a Link header gives as rel=next; None if it gives none."""
    for address, attributes in _LINK.findall(header[:_HEADER_CHARS]):
        if _REL_NEXT.search(attributes):
            return web_address(address, base)
    return None
