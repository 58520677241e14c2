"""The one table as text for people and as JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tests.recordings.overview import Line, Overview
from tests.recordings.robots import print_robots


def print_overview(found: Overview, is_long: bool = False) -> None:
    """Prints a row a spider and folder, then what stands in no row, then the robots.txt files."""
    print(f"{'spider':<15} {'recordings':<18} {'files':>5} {'expected':>8} {'stored':>6}  verdict")
    for (spider, folder), group in groupby(found.lines, lambda line: (line.spider, line.folder)):
        _print_group(spider, folder, list(group), is_long)
    print()
    for left in found.left_out:
        print(f"in no row: {len(left.files):>3} of {left.folder}: {left.why}")
    print()
    for kind, why in found.not_recorded.items():
        print(f"not in the table: {kind}: {why}")
    print()
    print_robots(found.robots)


def _print_group(spider: str, folder: str, group: Sequence[Line], is_long: bool) -> None:
    numbered = [line for line in group if line.expected is not None]
    # Files that the index has no number for are held to be free of faults, not to a number.
    unnumbered = [line for line in group if line.expected is None]
    expected = sum(line.expected or 0 for line in numbered)
    stored = sum(line.stored for line in numbered)
    faults = [line for line in group if line.fault]
    verdict = "equal" if not faults else f"{len(faults)} NOT AS EXPECTED"
    if unnumbered:
        more = sum(line.stored for line in unnumbered)
        verdict += f"; {len(unnumbered)} files without a number in INDEX.md gave {more}"
    count = len({name for line in group for name in line.files})
    print(f"{spider:<15} {folder:<18} {count:>5} {expected:>8} {stored:>6}  {verdict}")
    for line in faults:
        print(f"    {line.name}: {line.fault}")
    causes = sum((line.causes for line in group), Counter[str]())
    for cause, times in causes.most_common():
        print(f"    {times} x reject: {cause[:90]}")
    for note, times in Counter(line.note for line in group if line.note).items():
        print(f"    {times} x explained: {note}")
    for line in group if is_long else []:
        print(f"      {line.name:<66} {line.expected!s:>6} {line.stored:>6}")


def as_document(found: Overview, suite: dict[str, Any]) -> dict[str, Any]:
    """The table as JSON: a row a recording, and all else that the text says."""
    return {
        "rows": [
            {
                "spider": line.spider,
                "recording": line.name,
                "files": list(line.files),
                "index": line.listed,
                "expected": line.expected,
                "stored": line.stored,
                "rejects": dict(line.causes),
                "verdict": line.verdict,
                "is_fault": line.fault is not None,
            }
            for line in found.lines
        ],
        "in_no_row": [
            {"folder": left.folder, "files": list(left.files), "why": left.why}
            for left in found.left_out
        ],
        "not_recorded": found.not_recorded,
        "robots": [
            {
                "recording": row.name,
                "forbidden": row.forbidden,
                "allowed": row.allowed,
                "verdict": row.fault or "obeyed",
                "is_fault": row.fault is not None,
            }
            for row in found.robots
        ],
        "conformance_suite": suite,
        "faults": found.faults,
    }
