"""Changing config.yaml for the user: `monitor init` and `monitor add`.

A new entry is put into the text where it belongs and nothing else in the file changes, not a
comment, not a blank line: ruamel.yaml says where the list stands in the text and writes the entry.
(Its own round trip moves the comment above the next section to behind the list's last entry.) The
result is checked before it replaces the file, which happens in one step.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from monitor.config.document import parse, read_text
from monitor.config.load import DEFAULT_FILE, load_text
from monitor.config.settings import Settings
from monitor.errors import ConfigError, Fault, UsageError

_SCHEMA_IN_REPOSITORY = "$schema=monitor/config.schema.json"


def starter(folder: Path) -> Path:
    """Writes the commented starter file into a folder, made if need be, and gives its path.

    Raises `UsageError` when there is a config.yaml already, or the folder cannot be written.
    """
    package = resources.files("monitor")
    text = package.joinpath("starter.yaml").read_text(encoding="utf-8")
    # Editors find the schema where this package is installed.
    schema = f"$schema={package.joinpath('config.schema.json')}"
    target = folder / DEFAULT_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text.replace(_SCHEMA_IN_REPOSITORY, schema, 1))
    except FileExistsError:
        raise UsageError(f"{target} is there already: edit it, or name another folder") from None
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}") from error
    return target


def add_source(path: Path, source: Mapping[str, Any]) -> Settings:
    """Appends a source (its keys as in the file) and gives the new settings.

    Raises `ConfigError` with every fault, and leaves the file untouched, when the result would not
    be valid. Secrets need not be set yet.
    """
    return _append(path, ("sources",), source)


def add_channel(path: Path, channel: Mapping[str, Any]) -> Settings:
    """Appends an alert channel, `{"name": ..., "url": "env:NAME"}`; see `add_source`."""
    return _append(path, ("alerts", "channels"), channel)


def _append(path: Path, place: Sequence[str], entry: Mapping[str, Any]) -> Settings:
    before = read_text(path)
    after = _with_entry(before, place, entry, str(path))
    settings = load_text(after, path, secrets=False)
    try:
        _replace(path, after)
    except OSError as error:
        advice = f"cannot be written: {error.strerror}"
        raise ConfigError(str(path), [Fault("", advice)]) from error
    return settings


def _with_entry(text: str, place: Sequence[str], entry: Mapping[str, Any], file: str) -> str:
    """The text with an entry more at the end of the list at a place."""
    wanted = _added(parse(text, file).data, place, entry)
    newline = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    node = YAML(typ="safe", pure=True).compose(plain)
    after = _insert(plain, node, place, entry).replace("\n", newline)
    # The text around the list may be shaped in a way that was not thought of: never trust it.
    with contextlib.suppress(ConfigError):
        if parse(after, file).data == wanted:
            return after
    advice = f"cannot be extended safely at {'.'.join(place)}: add the entry by hand"
    raise ConfigError(file, [Fault("", advice)])


def _added(data: dict[str, Any], place: Sequence[str], entry: Mapping[str, Any]) -> dict[str, Any]:
    """The data as it must read afterwards."""
    key, *rest = place
    below = data.get(key)
    if rest:
        changed: Any = _added(below if isinstance(below, dict) else {}, rest, entry)
    else:
        changed = [*(below if isinstance(below, list) else []), dict(entry)]
    return {**data, key: changed}


def _insert(text: str, node: Node, place: Sequence[str], entry: Mapping[str, Any]) -> str:
    """Finds the list, or the nearest part of the file that has to be made, and writes there.

    Gives the text unchanged where a value is of another type than it must be.
    """
    name, *rest = place
    if not isinstance(node, MappingNode):
        return text
    found = next(((key, value) for key, value in node.value if key.value == name), None)
    if found is None:
        return _new_key(text, node, _nested(place, entry))
    key, value = found
    if _is_empty(value):
        return _in_place_of(text, node, key, value, _nested(rest, entry))
    if rest:
        return _insert(text, value, rest, entry)
    return _after_last(text, value, entry)


def _nested(place: Sequence[str], entry: Mapping[str, Any]) -> Any:
    """The list with the entry, below the keys that lead to it."""
    value: Any = [dict(entry)]
    for name in reversed(place):
        value = {name: value}
    return value


def _is_empty(node: Node) -> bool:
    """`[]`, `{}`, `null` or nothing at all."""
    if isinstance(node, ScalarNode):
        return str(node.tag) == "tag:yaml.org,2002:null"
    return not node.value


def _new_key(text: str, section: MappingNode, value: Any) -> str:
    """Puts a key into a section that has others: at the end of the file, else as the first."""
    start: int = section.start_mark.index
    column: int = section.start_mark.column
    if section.flow_style:
        return f"{text[: start + 1]}{_flow(value)[1:-1]}, {text[start + 1 :]}"
    if column == 0:
        return text.rstrip("\n") + "\n\n" + _block(value, 0) + "\n"
    return text[:start] + _block(value, column).lstrip() + "\n" + " " * column + text[start:]


def _in_place_of(text: str, section: MappingNode, key: Node, empty: Node, value: Any) -> str:
    """Puts a value where there is none; a comment behind stays in its line."""
    start, end = empty.start_mark.index, empty.end_mark.index
    if start == end:  # nothing is written: the marks are at whatever comes next
        start = end = text.index(":", key.end_mark.index) + 1
    if section.flow_style:
        return text[:start] + " " * (text[start - 1] == ":") + _flow(value) + text[end:]
    line_end = _line_end(text, end)
    comment = text[end:line_end].strip()
    head = text[:start].rstrip(" ") + (f" {comment}" if comment else "")
    return f"{head}\n{_block(value, key.start_mark.column + 2)}{text[line_end:] or chr(10)}"


def _after_last(text: str, sequence: Node, entry: Mapping[str, Any]) -> str:
    """Puts the entry behind the last one of a list, written as the list is written."""
    if not isinstance(sequence, SequenceNode):
        return text
    end = _content_end(text, sequence.value[-1])
    if sequence.flow_style:
        return f"{text[:end]}, {_flow(dict(entry))}{text[end:]}"
    line_end = _line_end(text, end)
    block = _block([dict(entry)], sequence.start_mark.column)
    return f"{text[:line_end]}\n{block}{text[line_end:] or chr(10)}"


def _content_end(text: str, node: Node, key: Node | None = None) -> int:
    """Where the last sign of a value stands, without the comments that follow it."""
    if isinstance(node, MappingNode) and node.value and not node.flow_style:
        last_key, last = node.value[-1]
        return _content_end(text, last, last_key)
    if isinstance(node, SequenceNode) and node.value and not node.flow_style:
        return _content_end(text, node.value[-1])
    end = node.end_mark.index
    if key is not None and node.start_mark.index == end:
        end = text.index(":", key.end_mark.index) + 1
    return len(text[:end].rstrip())


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def _block(value: Any, column: int) -> str:
    """A value in lines that start at a column, without the last line end."""
    yaml = YAML(pure=True)
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 4096  # an address is not broken in two
    stream = io.StringIO()
    yaml.dump({"x": value}, stream)
    lines = stream.getvalue().splitlines()[1:]
    return "\n".join(" " * column + line[2:] for line in lines)


def _flow(value: Any) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = True
    yaml.width = 4096
    stream = io.StringIO()
    yaml.dump(value, stream)
    return stream.getvalue().strip()


def _replace(path: Path, text: str) -> None:
    """Replaces the file in one step, with its rights kept; a reader sees the old or the new one."""
    target = path.resolve()  # behind a link, the file itself is replaced
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(target.stat().st_mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
