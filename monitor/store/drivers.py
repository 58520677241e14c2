"""Answers side by side, a person a row: what `monitor.trends.drivers` asks its question of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from sqlite3 import Row

from monitor.store.connection import Store
from monitor.trends.drivers import MOST_DRIVERS

LEAST_ANSWERED = 0.2
"""A question that fewer people answered would cost more rows than it tells."""
LEAST_SPOKEN_OF = 0.05
"""Of an aspect that fewer texts mention nothing can be said."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Columns of equal length, nan where nobody answered; `overall` and `scale` say of what."""

    drivers: Mapping[str, list[float]]
    overall: list[float]
    measure: str
    """What is driven: nps (0-10), csat (1-5), rating (on `scale`), label (-1..1)."""
    scale: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose answers, and of which days (of the brand's zone; both included)."""

    brand: str
    since: date
    until: date
    location: str | None = None


_SURVEY = """
SELECT r.id, r.nps, r.csat, s.stage, s.score
FROM survey_responses r
JOIN survey_waves w ON w.id = r.wave_id
JOIN surveys su ON su.id = w.survey_id
JOIN brands b ON b.id = su.brand_id
JOIN survey_stage_scores s ON s.response_id = r.id
WHERE b.name = :brand AND date(r.answered_at) BETWEEN :since AND :until
  AND (:location IS NULL OR r.location = :location)
ORDER BY r.id
"""

_SUB_RATINGS = """
SELECT m.id, m.rating_value, m.rating_scale, j.key, j.value ->> 'value' AS value,
  j.value ->> 'scale' AS scale
FROM mentions m
JOIN sources s ON s.id = m.source_id
JOIN brands b ON b.id = s.brand_id
JOIN json_each(m.sub_ratings) j
WHERE b.name = :brand AND m.local_day BETWEEN :since AND :until
  AND (:location IS NULL OR m.location = :location)
  AND m.rating_value IS NOT NULL AND m.deleted_at IS NULL AND m.duplicate_of IS NULL
ORDER BY m.id
"""

_ASPECTS = """
SELECT c.mention_id AS id, c.label AS overall, c.rating_value, c.rating_scale, a.aspect, a.label
FROM current_scores c
JOIN aspects a ON a.version_id = c.version_id
WHERE c.brand = :brand AND c.local_day BETWEEN :since AND :until
  AND (:location IS NULL OR c.location = :location)
  AND c.label IS NOT NULL AND c.duplicate_of IS NULL
ORDER BY c.mention_id
"""

_SIDES = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}


def of_survey(store: Store, wanted: Wanted) -> Answers:
    """Stage scores (1-5) against NPS, or against CSAT where more people answered that."""
    people: dict[int, dict[str, float]] = {}
    overall: dict[int, Row] = {}
    for row in _rows(store, _SURVEY, wanted):
        people.setdefault(row["id"], {})[row["stage"]] = row["score"]
        overall[row["id"]] = row
    answered = Counter(
        measure
        for row in overall.values()
        for measure in ("nps", "csat")
        if row[measure] is not None
    )
    measure = "csat" if answered["csat"] > answered["nps"] else "nps"
    score = {one: _number(row[measure]) for one, row in overall.items()}
    return _columns(people, score, measure, "1-5" if measure == "csat" else "0-10")


def of_sub_ratings(store: Store, wanted: Wanted) -> Answers:
    """Parts that reviewers rated against their overall rating, on the scale most of them used.

    Another scale is left out, never converted.
    """
    rows = _rows(store, _SUB_RATINGS, wanted)
    scales = Counter(row["rating_scale"] for row in rows)
    scale = scales.most_common(1)[0][0] if scales else "1-5"
    parts: dict[str, Counter[str]] = {}
    for row in rows:
        if row["rating_scale"] == scale:
            parts.setdefault(row["key"], Counter())[row["scale"]] += 1
    usual = {name: found.most_common(1)[0][0] for name, found in parts.items()}
    people: dict[int, dict[str, float]] = {}
    score: dict[int, float] = {}
    for row in rows:
        if row["rating_scale"] == scale and row["scale"] == usual[row["key"]]:
            people.setdefault(row["id"], {})[row["key"]] = float(row["value"])
            score[row["id"]] = row["rating_value"]
    return _columns(people, score, "rating", scale)


def of_aspects(store: Store, wanted: Wanted) -> Answers:
    """What texts say of each aspect (-1, 0, 1; 0 where it is not mentioned) against their rating.

    Against the label of the whole text (-1, 0, 1) where fewer than half have a rating on 1-5.
    """
    rows = _rows(store, _ASPECTS, wanted)
    people: dict[int, dict[str, float]] = {}
    rated: dict[int, float] = {}
    labels: dict[int, float] = {}
    for row in rows:
        people.setdefault(row["id"], {})[row["aspect"]] = _SIDES[row["label"]]
        labels[row["id"]] = _SIDES[row["overall"]]
        if row["rating_scale"] == "1-5":
            rated[row["id"]] = row["rating_value"]
    spoken_of = Counter(aspect for said in people.values() for aspect in said)
    usual = [
        aspect
        for aspect, count in spoken_of.most_common(MOST_DRIVERS)
        if count >= LEAST_SPOKEN_OF * len(people)
    ]
    people = {one: {a: said.get(a, 0.0) for a in usual} for one, said in people.items()}
    if 2 * len(rated) >= len(labels):
        return _columns({one: people[one] for one in rated}, rated, "rating", "1-5")
    return _columns(people, labels, "label", "-1..1")


def _rows(store: Store, sql: str, wanted: Wanted) -> list[Row]:
    given = {
        "brand": wanted.brand,
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
        "location": wanted.location,
    }
    return store.rows(sql, given)


def _columns(
    people: Mapping[int, Mapping[str, float]],
    overall: Mapping[int, float],
    measure: str,
    scale: str,
) -> Answers:
    ids = list(people)
    spoken_of = Counter(name for said in people.values() for name in said)
    names = sorted(name for name, count in spoken_of.items() if count >= LEAST_ANSWERED * len(ids))
    return Answers(
        {name: [people[one].get(name, math.nan) for one in ids] for name in names},
        [overall[one] for one in ids],
        measure,
        scale,
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else value


OF = {"survey": of_survey, "ratings": of_sub_ratings, "aspects": of_aspects}
"""What the drivers may be, as the command line names it."""
