"""What would be left out, and why, for a person or for a script."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.cli.common import console, print_table
from monitor.records import Reject


def left_out_as_dicts(left_out: Sequence[Reject]) -> list[dict[str, str]]:
    """Cause, place and the beginning of each."""
    return [{"cause": r.cause, "place": r.place, "text": r.excerpt} for r in left_out]


def print_left_out(title: str, left_out: Sequence[Reject], limit: int) -> None:
    """A table of the first ones, and how many more there are; nothing where none is."""
    if not left_out:
        return
    rows = [(r.cause, r.excerpt[:90] or None, r.place) for r in left_out[:limit]]
    print_table(f"{title}: {len(left_out)}", ("why", "text", "place"), rows)
    if len(left_out) > limit:
        console.print(f"... and {len(left_out) - limit} more")
