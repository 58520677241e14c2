"""Twenty thousand negatives in a process of its own: seconds of the processor, and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_RUN = """
import json, random, time
from pathlib import Path

from monitor.trends.theme_model import Said
from monitor.trends.themes import themes

rng = random.Random(1)
words = ["".join(rng.choices("abcdefghijklmnoprstuvz", k=rng.randint(3, 9))) for _ in range(20000)]
weights = [1 / (place + 3) for place in range(20000)]  # as often as words are in texts
said = []
for number in range(25000):
    group = "now" if number < 5000 else "before" if number < 20000 else "others"
    drawn = rng.choices(words, weights, k=rng.randint(5, 75))
    text = " ".join(word + "," * (rng.random() < 0.15) for word in drawn)
    if group == "now" and number % 40 == 0:
        text += ". The couriers were late."
    said.append(Said(number, "en", group, text, f"author {number}", f"source {number % 7}"))
began = time.process_time()
found = themes(said)
# VmHWM: ru_maxrss would begin with the size of the process that started this one.
peak = next(one for one in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in one)
print(json.dumps({
    "seconds": time.process_time() - began,
    "megabytes": int(peak.split()[1]) / 1024,
    "phrases": found.languages[0].phrases,
    "themes": [theme.phrase for theme in found.themes],
}))
"""


@pytest.mark.slow
def test_twenty_thousand_negatives(capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", _RUN],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    with capsys.disabled():
        print(f"\n20,000 negatives: {said}")
    assert said["themes"] == ["couriers were late"]
    assert said["seconds"] < 10
    assert said["megabytes"] < 300
