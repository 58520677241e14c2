"""Keys and logins kept out of logs, stats, spools and rejects."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, quote_plus

_QUERY = re.compile(r"(https?://[^\s?#\"'<>]*)\?[^\s\"'<>)]*")
_LOGIN = re.compile(r"(https?://)[^\s/@\"'<>]+@")
_KEY = re.compile(
    r"([?&](?:[a-z]+[_-]?)?(?:key|token|secret|password|passwd|pwd|sig|signature|hash|auth)=)"
    r"[^&#\s\"'<>)]+",
    re.IGNORECASE,
)
SHORTEST_SECRET = 6
"""A shorter text is no key of any service, and masking it would garble what people wrote."""


class _Hidden:
    """The secrets of this process, and a pattern that finds each in all its spellings."""

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, values: tuple[str, ...]) -> None:
        self._values.update(value for value in values if len(value) >= SHORTEST_SECRET)
        spellings = {text for value in self._values for text in _spellings(value)}
        longest_first = sorted(spellings, key=len, reverse=True)
        if longest_first:
            self._pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)

    def mask(self, text: str) -> str:
        return self._pattern.sub("***", text) if self._pattern else text


_hidden = _Hidden()


def hide(*secrets: str) -> None:
    """From now on these secrets are masked in everything that this process writes.

    The configured ones are hidden before a crawl begins; a spider that is given another on its
    way (an access token for a password) hides it before its first use.
    """
    _hidden.add(secrets)


def without_secrets(text: str) -> str:
    """The text with every hidden secret in it masked, also one that is encoded for an address.

    To be called before a text is cut: half a secret would not be recognised.
    """
    return _hidden.mask(text)


def without_secrets_within(value: Any) -> Any:
    """Plain data (texts, lists, mappings) with every hidden secret in its texts masked."""
    if isinstance(value, str):
        return _hidden.mask(value)
    if isinstance(value, Mapping):
        return {key: without_secrets_within(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets_within(one) for one in value]
    return value


def without_queries(text: str) -> str:
    """For logs: the text with every query string and login cut out of its addresses.

    Keys travel in query strings (`?key=...`): whole ones go, since nobody can list all names.
    """
    return _LOGIN.sub(r"\1***@", _QUERY.sub(r"\1?***", _hidden.mask(text)))


def without_keys(text: str) -> str:
    """For places that a person must find again: addresses whose keys and logins are masked."""
    return _LOGIN.sub(r"\1***@", _KEY.sub(r"\1***", _hidden.mask(text)))


def _spellings(secret: str) -> set[str]:
    """How a secret may stand in an address, in a header's text, in JSON and in a page."""
    return {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        html.escape(secret),
        repr(secret)[1:-1],
    }
