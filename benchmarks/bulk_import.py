"""10,000 short texts from a CSV file, normalised, masked, scored and judged; then the file again.

Runs the real command in a process of its own and prints seconds, peak memory and rows. The limits
are 10 s for the first run and 2 s for the second, which adds nothing; the named peer in the same
run is the least anybody could do with such a file: csv and sqlite3 of the standard library, no
text work, no labels.
"""

from __future__ import annotations

import csv
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path

ROWS = 10_000
FIRST_LIMIT_SECONDS = 10.0
SECOND_LIMIT_SECONDS = 2.0
CONFIG = """\
store: monitor.db
operator: {user_agent: "Benchmark/1.0 (+https://example.com)"}
brands: [{name: Zelvano, role: own, timezone: Europe/Prague}]
alerts:
  rules:
    - {name: negative, when: mention, label: negative}
    - {name: wave, when: wave}
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
        write_reviews(folder / "reviews.csv")
        bare = bare_import(folder / "reviews.csv", folder / "bare.db")
        first, result = run_import(folder)
        print(f"first run:  {first:6.2f} s, {result}")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        second, result = run_import(folder)
        print(f"second run: {second:6.2f} s, {result}")
        print(f"peak memory: {peak:.0f} MB")
        print(f"csv + sqlite3 alone: {bare:.2f} s; ours takes {first / bare:.0f} times that")
    print(
        f"ratio to limit: first {first / FIRST_LIMIT_SECONDS:.2f},"
        f" second {second / SECOND_LIMIT_SECONDS:.2f} (at most 1)"
    )


def run_import(folder: Path) -> tuple[float, dict[str, int]]:
    """Seconds of `monitor import` from start to exit, and what it says it did."""
    command = [
        sys.executable,
        "-m",
        "monitor",
        "--config",
        str(folder / "config.yaml"),
        "import",
        str(folder / "reviews.csv"),
        "--source",
        "reviews",
        "--json",
    ]
    started = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - started, json.loads(done.stdout)


def bare_import(path: Path, database: Path) -> float:
    """Seconds to read the file and insert its rows as they are."""
    started = time.perf_counter()
    conn = sqlite3.connect(database)
    conn.execute("CREATE TABLE reviews (id TEXT PRIMARY KEY, date, author, rating, title, text)")
    with path.open(encoding="utf-8", newline="") as file, conn:
        rows = ([*row.values()] for row in csv.DictReader(file))
        conn.executemany("INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?)", rows)
    conn.close()
    return time.perf_counter() - started


def write_reviews(path: Path) -> None:
    """A file of distinct reviews in four languages, of the demo's sentences, some with contacts."""
    chance = random.Random(7)
    sentences = {}
    for language in ("ru", "cs", "fa", "en"):
        folder = resources.files("monitor.demo") / "texts"
        lines = (folder / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        sentences[language] = [json.loads(line) for line in lines]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "date", "author", "rating", "title", "text"])
        for number in range(ROWS):
            language = ("ru", "cs", "fa", "en")[number % 4]
            one, two = chance.sample(sentences[language], 2)  # mixed, so that no two rows are alike
            contact = f" mail{number}@example.com" if number % 20 == 0 else ""
            day = f"2026-{1 + number % 10:02}-{1 + number % 28:02}T{number % 24:02}:15:00Z"
            text = f"{one['text'][:90]} {two['text'][:40]} {number}{contact}"
            writer.writerow(
                [number, day, one["author"], one["rating"] or "", one["title"] or "", text]
            )


if __name__ == "__main__":
    main()
