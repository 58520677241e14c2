"""`monitor collect --dry-run`: what each source would give now; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.cli.common import print_json, print_table
from monitor.cli.left_out import left_out_as_dicts, print_left_out
from monitor.records import Reject
from monitor.runtime import Runtime

_COLUMNS = ("source", "state", "items", "rejects", "left_out", "first")
_MOST_SHOWN = 10
"""Left-out items of a source in the table; `--json` has all."""


def show_dry_run(opened: Runtime, sources: Sequence[str], json_out: bool) -> None:
    """Fetches and shows what a collection would keep, reject and leave out."""
    from monitor.collect import preview

    shown: list[dict[str, Any]] = []
    unwanted: dict[str, Sequence[Reject]] = {}
    for target in opened.targets(sources):
        found = preview(target, opened.crawl_settings)
        first = next((item.title or item.text for item in found.items), "")
        unwanted[target.stored.name] = found.left_out
        shown.append(
            {
                "source": target.stored.name,
                "state": found.state,
                "items": len(found.items),
                "rejects": len(found.rejects),
                "left_out": len(found.left_out),
                "left_out_items": left_out_as_dicts(found.left_out),
                "first": " ".join(first.split())[:80],
            }
        )
    if json_out:
        print_json(shown)
        return
    rows = [[row[column] for column in _COLUMNS] for row in shown]
    print_table("Dry run: nothing was stored", _COLUMNS, rows, "no sources")
    for source, left_out in unwanted.items():
        print_left_out(f"Left out of {source}", left_out, _MOST_SHOWN)
