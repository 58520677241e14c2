"""A small real store to make digests of: what is planted is what a test may expect."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from monitor.records import Brand, CrawlRun, Mention, Rating, Score, Source, Week
from monitor.store import Store, mentions, open_store, scores, sources
from monitor.store.times import start_of_day

OWN, OTHER = "Zelvano", "Kedrovo"
WEEK = Week(date(2026, 11, 16), date(2026, 11, 23))
"""Monday to Sunday; the digest is made on the Monday after it."""
NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
_P = {"negative": (0.9, 0.06, 0.04), "neutral": (0.1, 0.8, 0.1), "positive": (0.03, 0.07, 0.9)}


class Planted:
    """A store with an own brand, a competitor and four sources, and methods that add to it."""

    def __init__(self, path: Path, timezone: str = "Europe/Prague", week_start: int = 1) -> None:
        self.store: Store = open_store(path)
        self.timezone = timezone
        self._numbers = itertools.count(1)
        brands = [
            Brand(OWN, "own", timezone, week_start),
            Brand(OTHER, "competitor", timezone, week_start),
        ]
        configured = [
            Source("zelvano-shop", "page", OWN, "https://shop.example/", None, 3600),
            Source("zelvano-app", "feed", OWN, "https://app.example/", None, 3600),
            Source("zelvano-forum", "page", OWN, "https://forum.example/", None, 3600),
            Source("kedrovo-shop", "page", OTHER, "https://kedrovo.example/", None, 3600),
        ]
        sources.sync(self.store, brands, configured)

    def say(
        self,
        label: str | None,
        text: str = "",
        *,
        source: str = "zelvano-shop",
        language: str = "en",
        weeks_ago: int = 0,
        day: int = 2,
        week: Week = WEEK,
        **fields: object,
    ) -> int:
        """One mention with that label (None: not scored yet); returns its id."""
        number = next(self._numbers)
        moment = start_of_day(week.start, self.timezone) + timedelta(
            days=day - 7 * weeks_ago, hours=10, seconds=number
        )
        stored = sources.find(self.store, source)
        assert stored is not None
        values: dict[str, object] = {
            "kind": "review",
            "url": f"https://shop.example/reviews/{number}",
            "title": None,
            "author": f"author-{number}",
            "rating": None,
        } | fields
        mention = Mention(
            source=source,
            identity=str(number),
            raw_digest=str(number),
            text=text or f"Review number {number} that says what happened at some length.",
            language=language,
            language_confidence=1.0,
            published_at=moment,
            edited_at=None,
            fetched_at=moment,
            fingerprint=None,
            search_text="",
            **values,  # type: ignore[arg-type]
        )
        saved = mentions.save(self.store, stored, [mention], moment)
        mention_id = saved.new_ids[str(number)]
        if label is not None:
            version = self.store.value(
                "SELECT version_id FROM mentions WHERE id = ?", (mention_id,)
            )
            assert isinstance(version, int)
            scores.save(self.store, "planted", [Score(version, *_P[label])], moment)
        return mention_id

    def many(self, negative: int, neutral: int, positive: int, **how: object) -> None:
        """So many mentions of each label, spread over the days of the week."""
        labels = ["negative"] * negative + ["neutral"] * neutral + ["positive"] * positive
        for position, label in enumerate(labels):
            self.say(label, day=position % 7, **how)  # type: ignore[arg-type]

    def run(
        self, source: str, state: str = "ok", *, weeks_ago: int = 0, day: int = 6, week: Week = WEEK
    ) -> None:
        """One collection that ended in that state, at noon of the day."""
        stored = sources.find(self.store, source)
        assert stored is not None
        noon = start_of_day(week.start, self.timezone) + timedelta(
            days=day - 7 * weeks_ago, hours=12
        )
        error = None if state == "ok" else "HTTP 403"
        run = CrawlRun(source, state, noon, noon, 1, 1, 0, 0, 1, error)
        sources.record_run(self.store, stored, run, None)

    def all_ran(self, weeks_ago: int = 0, week: Week = WEEK) -> None:
        """Every source answered on every day of that week."""
        for source in ("zelvano-shop", "zelvano-app", "zelvano-forum", "kedrovo-shop"):
            for day in range(7):
                self.run(source, weeks_ago=weeks_ago, day=day, week=week)

    def alert(
        self,
        title: str,
        reason: str,
        *,
        severity: str = "critical",
        day: int = 3,
        weeks_ago: int = 0,
    ) -> None:
        """An open alert of the own brand, decided on that day."""
        moment = start_of_day(WEEK.start, self.timezone) + timedelta(days=day - 7 * weeks_ago)
        text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.store.conn.execute(
            "INSERT INTO alerts (key, rule, brand_id, severity, title, reason, evidence,"
            " started_at, decided_at) VALUES (?, 'wave', 1, ?, ?, ?, '{}', ?, ?)",
            (f"{title} {text}", severity, title, reason, text, text),
        )

    def wave(
        self, name: str, starts_on: date, detractors: int, passives: int, promoters: int
    ) -> None:
        """A survey wave with so many answers of 3, 8 and 10."""
        conn = self.store.conn
        conn.execute("INSERT OR IGNORE INTO surveys (id, name, brand_id) VALUES (1, 'relation', 1)")
        wave = conn.execute(
            "INSERT INTO survey_waves (survey_id, name, starts_on, ends_on) VALUES (1, ?, ?, ?)",
            (name, starts_on.isoformat(), (starts_on + timedelta(days=13)).isoformat()),
        ).lastrowid
        answers = [3] * detractors + [8] * passives + [10] * promoters
        conn.executemany(
            "INSERT INTO survey_responses (wave_id, respondent, answered_at, nps)"
            " VALUES (?, ?, ?, ?)",
            [
                (wave, f"person-{i}", f"{starts_on.isoformat()}T09:00:00Z", answer)
                for i, answer in enumerate(answers)
            ],
        )


def stars(value: float) -> Rating:
    return Rating(value, "1-5", str(value))
