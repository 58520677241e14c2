"""Secrets that are named in an option, `Bearer {secrets.key}`, and the headers they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.config.words import did_you_mean
from monitor.kinds import Kind

# The crawl process fills in what is found here (spiders/filled.py); rooms share no code.
_NAMED = re.compile(r"\{secrets\.([^{}]*)\}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HOLDS_A_KEY = re.compile(
    r"(proxy-)?authorization|cookie|(.*[-_])?(api)?(key|token|secret|password)", re.IGNORECASE
)
_OURS = {
    "user-agent", "host", "connection", "content-length", "transfer-encoding", "accept-encoding",
    "if-none-match", "if-modified-since", "referer",
}  # fmt: skip
"""Headers that say who asks and how: these are not the configuration's to set."""


def header_fault(name: str, value: Any) -> str | None:
    """What is wrong with a header that requests are to be sent with; None if nothing is."""
    if not _HEADER.fullmatch(name):
        return "is no name of a header"
    if name.lower() in _OURS:
        return "is not for a source to set: sites are told who asks, and how"
    if isinstance(value, str) and not value.isprintable():
        return "must be one line"
    return literal_fault(name, value)


def literal_fault(name: str, value: Any) -> str | None:
    """What is wrong with a key that stands in the file itself, known by where it is sent."""
    if not _HOLDS_A_KEY.fullmatch(name) or _NAMED.search(str(value)):
        return None
    return "must name a secret, such as {secrets.key} with `secrets: {key: env:NAME}`"


def use_faults(
    kind: Kind, options: Mapping[str, Any], secrets: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Place below the source and message: a secret named that is not there, one named nowhere."""
    named: set[str] = set()
    for key, option in kind.options.items():
        given = options.get(key)
        if not (option.takes_secrets and isinstance(given, Mapping)):
            continue
        for inner, text in given.items():
            for name in _NAMED.findall(text) if isinstance(text, str) else ():
                named.add(name)
                if name not in secrets:
                    hint = did_you_mean(name, secrets) or ": add it to `secrets`"
                    yield f"options.{key}.{inner}", f"names an unknown secret {name!r}{hint}"
    places = [key for key, option in kind.options.items() if option.takes_secrets]
    for name in secrets if kind.any_secret else ():
        if name not in named:
            where = " or ".join(places)
            yield f"secrets.{name}", f"is used nowhere: write {{secrets.{name}}} in {where}"
