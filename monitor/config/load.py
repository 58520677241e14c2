"""Reading the configuration: `load` gives valid settings, or every fault of the file at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from monitor.config import environment, shape
from monitor.config.document import Document, Place, parse, read_text
from monitor.config.faults import Misfit, from_pydantic
from monitor.config.references import check_references
from monitor.config.settings import Settings
from monitor.config.values import Secret
from monitor.config.words import dotted
from monitor.errors import ConfigError, Fault

DEFAULT_FILE = "config.yaml"


def load(path: Path | str | None = None, *, secrets: bool = True) -> Settings:
    """The settings of a file, overridden by the environment.

    Without a path: the file that MONITOR_CONFIG names, else config.yaml in the working folder.
    Raises `ConfigError` with every fault found. `secrets=False` skips whether the secrets that it
    refers to are there, for commands that send nothing.
    """
    chosen = Path(path or os.environ.get(environment.CONFIG_VARIABLE) or DEFAULT_FILE)
    return load_text(read_text(chosen), chosen, secrets=secrets)


def load_text(text: str, path: Path, *, secrets: bool = True) -> Settings:
    """The settings of a text that stands, or is about to stand, in a file; see `load`."""
    document = parse(text, str(path))
    overrides = environment.overrides()
    data = environment.merged(document.data, overrides)
    path = path.absolute()
    settings, misfits = _validate(data)
    misfits += check_references(data)
    if secrets:
        misfits += _missing_secrets(data, path.parent)
    faults = [*document.faults, *_faults(misfits, document, overrides)]
    faults += environment.unknown_variables(_secret_variables(data))
    if settings is None or faults:
        raise ConfigError(str(path), faults)
    settings._path = path
    _bind(settings, path.parent)
    return settings


def check(settings: Settings) -> list[Fault]:
    """What is missing on this machine for valid settings: a fault for each unreadable secret."""
    return [
        Fault(dotted(misfit.place), misfit.message)
        for misfit in _missing_secrets(settings.model_dump(mode="json"), settings.folder)
    ]


def _validate(data: dict[str, Any]) -> tuple[Settings | None, list[Misfit]]:
    try:
        return Settings(**data), []
    except ValidationError as error:
        return None, list(from_pydantic(error, Settings, data))


def _missing_secrets(data: dict[str, Any], folder: Path) -> Iterator[Misfit]:
    for place, reference in shape.secrets(Settings, data):
        try:
            secret = Secret(reference, folder)
        except ValueError:
            continue  # no reference at all: validation says so
        try:
            secret.reveal()
        except ValueError as error:
            yield Misfit(place, str(error))


def _secret_variables(data: dict[str, Any]) -> set[str]:
    """Environment variables that the configuration refers to."""
    references = [reference for _, reference in shape.secrets(Settings, data)]
    return {one.removeprefix("env:") for one in references if one.startswith("env:")}


def _faults(
    misfits: Iterable[Misfit], document: Document, overrides: dict[str, Any]
) -> list[Fault]:
    """Faults in the order of the file, each with its line or the variable it comes from."""
    placed: list[tuple[int, Fault]] = []
    for misfit in misfits:
        line = document.line_of(misfit.place)
        variable = _variable_for(misfit.place, overrides)
        if variable is not None:
            line, origin = 0, f" (from {variable})"
        else:
            origin = "" if line is None or not misfit.place else f" (line {line})"
        placed.append((line or 0, Fault(dotted(misfit.place), misfit.message + origin)))
    return [fault for _, fault in sorted(placed, key=lambda pair: pair[0])]


def _variable_for(place: Place, overrides: dict[str, Any]) -> str | None:
    """The variable that set the value at fault, or None when it stands in the file."""
    value: Any = overrides
    for depth, step in enumerate(place):
        if not isinstance(value, dict):
            return environment.variable_of(place[:depth])
        if step not in value:
            return None
        value = value[step]
    return None if isinstance(value, dict) else environment.variable_of(place)


def _bind(value: Any, folder: Path) -> None:
    """Lets every secret read its file relative to the configuration's folder."""
    if isinstance(value, Secret):
        value.folder = folder
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            _bind(getattr(value, name), folder)
    elif isinstance(value, tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            _bind(item, folder)
