"""Keys and logins kept out of logs, stats and rejects."""

from __future__ import annotations

import re

_QUERY = re.compile(r"(https?://[^\s?#\"'<>]*)\?[^\s\"'<>)]*")
_LOGIN = re.compile(r"(https?://)[^\s/@\"'<>]+@")
_KEY = re.compile(
    r"([?&](?:[a-z]+[_-]?)?(?:key|token|secret|password|passwd|pwd|sig|signature|hash|auth)=)"
    r"[^&#\s\"'<>)]+",
    re.IGNORECASE,
)


def without_queries(text: str) -> str:
    """For logs: the text with every query string and login cut out of its addresses.

    Keys travel in query strings (`?key=...`): whole ones go, since nobody can list all names.
    """
    return _LOGIN.sub(r"\1***@", _QUERY.sub(r"\1?***", text))


def without_keys(text: str) -> str:
    """For places that a person must find again: addresses whose keys and logins are masked."""
    return _LOGIN.sub(r"\1***@", _KEY.sub(r"\1***", text))
