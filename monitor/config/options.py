"""What is wrong with the `options` of a source, judged by its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.config.values import http_url
from monitor.config.words import did_you_mean, one_of
from monitor.kinds import Kind, Option


def option_faults(kind: Kind, options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Key and message of each option that the kind does not know or cannot use."""
    for key, given in options.items():
        option = kind.options.get(key)
        if option is None:
            known = f"; known: {', '.join(kind.options)}" if kind.options else "; it has none"
            hint = did_you_mean(str(key), kind.options) or known
            yield str(key), f"unknown option of the kind {kind.name}{hint}"
        elif not _fits(option, given):
            yield key, f"must be {_wanted(option)}: {option.help}"


_WANTED = {
    "text": "text",
    "number": "a whole number above 0",
    "flag": "true or false",
    "list": "a list of texts",
    "address": "an address with http:// or https://",
    "pattern": "a regular expression",
}


def _wanted(option: Option) -> str:
    return one_of(option.choices) if option.choices else _WANTED[option.value]


def _fits(option: Option, given: Any) -> bool:
    if option.value == "number":
        return isinstance(given, int) and not isinstance(given, bool) and given > 0
    if option.value == "flag":
        return isinstance(given, bool)
    if option.value == "list":
        return isinstance(given, list) and all(isinstance(one, str) for one in given)
    if not isinstance(given, str) or not given.strip():
        return False
    try:
        if option.value == "address":
            http_url(given)
        elif option.value == "pattern":
            re.compile(given)
    except (ValueError, re.error):
        return False
    return not option.choices or given in option.choices
