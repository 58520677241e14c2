"""JSON answers of web APIs: read safely, their fields taken only in the type they should have."""

from __future__ import annotations

import json
from typing import Any

Node = dict[str, Any]


class NotJson(ValueError):
    """The answer is not JSON; the message says what it is instead."""


def json_answer(body: bytes) -> Any:
    """The document in a body, in any Unicode encoding. Raises NotJson, and nothing else."""
    if not body.strip():
        raise NotJson("the answer is empty")
    try:
        # Control characters inside of texts are forbidden by the standard and sent all the same.
        return json.loads(body, strict=False)
    except (ValueError, RecursionError) as error:
        start = body[:300].lstrip().lower()
        if start.startswith(b"<"):
            raise NotJson("not JSON but a page") from error
        raise NotJson(f"broken JSON ({error})"[:200]) from error


def nodes(value: Any) -> list[Node]:
    """The objects of a list; [] for anything that is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def node(value: Any) -> Node:
    """The object itself; {} for anything else."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str | None:
    """A text or number as a text without blanks around it; None for what is empty or neither."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def counts(**numbers: Any) -> dict[str, int]:
    """The numbers that are whole and above 0, under their names: what `RawItem.reach` takes."""
    return {
        name: value
        for name, value in numbers.items()
        if isinstance(value, int) and not isinstance(value, bool) and value > 0
    }


def start_of(body: bytes) -> str:
    """The first characters of a body, for `Reject.excerpt`."""
    return body[:300].decode("utf-8", "replace")
