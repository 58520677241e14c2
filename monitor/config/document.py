"""A YAML file as data, with the line of every key and every fault of its form.

ruamel.yaml reads YAML 1.2: `no` and `07:30` stay text, where YAML 1.1 makes False and 450 of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode
from ruamel.yaml.reader import ReaderError

from monitor.config.words import dotted
from monitor.errors import ConfigError, Fault

Place = tuple[str | int, ...]
"""Keys and positions that lead to a value: `("sources", 2, "url")`."""

_MERGE = "<<"


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a YAML file; `faults` are keys that stand twice."""

    data: dict[str, Any]
    lines: dict[Place, int]
    faults: tuple[Fault, ...]

    def line_of(self, place: Place) -> int | None:
        """Line (from 1) of a value, or of the nearest part of the file that would hold it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)


def read_text(path: Path) -> str:
    """The file's text, line ends as they are. Raises `ConfigError` that says what to do."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        advice = "there is no such file: `monitor init` writes one to start from"
    except IsADirectoryError:
        advice = f"is a folder: name the file in it, such as {path / 'config.yaml'}"
    except UnicodeDecodeError as error:
        advice = f"must be UTF-8 text: byte {error.start} is not"
    except OSError as error:
        advice = f"cannot be read: {error.strerror}"
    raise ConfigError(str(path), [Fault("", advice)])


def parse(text: str, file: str) -> Document:
    """The document in a text. Raises `ConfigError` with line and column where it is not YAML."""
    try:
        root = _yaml().compose(text)
        data = _yaml().load(text)
    except YAMLError as error:
        raise ConfigError(file, [Fault("", _syntax_message(error))]) from error
    if root is None or data is None:
        advice = "is empty: `monitor init` in another folder writes an example to copy from"
        raise ConfigError(file, [Fault("", advice)])
    if not isinstance(data, dict):
        advice = "must be keys with values, such as `store: monitor.db`"
        raise ConfigError(file, [Fault("", advice)])
    lines: dict[Place, int] = {}
    faults = tuple(_walk(root, (), lines, set()))
    return Document({str(key): value for key, value in data.items()}, lines, faults)


def _yaml() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_duplicate_keys = True  # reported by `_walk`, all of them and with their places
    return yaml


def _syntax_message(error: YAMLError) -> str:
    if isinstance(error, ReaderError):
        return f"is not YAML: it holds the unprintable character #x{ord(str(error.character)):04x}"
    mark = getattr(error, "problem_mark", None)
    if not isinstance(error, MarkedYAMLError) or mark is None:
        return f"is not YAML: {' '.join(str(error).split())}"
    problem = error.problem or error.context or "something is missing"
    if "\\t" in problem:
        problem = "indent with spaces, not tabs"
    problem = problem.replace("'<stream end>'", "the end of the file")
    return f"is not YAML: line {mark.line + 1}, column {mark.column + 1}: {problem}"


def _walk(node: Node, place: Place, lines: dict[Place, int], seen: set[int]) -> Iterator[Fault]:
    """Notes the line of every value below a node and yields the keys that stand twice."""
    lines.setdefault(place, node.start_mark.line + 1)
    if id(node) in seen:  # an alias: walked where it is anchored
        return
    seen.add(id(node))
    if isinstance(node, SequenceNode):
        for index, child in enumerate(node.value):
            yield from _walk(child, (*place, index), lines, seen)
    elif isinstance(node, MappingNode):
        first_lines: dict[str, int] = {}
        for key, child in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            below = (*place, name)
            if name in first_lines and name != _MERGE:
                yield Fault(dotted(below), f"stands twice, in lines {first_lines[name]} and {line}")
            first_lines.setdefault(name, line)
            lines.setdefault(below, line)
            yield from _walk(child, below, lines, seen)
