"""Prints what becomes of every recorded survey: `python -m tests.surveys.table [FOLDER]`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from monitor.records import Reject
from monitor.surveys.importers import Reading, read_responses, read_survey
from monitor.surveys.mapping import guess_mapping

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "surveys"


def main(folder: Path = RECORDINGS) -> int:
    """Prints a line a file; 1 when the folder is missing or a row is lost, else 0."""
    files = sorted([*folder.glob("*.csv"), *folder.glob("*.xlsx")])
    if not files:
        print(f"no survey files in {folder}", file=sys.stderr)
        return 1
    print(f"{'file':34} {'encoding':13} heads {'rows in':>8} {'out':>6} {'rejects':>8}  recognised")
    lost = False
    for path in files:
        table = read_survey(path)
        rows = sum(1 for _ in table.rows())
        reading = Reading(path.stem, "UTC", datetime.now(UTC))
        found = list(read_responses(table, None, reading))
        rejects = sum(isinstance(one, Reject) for one in found)
        mapping = guess_mapping(table)
        named = [name for name in mapping.__slots__ if getattr(mapping, name)]
        lost = lost or rows != len(found)
        print(
            f"{path.name:34} {table.encoding:13} {table.header_rows:5} {rows:8}"
            f" {len(found) - rejects:6} {rejects:8}  {', '.join(named)}"
        )
    return int(lost)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
