"""What the generic kinds read from a source's options, with the option's name in every fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from monitor.records import KINDS
from spiders.parse.mapped import full_name

T = TypeVar("T")


def mapping_option(options: Mapping[str, Any], name: str, read: Callable[[str], T]) -> dict[str, T]:
    """{full field name: what `read` makes of its text}; {} if the option is not there.

    Raises ValueError that names the option and the field for whatever cannot be used.
    """
    given = options.get(name) or {}
    if not isinstance(given, Mapping):
        raise ValueError(f"option {name}: fields with values are needed")
    found: dict[str, T] = {}
    for field, text in given.items():
        try:
            found[full_name(str(field))] = read(str(text))
        except ValueError as error:
            raise ValueError(f"option {name}.{field}: {error}") from None
    return found


def option(options: Mapping[str, Any], name: str, read: Callable[[str], T]) -> T | None:
    """What `read` makes of one option; None if it is not there. Raises ValueError like above."""
    text = options.get(name)
    if text in (None, ""):
        return None
    try:
        return read(str(text))
    except ValueError as error:
        raise ValueError(f"option {name}: {error}") from None


def kind_option(options: Mapping[str, Any], default: str) -> str:
    """What an item of the source is. Raises ValueError for a word that no mention can be."""
    kind = str(options.get("kind") or default)
    if kind not in KINDS:
        raise ValueError(f"option kind: {kind!r} is none of {', '.join(KINDS)}")
    return kind


def pattern(text: str) -> re.Pattern[str]:
    """A compiled regular expression. Raises ValueError with its fault."""
    try:
        return re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression ({error})") from None


def picked(text: str | None, wanted: re.Pattern[str] | None) -> str | None:
    """The part of a text that a pattern's first group (or the whole pattern) finds."""
    if text is None or wanted is None:
        return text
    found = wanted.search(text)
    return found.group(1 if wanted.groups else 0) if found else None
