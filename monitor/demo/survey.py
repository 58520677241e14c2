"""A survey export of the invented brand: two waves, as a form tool would download it."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

from monitor.demo.story import monday_of, survey_comments
from monitor.records import LANGUAGES

PER_WAVE = 120
HEADINGS = (
    "Respondent",
    "Submitted at",
    "How likely are you to recommend us? (0-10)",
    "Delivery (1-5)",
    "Quality of goods (1-5)",
    "Support (1-5)",
    "Website and app (1-5)",
    "Customer type",
    "Language",
    "What is the main reason for your score?",
)


def waves(now: datetime) -> list[tuple[str, datetime, datetime]]:
    """Name, first and last moment of the two waves: eleven weeks ago, and the bad week."""
    monday = monday_of(now)
    return [
        ("spring", monday - timedelta(weeks=11), monday - timedelta(weeks=10, minutes=1)),
        ("autumn", monday - timedelta(weeks=1), monday - timedelta(minutes=1)),
    ]


def write_export(path: Path, now: datetime) -> int:
    """Writes the export and returns how many answers it holds; the same on every run of a day."""
    chance = random.Random(2026)
    rows = []
    for wave, (_, start, end) in enumerate(waves(now)):
        comments = {code: list(survey_comments(code))[wave * 12 :] for code in LANGUAGES}
        for number in range(PER_WAVE):
            language = LANGUAGES[number % 4]
            comment = comments[language].pop(0) if number < 48 else None
            # The second wave falls into the bad week: delivery loses most.
            usual = _clip(chance.gauss(8.3 - 1.9 * wave, 2.1), 0, 10)
            likely = comment["nps"] if comment else usual
            moment = start + (end - start) * chance.random()
            rows.append(
                (
                    f"C{chance.randrange(10_000, 99_999)}",
                    moment.strftime("%Y-%m-%d %H:%M:%S"),
                    likely,
                    _clip(chance.gauss(4.2 - 1.6 * wave, 0.9), 1, 5),
                    _clip(chance.gauss(4.1 - 0.2 * wave, 0.8), 1, 5),
                    _clip(chance.gauss(3.9 - 0.9 * wave, 1.0), 1, 5),
                    _clip(chance.gauss(4.0, 0.8), 1, 5),
                    chance.choice(("new", "returning", "returning")),
                    language,
                    comment["text"] if comment else "",
                )
            )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows)
    return len(rows)


def _clip(value: float, low: int, high: int) -> int:
    return max(low, min(high, round(value)))
