"""pydantic's errors as faults in plain words, at the place where the user wrote the value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.document import Place
from monitor.config.shape import child, known_keys
from monitor.config.words import did_you_mean, one_of

_SENTENCES = {
    "missing": "is required",
    "string_type": "must be text: put the value in quotes",
    "path_type": "must be the path of a file or folder",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "tuple_type": "must be a list",
    "dict_type": "must be keys with values",
    "mapping_type": "must be keys with values",
    "model_type": "must be keys with values",
    "model_attributes_type": "must be keys with values",
    "invalid_key": "must be text: put the key in quotes",
    "too_short": "must have at least one entry",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "recursion_loop": "must not contain itself",
}
_DATES = ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact")


@dataclass(frozen=True, slots=True)
class Misfit:
    """A fault at a place of the data; `Fault` once the place is written as a path."""

    place: Place
    message: str


def from_pydantic(error: ValidationError, root: type[BaseModel], data: Any) -> Iterator[Misfit]:
    """Each error of a failed validation; `data` is what was validated."""
    for detail in error.errors(include_url=False):
        place = _place(detail["loc"], data)
        if detail["type"] == "too_short" and detail["input"]:
            continue  # entries are there and each has its own fault
        yield Misfit(*_explain(detail, place, root, data))


def _place(loc: Iterable[str | int], data: Any) -> Place:
    """Where the user wrote it: pydantic's location without the names of union members."""
    steps = tuple(loc)
    place: Place = ()
    for position, step in enumerate(steps):
        last = position == len(steps) - 1
        if step == "[key]" or (isinstance(data, list) and isinstance(step, str)):
            continue
        # Inside a section, a name that is not there is a union's tag, unless it is the last: then
        # it is the key that is missing.
        if isinstance(data, dict) and step not in data and not last:
            continue
        place = (*place, step)
        data = child(data, step)
    return place


def _explain(
    detail: ErrorDetails, place: Place, root: type[BaseModel], data: Any
) -> tuple[Place, str]:
    kind, context, given = detail["type"], detail.get("ctx", {}), detail["input"]
    if kind == "extra_forbidden":
        return place, _unknown_key(place, root, data)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        key = str(context["discriminator"]).strip("'")
        if kind == "union_tag_not_found":
            return (*place, key), "is required"
        words = str(context["expected_tags"]).replace("'", "").split(", ")
        return (*place, key), _choice(words, context["tag"])
    if kind == "literal_error":
        words = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        return place, _choice(words, given)
    if kind == "value_error":
        return place, str(context["error"])
    if kind in _DATES:
        return place, f"must be a date such as 2026-10-01{_given(given)}"
    if kind == "tuple_type" and isinstance(given, str):
        return place, f"must be a list, such as [{given[:40]}]"
    if given is None and kind != "missing":
        return place, "has no value: write one or remove the key"
    sentence = _SENTENCES.get(kind)
    if sentence is None:
        return place, detail["msg"]
    told = "" if kind in ("missing", "too_short") else _given(given)
    limits = {key: f"{limit:g}" for key, limit in context.items() if isinstance(limit, int | float)}
    return place, sentence.format(**limits) + told


def _unknown_key(place: Place, root: type[BaseModel], data: Any) -> str:
    keys = known_keys(root, data, place[:-1])
    hint = did_you_mean(str(place[-1]), keys)
    return "unknown key" + (hint or f"; known here: {', '.join(sorted(keys))}")


def _choice(words: list[str], given: Any) -> str:
    hint = did_you_mean(given, words) if isinstance(given, str) else ""
    return f"must be {one_of(words)}{_given(given)}{hint}"


def _given(value: Any) -> str:
    """`, not 'x'` for a value that is short enough to repeat."""
    if isinstance(value, list | dict | tuple):
        return ", not a list" if isinstance(value, list | tuple) else ", not keys with values"
    written = repr(value)
    return f", not {written}" if len(written) <= 60 else ""
