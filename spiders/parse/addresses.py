"""Links that may be shown and followed."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

_URL_CHARS = 2000
"""Longer ones are not meant for readers but for whatever reads them."""


def web_address(link: str | None, base: str) -> str | None:
    """The absolute http(s) address, None for anything else: a `javascript:` link is an attack."""
    if not link or len(link) > _URL_CHARS:
        return None
    try:
        address = urljoin(base, link.strip())
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None


def same_site(one: str, other: str) -> bool:
    """True for addresses on one server, with or without "www."."""
    return _site(one) == _site(other)


def _site(url: str) -> str:
    try:
        parts = urlsplit(url)
        return f"{(parts.hostname or '').removeprefix('www.')}:{parts.port}"
    except ValueError:  # a port that is no number
        return url
