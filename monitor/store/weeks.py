"""Counts by week, as comparisons and silences want them: read from the weekly views."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.errors import UsageError
from monitor.store.connection import Store
from monitor.trends.agreement import StageWeek
from monitor.trends.changes import TRAILING_WEEKS, WEEKS_A_YEAR
from monitor.trends.compare import Counts
from monitor.trends.silence import Heard, Spoken, SurveyHeard

DIMENSIONS = {
    "brand": ("reputation_weekly", "brand"),
    "language": ("language_weekly", "language"),
    "source": ("source_weekly", "source"),
    "location": ("location_weekly", "location"),
    "aspect": ("aspect_weekly", "aspect"),
    "stage": ("stage_weekly", "stage"),
}
"""What a comparison goes by: the view, and its column that names a row."""


def week_start(store: Store, brand: str, day: date | None, now: datetime) -> date:
    """First day of the brand's week that holds a day; without one, of the last whole week.

    Raises UsageError for a brand that is not in the store.
    """
    rows = store.rows("SELECT timezone, week_start FROM brands WHERE name = ?", (brand,))
    if not rows:
        raise UsageError(f"there is no brand {brand!r} in the store yet")
    zone, first = ZoneInfo(rows[0]["timezone"]), rows[0]["week_start"]
    chosen = day or now.astimezone(zone).date() - timedelta(weeks=1)
    # 0 is Sunday in the store, Monday in Python.
    return chosen - timedelta(days=(chosen.isoweekday() % 7 - first) % 7)


def by_week(
    store: Store, dimension: str, brand: str | None, week: date
) -> dict[str, dict[date, Counts]]:
    """Row -> week -> negative, neutral, positive: of the week and of what it may be set against."""
    view, column = DIMENSIONS[dimension]
    found: dict[str, dict[date, Counts]] = {}
    trailing = week - timedelta(weeks=TRAILING_WEEKS)
    year = week - timedelta(weeks=WEEKS_A_YEAR)
    for row in store.rows(
        f"SELECT {column} AS name, week, sum(negative), sum(neutral), sum(positive) FROM {view}"
        " WHERE (week BETWEEN ? AND ? OR week = ?) AND (? IS NULL OR brand = ?)"
        f" GROUP BY {column}, week",
        (trailing.isoformat(), week.isoformat(), year.isoformat(), brand, brand),
    ):
        found.setdefault(row[0], {})[date.fromisoformat(row[1])] = (row[2], row[3], row[4])
    return found


def partial_weeks(store: Store, brand: str) -> set[date]:
    """Weeks of a brand in which a source was tried and never answered."""
    rows = store.rows("SELECT week FROM collected_weekly WHERE brand = ? AND is_partial", (brand,))
    return {date.fromisoformat(row[0]) for row in rows}


def stage_weeks(store: Store, brand: str, since: date) -> dict[str, list[StageWeek]]:
    """Stage -> its weeks since a day, oldest first; weeks in which a source was blind left out."""
    found: dict[str, list[StageWeek]] = {}
    for row in store.rows(
        "SELECT * FROM satisfaction_weekly WHERE brand = ? AND week >= ? AND NOT is_partial"
        " ORDER BY stage, week",
        (brand, since.isoformat()),
    ):
        week = StageWeek(
            row["survey_n"], row["survey_mean_1_5"], row["mentions"], row["net_sentiment"]
        )
        found.setdefault(row["stage"], []).append(week)
    return found


def heard(store: Store, brand: str, weeks: int, before: int, now: datetime) -> Heard:
    """What is known of a brand's newest whole weeks, and of those before them."""
    end = week_start(store, brand, None, now) + timedelta(weeks=1)
    middle = end - timedelta(weeks=weeks)
    start = middle - timedelta(weeks=before)
    texts, texts_before = (
        _mentions(store, brand, middle, end),
        _mentions(store, brand, start, middle),
    )
    subjects = {
        row[0]: Spoken(row[1], texts, row[2], texts_before)
        for row in store.rows(
            "SELECT aspect, sum(CASE WHEN week >= ?1 THEN mentions ELSE 0 END),"
            " sum(CASE WHEN week < ?1 THEN mentions ELSE 0 END) FROM aspect_weekly"
            " WHERE brand = ?2 AND week >= ?3 AND week < ?4 GROUP BY aspect",
            (middle.isoformat(), brand, start.isoformat(), end.isoformat()),
        )
    }
    asked = store.rows(
        "SELECT DISTINCT stage FROM satisfaction_weekly WHERE brand = ? AND survey_n > 0", (brand,)
    )
    stages = store.rows(
        "SELECT stage, sum(mentions) FROM stage_weekly WHERE brand = ? AND week >= ? AND week < ?"
        " GROUP BY stage",
        (brand, start.isoformat(), end.isoformat()),
    )
    (figures,) = store.rows(
        "SELECT sum(churned) AS churned, sum(complaints) AS complaints FROM metrics_weekly"
        " WHERE brand = ? AND week >= ? AND week < ?",
        (brand, middle.isoformat(), end.isoformat()),
    )
    return Heard(
        today=end,
        subjects=subjects,
        surveys=tuple(_surveys(store, brand)),
        stages={row[0]: row[1] for row in stages},
        texts=texts + texts_before,
        asked=tuple(row[0] for row in asked),
        churned=figures["churned"],
        complaints=figures["complaints"],
    )


def _mentions(store: Store, brand: str, first: date, end: date) -> int:
    value = store.value(
        "SELECT coalesce(sum(mentions), 0) FROM reputation_weekly"
        " WHERE brand = ? AND week >= ? AND week < ?",
        (brand, first.isoformat(), end.isoformat()),
    )
    return int(str(value))


def _surveys(store: Store, brand: str) -> Iterator[SurveyHeard]:
    """When each survey's waves ended, and who answered in the newest two."""
    waves = store.rows(
        "SELECT w.id, su.name AS survey, w.ends_on, count(r.id) AS n FROM survey_waves w"
        " JOIN surveys su ON su.id = w.survey_id JOIN brands b ON b.id = su.brand_id"
        " LEFT JOIN survey_responses r ON r.wave_id = w.id WHERE b.name = ?"
        " GROUP BY w.id ORDER BY su.name, w.ends_on",
        (brand,),
    )
    for survey in dict.fromkeys(row["survey"] for row in waves):
        own = [row for row in waves if row["survey"] == survey]
        ends = tuple(date.fromisoformat(row["ends_on"]) for row in own)
        segments: dict[str, Spoken] = {}
        if len(own) > 1:
            last, previous = own[-1], own[-2]
            segments = {
                row[0]: Spoken(row[1], last["n"], row[2], previous["n"])
                for row in store.rows(
                    "SELECT segment, sum(wave_id = ?1), sum(wave_id = ?2) FROM survey_responses"
                    " WHERE wave_id IN (?1, ?2) AND segment IS NOT NULL GROUP BY segment",
                    (last["id"], previous["id"]),
                )
            }
        yield SurveyHeard(ends, segments)
