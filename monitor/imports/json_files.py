"""JSON and JSON lines as lists of objects, with the place of each."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zlib import error as ZlibError

import jmespath
from jmespath.exceptions import JMESPathError

from monitor.errors import UsageError
from monitor.records import Reject
from monitor.tables.encoding import detect_bytes

JSON_SUFFIXES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")

LONGEST_LINE = 4_000_000
"""Characters of one line; a longer one is no review, and may be a file made to fill the memory."""

DEEPEST = 6
"""Levels of objects in which a list of items is looked for."""

SAMPLE = 200
"""Objects whose keys are looked at."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of the file and where it stands."""

    place: str
    value: Mapping[str, Any]


def read_lines(path: Path) -> Iterator[Entry | Reject]:
    """Objects of a JSON lines file, `.gz` or not; a bad line is a reject, a blank one nothing."""
    number = 0
    try:
        with _open_lines(path) as file:
            while line := file.readline(LONGEST_LINE):
                number += 1
                place = f"{path.name}:{number}"
                whole = len(line) < LONGEST_LINE or line.endswith("\n")
                if not whole:
                    _skip_line(file)
                    yield Reject(path.name, "the line is too long", place, line[:200])
                elif line.strip():
                    yield _entry(line, place, path.name)
    except (OSError, EOFError, ZlibError) as error:
        # What was read before stays: a download that broke off loses only its end.
        yield Reject(path.name, f"the file cannot be read on: {error}", f"{path.name}:{number + 1}")


def _entry(line: str, place: str, source: str) -> Entry | Reject:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Reject(source, f"not JSON: {_short(error)}", place, line.strip()[:200])
    if not isinstance(value, dict):
        return Reject(source, "not a JSON object", place, line.strip()[:200])
    return Entry(place, value)


def _skip_line(file: IO[str]) -> None:
    while (part := file.readline(LONGEST_LINE)) and not part.endswith("\n"):
        pass


def _open_lines(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace")
    return path.open(encoding="utf-8-sig", errors="replace")


def read_document(
    path: Path, items: str | None, is_usable: Callable[[list[str]], bool]
) -> Callable[[], Iterator[Entry | Reject]]:
    """Gives the objects of a JSON file: those under `items`, else those of its only likely list.

    `items` is a JMESPath such as `data.comments`. Of several lists the one whose keys `is_usable`
    accepts is taken. Raises `UsageError` where the file is no JSON, or the choice is not clear.
    """
    document = _load(path)
    if document is None:  # several values one after the other: JSON lines under another name
        return lambda: read_lines(path)
    if items is None:
        items = _only_list(path, document, is_usable)
    found = _search(items, document, path) if items else document
    if not isinstance(found, list):
        raise UsageError(f"{path.name}: --items {items} gives no list")
    return lambda: _entries(path, items or "", found)


def _entries(path: Path, items: str, found: list[Any]) -> Iterator[Entry | Reject]:
    for index, value in enumerate(found):
        place = f"{path.name}: {items}[{index}]"
        if isinstance(value, dict):
            yield Entry(place, value)
        else:
            yield Reject(path.name, "not a JSON object", place, str(value)[:200])


def _load(path: Path) -> Any:
    """The document; None when there are several, one a line."""
    raw = path.read_bytes()
    if path.suffix == ".gz":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, ZlibError) as error:
            raise UsageError(f"{path.name} cannot be unpacked: {error}") from error
    text = raw.decode(detect_bytes(raw), "replace").removeprefix("\ufeff")
    try:
        return json.loads(text)
    except RecursionError as error:
        raise UsageError(f"{path.name} is nested too deeply to be a list of texts") from error
    except ValueError as error:
        first_line = text.strip().partition("\n")[0]
        if isinstance(_entry(first_line, "", ""), Entry):
            return None
        raise UsageError(f"{path.name} is not JSON: {_short(error)}") from error


def _search(expression: str, document: Any, path: Path) -> Any:
    try:
        return jmespath.search(expression, document)
    except JMESPathError as error:
        raise UsageError(f"{path.name}: {expression!r} is no JMESPath: {_short(error)}") from error


def _only_list(path: Path, document: Any, is_usable: Callable[[list[str]], bool]) -> str:
    if isinstance(document, list):
        return ""
    lists = dict(_lists(document))
    if len(lists) > 1:
        usable = [p for p, values in lists.items() if is_usable(paths_of(values))]
        lists = {p: lists[p] for p in usable} or lists
    if len(lists) == 1:
        return next(iter(lists))
    if not lists:
        raise UsageError(f"{path.name} holds no list of objects")
    names = ", ".join(f"{p} ({len(values)})" for p, values in lists.items())
    raise UsageError(
        f"{path.name} holds several lists of objects: {names}; choose one with --items PATH"
    )


def _lists(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Path and values of the lists of objects, not looking into their objects."""
    if not isinstance(value, dict) or depth == DEEPEST:
        return
    for key, inner in value.items():
        inner_path = f"{path}.{_quoted(key)}" if path else _quoted(key)
        if isinstance(inner, list):
            if sum(isinstance(one, dict) for one in inner) * 2 > len(inner):
                yield inner_path, inner
        else:
            yield from _lists(inner, inner_path, depth + 1)


def paths_of(values: list[Any]) -> list[str]:
    """JMESPath paths of the simple values in the first objects, in the order they appear."""
    found: dict[str, None] = {}
    for value in values[:SAMPLE]:
        found.update(dict.fromkeys(_paths(value)))
    return list(found)


def _paths(value: Any, path: str = "", depth: int = 0) -> Iterator[str]:
    if not isinstance(value, dict) or depth == DEEPEST:
        return
    for key, inner in value.items():
        inner_path = f"{path}.{_quoted(key)}" if path else _quoted(key)
        if isinstance(inner, dict):
            yield from _paths(inner, inner_path, depth + 1)
        elif isinstance(inner, list):
            if inner:
                yield from _paths(inner[0], f"{inner_path}[0]", depth + 1)
        else:
            yield inner_path


def _quoted(key: str) -> str:
    return key if _IDENTIFIER.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:150] if str(error) else type(error).__name__
