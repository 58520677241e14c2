"""What is wrong with the `options` and `secrets` of a source, judged by its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from monitor.config.expressions import check_expression, check_pattern, check_selector
from monitor.config.placeholders import header_fault, literal_fault
from monitor.config.values import http_url
from monitor.config.words import did_you_mean, one_of
from monitor.kinds import COMMON_OPTIONS, Kind, Option


def option_faults(kind: Kind, options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Key and message of each option that the kind does not know, cannot use or misses."""
    taken = {**kind.options, **COMMON_OPTIONS}
    for key, given in options.items():
        option = taken.get(key)
        if option is None:
            hint = did_you_mean(str(key), taken) or f"; known: {', '.join(taken)}"
            yield str(key), f"unknown option of the kind {kind.name}{hint}"
        elif option.value == "mapping":
            yield from _mapping_faults(key, option, given)
        elif not _fits(option, given):
            yield key, f"must be {_wanted(option)}: {option.help}"
    for key, option in kind.options.items():
        if option.required and key not in options:
            yield key, f"is required by the kind {kind.name}: {option.help}"


def secret_faults(kind: Kind, secrets: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and message of each secret that the kind does not know or misses."""
    for name in secrets:
        if name not in kind.secrets and not kind.any_secret:
            known = f"; known: {', '.join(kind.secrets)}" if kind.secrets else "; it has none"
            hint = did_you_mean(str(name), kind.secrets) or known
            yield str(name), f"unknown secret of the kind {kind.name}{hint}"
    for name, need in kind.secrets.items():
        if need.required and name not in secrets:
            yield name, f"is required by the kind {kind.name}, as env:NAME or file:PATH: {need}"
    if kind.secret_sets and not any(set(one) <= set(secrets) for one in kind.secret_sets):
        begun = next((one for one in kind.secret_sets if set(one) & set(secrets)), None)
        name = next(one for one in begun or kind.secret_sets[0] if one not in secrets)
        sets = one_of(", ".join(one) for one in kind.secret_sets)
        yield name, f"is missing: the kind {kind.name} needs {sets}, as env:NAME or file:PATH"


_WANTED = {
    "text": "text",
    "number": "a whole number above 0",
    "flag": "true or false",
    "list": "a list of texts",
    "address": "an address with http:// or https://",
    "pattern": "a regular expression",
    "selector": "a CSS selector or an XPath",
    "expression": "a JMESPath expression",
    "header": "text",
    "parameter": "text",
}
_KEYED: Mapping[str, Callable[[str, Any], str | None]] = {
    "header": header_fault,
    "parameter": literal_fault,
}
"""What may be wrong with a key and its value together, by what a mapping is of."""
_CHECKS: Mapping[str, Callable[[str], Any]] = {
    "address": http_url,
    "pattern": check_pattern,
    "selector": check_selector,
    "expression": check_expression,
}


def _mapping_faults(name: str, option: Option, given: Any) -> Iterator[tuple[str, str]]:
    """Faults of an option whose value is keys with texts, each under its own key."""
    if not isinstance(given, Mapping) or not given:
        yield name, f"must be keys with {_WANTED[option.of]} each: {option.help}"
        return
    check, keyed = _CHECKS.get(option.of), _KEYED.get(option.of)
    for key, value in given.items():
        if option.keys and not _is_key(str(key), option.keys):
            names = [one for one in option.keys if not one.endswith(".")]
            groups = [f"{one}NAME" for one in option.keys if one.endswith(".")]
            hint = did_you_mean(str(key), names) or f"; known: {', '.join([*names, *groups])}"
            yield f"{name}.{key}", f"unknown key{hint}"
        elif check and not _passes(check, value):
            yield f"{name}.{key}", f"must be {_WANTED[option.of]}"
        elif isinstance(value, list | Mapping) or value is None:
            yield f"{name}.{key}", "must be text or a number"
        elif keyed and (fault := keyed(str(key), value)):
            yield f"{name}.{key}", fault


def _is_key(key: str, keys: tuple[str, ...]) -> bool:
    return key in keys or any(
        one.endswith(".") and key.startswith(one) and len(key) > len(one) for one in keys
    )


def _wanted(option: Option) -> str:
    return one_of(option.choices) if option.choices else _WANTED[option.value]


def _fits(option: Option, given: Any) -> bool:
    if option.value == "number":
        return isinstance(given, int) and not isinstance(given, bool) and given > 0
    if option.value == "flag":
        return isinstance(given, bool)
    if option.value == "list":
        return isinstance(given, list) and all(isinstance(one, str) for one in given)
    is_usable = _passes(_CHECKS.get(option.value, str), given)
    return is_usable and (not option.choices or given in option.choices)


def _passes(check: Callable[[str], Any], given: Any) -> bool:
    if not isinstance(given, str) or not given.strip():
        return False
    try:
        check(given)
    except ValueError:
        return False
    return True
