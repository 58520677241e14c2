"""Faults that lie between parts of the configuration: names that fit nothing, doubles, options.

The rules look at plain data, not at validated settings, so that they also speak when something
else is wrong: every fault is reported at once. What has the wrong type is skipped here, because
validation reports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from monitor.config.document import Place
from monitor.config.faults import Misfit
from monitor.config.options import option_faults, secret_faults
from monitor.config.placeholders import use_faults
from monitor.config.shape import child
from monitor.config.words import did_you_mean
from monitor.kinds import SOURCE_KINDS

Data = Mapping[str, Any]


def check_references(data: Data) -> Iterator[Misfit]:
    """Every fault between the parts of a configuration given as plain data."""
    for rule in _RULES:
        yield from rule(data)


def _rows(data: Any, *place: str | int) -> Iterator[tuple[Place, Data]]:
    """The sections in a list, with their places."""
    for step in place:
        data = child(data, step)
    for index, row in enumerate(data if isinstance(data, list) else ()):
        if isinstance(row, Mapping):
            yield (*place, index), row


def _names(data: Data, *place: str) -> list[str]:
    return [row["name"] for _, row in _rows(data, *place) if isinstance(row.get("name"), str)]


def _doubles(data: Data) -> Iterator[Misfit]:
    lists: list[Place] = [
        ("brands",), ("sources",), ("surveys",), ("alerts", "channels"), ("alerts", "rules"),
    ]  # fmt: skip
    lists += [(*place, "waves") for place, _ in _rows(data, "surveys")]
    for where in lists:
        first: dict[str, Place] = {}
        for place, row in _rows(data, *where):
            name = row.get("name")
            if not isinstance(name, str):
                continue
            if name in first:
                position = first[name][-1]
                yield Misfit((*place, "name"), f"{name!r} is taken by {where[-1]}[{position}]")
            first.setdefault(name, place)


def _own_brand(data: Data) -> Iterator[Misfit]:
    roles = [row.get("role") for _, row in _rows(data, "brands")]
    if roles and "own" not in roles:
        yield Misfit(("brands",), "none is your own: give one `role: own`")


def _known_brands(data: Data) -> Iterator[Misfit]:
    brands = _names(data, "brands")
    for where in (("sources",), ("surveys",), ("digest", "recipients")):
        for place, row in _rows(data, *where):
            yield from _unknown("brand", row.get("brand"), (*place, "brand"), brands)
    for place, row in _rows(data, "alerts", "rules"):
        yield from _unknown_in("brand", row, "brands", place, brands)
        yield from _unknown_in("source", row, "sources", place, _names(data, "sources"))


def _known_channels(data: Data) -> Iterator[Misfit]:
    channels = _names(data, "alerts", "channels")
    for place, row in _rows(data, "alerts", "rules"):
        yield from _unknown_in("channel", row, "to", place, channels)
    operator = data.get("operator")
    if isinstance(operator, Mapping):
        yield from _unknown_in("channel", operator, "channels", ("operator",), channels)


def _source_kinds(data: Data) -> Iterator[Misfit]:
    for place, row in _rows(data, "sources"):
        name = row.get("kind")
        if not isinstance(name, str):
            continue
        kind = SOURCE_KINDS.get(name)
        if kind is None:
            hint = did_you_mean(name, SOURCE_KINDS)
            known = hint or f"; known: {', '.join(SOURCE_KINDS)}"
            yield Misfit((*place, "kind"), f"unknown kind {name!r}{known}")
            continue
        if kind.takes_url and row.get("url") is None:
            yield Misfit((*place, "url"), f"is required, such as {kind.example_url}")
        if not kind.takes_url and row.get("url") is not None:
            yield Misfit((*place, "url"), f"remove it: the kind {name} reads files")
        options, secrets = row.get("options") or {}, row.get("secrets") or {}
        query = parse_qs(str(row.get("url")).partition("?")[2])
        own = secrets if isinstance(secrets, Mapping) and kind.any_secret else {}
        for name in sorted({*kind.secrets, *map(str, own)} & query.keys()):
            # The address is shown and stored; what it holds must not be repeated here.
            yield Misfit((*place, "url"), f"must not hold the secret {name}: see `secrets`")
        if isinstance(options, Mapping):
            for key, message in option_faults(kind, options):
                yield Misfit((*place, "options", *key.split(".", 1)), message)
        if isinstance(secrets, Mapping):
            for key, message in secret_faults(kind, secrets):
                yield Misfit((*place, "secrets", key), message)
        if isinstance(options, Mapping) and isinstance(secrets, Mapping):
            for key, message in use_faults(kind, options, secrets):
                yield Misfit((*place, *key.split(".", 2)), message)


def _overlapping_waves(data: Data) -> Iterator[Misfit]:
    for survey, _ in _rows(data, "surveys"):
        earlier: list[tuple[Any, date, date]] = []
        for place, wave in _rows(data, *survey, "waves"):
            start, end = wave.get("starts_on"), wave.get("ends_on")
            if not (isinstance(start, date) and isinstance(end, date)):
                continue
            for name, since, until in earlier:
                if since <= end and start <= until:
                    yield Misfit((*place, "starts_on"), f"overlaps the wave {name!r}")
            earlier.append((wave.get("name"), start, end))


def _unknown_in(what: str, row: Data, key: str, place: Place, known: list[str]) -> Iterator[Misfit]:
    names = row.get(key)
    for index, name in enumerate(names if isinstance(names, list) else ()):
        yield from _unknown(what, name, (*place, key, index), known)


def _unknown(what: str, name: Any, place: Place, known: list[str]) -> Iterator[Misfit]:
    if isinstance(name, str) and name not in known:
        hint = did_you_mean(name, known) or f"; configured: {', '.join(known) or 'none'}"
        yield Misfit(place, f"unknown {what} {name!r}{hint}")


_RULES: tuple[Callable[[Data], Iterator[Misfit]], ...] = (
    _doubles,
    _own_brand,
    _known_brands,
    _known_channels,
    _source_kinds,
    _overlapping_waves,
)
