"""`python -m tests.recordings.written_in_yaml`: new sources without code, over real recordings.

The configuration beside this file is loaded as the application loads it, one crawl process reads
its sources from a local server, and what it leaves is stored. The table's rows: source, recording,
items expected, mentions stored, rejects with their causes.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from monitor.config import load
from monitor.pipeline import Quiet, collect_sources
from monitor.runtime import Runtime
from tests.recordings.recorded import FOLDER, index, served

CONFIG = Path(__file__).with_name("yaml_sources.yaml")

_COMMENTS = "comments counted in the page; INDEX.md counts its JSON-LD reviews"
_COUNTED = {
    # Elements with `id="comment-..."`.
    "schema_html/recipes__hostthetoast_1.html": 117,
    "schema_html/recipes__madamecuisine_2.html": 187,
    "schema_html/recipes__gimmesomeoven_1.html": 36,
}


@dataclass(frozen=True)
class YamlRow:
    """What one source of the configuration gave, from the answer to the store."""

    source: str
    recording: str
    expected: int
    stored: int
    rated: int
    dated: int
    state: str
    causes: dict[str, int]
    kind: str = ""
    note: str = ""


def collect_yaml() -> list[YamlRow]:
    """A row for every source of the configuration, through the real process and the real store."""
    with tempfile.TemporaryDirectory() as folder, served() as here:
        config = Path(folder) / "config.yaml"
        text = CONFIG.read_text("utf-8").replace("http://recorded.test", here)
        config.write_text(text + f"\nstore: {folder}/monitor.db\ncollect: {{delay_seconds: 0}}\n")
        settings = load(config)
        with Runtime(settings) as runtime:
            runs = {run.source: run for run in collect_sources(runtime, (), Quiet())}
            return [
                _row(runtime, source.name, str(source.url), runs[source.name].state, source.kind)
                for source in settings.sources
            ]


def _row(runtime: Runtime, name: str, url: str, state: str, kind: str) -> YamlRow:
    recording = re.sub(r"^http://[^/]+/", "", url)
    stored, rated, dated = next(
        runtime.store.conn.execute(
            "select count(*), count(rating_value), count(published_at) from mentions"
            " where source_id = (select id from sources where name = ?)",
            [name],
        )
    )
    causes = runtime.store.conn.execute("select cause from rejects where source = ?", [name])
    expected = _COUNTED.get(recording, index()[recording])
    found = dict(Counter(cause for (cause,) in causes))
    note = _COMMENTS if recording in _COUNTED else ""
    return YamlRow(name, recording, expected, stored, rated, dated, state, found, kind, note)


def main() -> int:
    """Prints the table; exit code 1 when a row is not as expected, 2 without recordings."""
    if not FOLDER.exists():
        print(f"no recordings: {FOLDER.name} is not beside the checkout", file=sys.stderr)
        return 2
    rows = collect_yaml()
    print(f"{'source':<17} {'recording':<60} {'expected':>8} {'stored':>6}  state, rejects")
    for row in rows:
        note = "; ".join(f"{count} x {cause}" for cause, count in row.causes.items())
        print(
            f"{row.source:<17} {row.recording:<60} {row.expected:>8} {row.stored:>6}"
            f"  {row.state} {note}"
        )
    return 1 if any(row.stored != row.expected for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
