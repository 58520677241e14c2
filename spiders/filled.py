"""Options in which a secret is named: `headers: {Authorization: "Bearer {secrets.key}"}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spiders.redact import SHORTEST_SECRET

# The configuration finds the same names (monitor/config/placeholders.py); rooms share no code.
_NAMED = re.compile(r"\{secrets\.([^{}]*)\}")


def filled(text: str, secrets: Mapping[str, str]) -> str:
    """The text with each `{secrets.NAME}` replaced by the secret.

    Raises ValueError for a name that the source does not have, and for a secret that could not be
    kept out of logs or sent: one that is very short, or has a line break in it.
    """

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name not in secrets:
            raise ValueError(f"there is no secret {name!r}: add it to the source's secrets")
        secret = secrets[name]
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"the secret {name!r} is shorter than {SHORTEST_SECRET} signs")
        if not secret.isprintable():
            raise ValueError(f"the secret {name!r} has a line break or control sign in it")
        return secret

    return _NAMED.sub(value, text)


def filled_option(
    options: Mapping[str, Any], name: str, secrets: Mapping[str, str]
) -> dict[str, Any]:
    """A mapping among the options with the secrets in its texts; {} if it is not there.

    Raises ValueError like `filled`, with the place of the fault.
    """
    given = options.get(name) or {}
    if not isinstance(given, Mapping):
        raise ValueError(f"option {name}: names with values are needed")
    found: dict[str, Any] = {}
    for key, value in given.items():
        try:
            found[str(key)] = filled(value, secrets) if isinstance(value, str) else value
        except ValueError as error:
            raise ValueError(f"option {name}.{key}: {error}") from None
    return found
