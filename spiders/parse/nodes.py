"""Schema.org nodes of a page in one form, whether they came as JSON-LD or as microdata.

A node is a dict: `@type` (list of short names such as "Review"), `@id` where there is one, and
its properties. A reference (`{"@id": ...}`) is looked up in the page's index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]

_LAST_SEGMENT = re.compile(r"[^/#:]+$")
_MAX_PROPERTIES = 200
_MAX_NODES = 100_000
"""A page with more is not a page with reviews but an attempt to keep us busy."""


def types_of(node: Node) -> list[str]:
    """Short names of the node's types: "http://schema.org/Review" and "schema:Review" alike."""
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    found = [_LAST_SEGMENT.search(name.strip()) for name in names if isinstance(name, str)]
    return [match.group(0) for match in found if match]


def from_microdata(item: Any) -> Any:
    """An extruct microdata item, and everything inside it, as nodes."""
    if isinstance(item, list):
        return [from_microdata(value) for value in item]
    if not isinstance(item, dict):
        return item
    if "properties" not in item:
        return item.get("value", "")
    node: Node = {name: from_microdata(value) for name, value in item["properties"].items()}
    if "type" in item:
        node["@type"] = item["type"]
    if "id" in item:
        node["@id"] = item["id"]
    return node


def walk(roots: list[Any]) -> Iterator[tuple[Node, Node | None, str]]:
    """Every node once, in document order, with the node and the property that it hangs on."""
    stack: list[tuple[Any, Node | None, str]] = [(root, None, "") for root in reversed(roots)]
    seen: set[int] = set()
    while stack and len(seen) < _MAX_NODES:
        value, parent, name = stack.pop()
        if isinstance(value, list):
            stack.extend((part, parent, name) for part in reversed(value))
        elif isinstance(value, dict) and id(value) not in seen:
            seen.add(id(value))
            yield value, parent, name
            stack.extend((child, value, key) for key, child in reversed(value.items()))


def index_by_id(roots: list[Any]) -> dict[str, Node]:
    """`@id` -> node, for nodes that say more than their id; the parts of one node are joined."""
    index: dict[str, Node] = {}
    for node, _, _ in walk(roots):
        identifier = node.get("@id")
        if isinstance(identifier, str) and len(node) > 1:
            known = index.get(identifier)
            if known is None:
                index[identifier] = node
            elif len(known) < _MAX_PROPERTIES:
                index[identifier] = {**node, **known}
    return index


def resolved(value: Any, index: dict[str, Node]) -> Any:
    """The node that a reference means; anything else unchanged.

    A reference may carry a type or a name beside the id; what it says itself wins.
    """
    if isinstance(value, dict) and isinstance(value.get("@id"), str):
        known = index.get(value["@id"])
        if known is not None and known is not value:
            return {**known, **value}
    return value


def first(value: Any) -> Any:
    """The first of a list, the value itself otherwise; None for an empty list."""
    while isinstance(value, list):
        value = value[0] if value else None
    return value


def text_of(value: Any) -> str | None:
    """The text of a literal: a string, a number, `{"@value": ...}`; None for nodes and nothing."""
    value = first(value)
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return None
    return str(value).strip() or None


def nodes_in(value: Any, index: dict[str, Node]) -> list[Node]:
    """The nodes that a property holds, one or many, references looked up."""
    values = value if isinstance(value, list) else [value]
    return [node for node in (resolved(part, index) for part in values) if isinstance(node, dict)]
