"""Overrides from the environment: `MONITOR_STORE`, `MONITOR_DIGEST__SMTP__HOST` and so on.

pydantic-settings finds and decodes them. It silently ignores a name that fits nothing, so names
are checked here: a misspelt variable is a fault, not a setting that does not work.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

from monitor.config.document import Place
from monitor.config.settings import Settings
from monitor.config.shape import known_keys, parts
from monitor.config.values import Secret
from monitor.config.words import did_you_mean
from monitor.errors import Fault

CONFIG_VARIABLE = "MONITOR_CONFIG"
"""Names the configuration file when the command line does not."""

_PREFIX = "MONITOR_"
_DELIMITER = "__"


def place_of(variable: str) -> Place:
    """Where a variable's value goes: `MONITOR_DIGEST__ARCHIVE` to `("digest", "archive")`."""
    return tuple(variable[len(_PREFIX) :].lower().split(_DELIMITER))


def variable_of(place: Place) -> str:
    """The variable that overrides a place."""
    return _PREFIX + _DELIMITER.join(str(step).upper() for step in place)


def unknown_variables(referenced: Collection[str]) -> Iterator[Fault]:
    """A fault for each `MONITOR_*` that is no setting; `referenced` ones hold secrets."""
    for name in sorted(os.environ):
        if not name.startswith(_PREFIX) or name == CONFIG_VARIABLE or name in referenced:
            continue
        if not _is_setting(place_of(name)):
            hint = did_you_mean(name, [CONFIG_VARIABLE, *_variables(())])
            yield Fault(name, f"unknown environment variable{hint or ': unset it'}")


def overrides() -> dict[str, Any]:
    """What the environment sets, nested as in the file; values that need it are read as JSON."""
    return _KnownVariables(Settings)()


class _KnownVariables(EnvSettingsSource):
    """The environment without unknown names; a value that is no JSON is left to validation."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        known = {name for name in os.environ if _is_setting(place_of(name))}
        values: dict[str, str | None] = {}
        for name, value in super()._load_env_vars().items():
            variable = name.upper()
            if variable in known and variable.startswith(_PREFIX):
                is_secret = _is_secret(place_of(variable))
                is_reference = str(value).startswith(("env:", "file:"))
                # A secret in the environment is already where it should be: refer to it there.
                values[name] = f"env:{variable}" if is_secret and not is_reference else value
        return values

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def merged(file: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The file's data with the environment's on top, key by key; lists are replaced whole."""
    result = dict(file)
    for key, value in over.items():
        below = result.get(key)
        if isinstance(below, str) and key == "model":  # the short form of `model: {name: ...}`
            below = {"name": below}
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            result[key] = merged(below, value)
        else:
            result[key] = value
    return result


def _is_setting(place: Place) -> bool:
    return bool(place) and place[-1] in known_keys(Settings, None, place[:-1])


def _is_secret(place: Place) -> bool:
    annotation: Any = Settings
    for step in place:
        fields = getattr(annotation, "model_fields", {})
        if step not in fields:
            return False
        annotation = fields[step].annotation
        if Secret in parts(annotation):
            return True
    return False


def _variables(place: Place) -> Iterator[str]:
    for key in known_keys(Settings, None, place):
        yield variable_of((*place, key))
        yield from _variables((*place, key))
