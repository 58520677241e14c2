"""`python -m tests.eval.pin [--lower]`: writes the floors that the embedded model is held to.

A floor is what the model reaches now, less SLACK; one that would fall stays as it is unless
--lower is given.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

from models.sentiment import open_sentiment
from models.training.data import data_files, digest
from tests.eval.measured import DATA, sets, suites

FOLDER = Path(__file__).parent
SLACK = 0.003  # processors round differently


def main(lower: bool) -> None:
    scorer = open_sentiment()
    _write("floors.json", suites(scorer), {}, lower)
    told = {"data_sha256": digest(data_files(DATA))}
    _write("sets.json", sets(scorer), told, lower)


def _write(name: str, now: dict[str, dict[str, float]], told: dict[str, str], lower: bool) -> None:
    path = FOLDER / name
    before = json.loads(path.read_text()) if path.is_file() else {}
    floors: dict[str, object] = dict(told)
    for group, values in now.items():
        floors[group] = {}
        for measure, value in values.items():
            smaller_is_better = name == "floors.json" or measure == "ece"
            slack = 0.0 if name == "floors.json" else SLACK
            # Rounded away from the model: a third must not fall below .3333.
            ten_thousand = 10_000 * (value + slack if smaller_is_better else value - slack)
            floor = (math.ceil if smaller_is_better else math.floor)(ten_thousand) / 10_000
            old = before.get(group, {}).get(measure)
            if old is not None and not lower:
                floor = min(old, floor) if smaller_is_better else max(old, floor)
            floors[group][measure] = floor  # type: ignore[index]
    path.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
    print(f"{path}: {len(now)} groups")


if __name__ == "__main__":
    main("--lower" in sys.argv[1:])
