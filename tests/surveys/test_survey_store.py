"""Importing a survey again changes nothing, and a person counts once with the latest answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.errors import UsageError
from monitor.records import Brand, SurveyResponse
from monitor.store import Store, open_store, sources
from monitor.store.surveys import SavedResponses, Wave, save
from monitor.surveys.measures import nps

AUTUMN = Wave("2026 autumn", date(2026, 10, 1), date(2026, 10, 21), invited=200)


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(tmp_path / "monitor.db")
    sources.sync(opened, [Brand("Zelvano", "own", "Europe/Prague", 1)], [])
    yield opened
    opened.close()


def response(respondent: str, day: int, **values: object) -> SurveyResponse:
    return SurveyResponse(respondent, datetime(2026, 10, day, 9, tzinfo=UTC), **values)


def keep(store: Store, *responses: SurveyResponse, wave: Wave = AUTUMN) -> SavedResponses:
    return save(store, "after-delivery", "Zelvano", wave, responses, lambda name: f"p-{name}")


def everything(store: Store) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for table in ("surveys", "survey_waves", "survey_responses", "survey_stage_scores"):
        found += [tuple(row) for row in store.rows(f"SELECT * FROM {table}")]
    return found


ANSWERS = (
    response("a", 3, nps=9.0, stages={"delivery": 5.0, "support": 4.0}, comment="Fine"),
    response("b", 4, nps=3.0, segment="new", location="Brno", language="cs"),
)


def test_importing_twice_changes_nothing(store):
    assert keep(store, *ANSWERS) == SavedResponses(2, 0, 0, 0, 0)
    before = everything(store)
    assert keep(store, *ANSWERS) == SavedResponses(0, 0, 2, 0, 0)
    assert everything(store) == before
    assert len(before) == 6


def test_respondents_are_stored_under_their_pseudonyms(store):
    keep(store, *ANSWERS)
    names = [row["respondent"] for row in store.rows("SELECT respondent FROM survey_responses")]
    assert names == ["p-a", "p-b"]


def test_the_latest_answer_counts_whatever_the_order_of_files(store):
    early, late = response("a", 3, nps=2.0, stages={"delivery": 1.0}), response("a", 9, nps=10.0)
    assert keep(store, late, early) == SavedResponses(1, 0, 0, 1, 0)
    assert keep(store, early) == SavedResponses(0, 0, 0, 1, 0)
    assert store.value("SELECT nps FROM survey_responses") == 10.0
    later = response("a", 12, nps=7.0, stages={"delivery": 4.0})
    assert keep(store, later) == SavedResponses(0, 1, 0, 0, 0)
    assert [tuple(r) for r in store.rows("SELECT stage, score FROM survey_stage_scores")] == [
        ("delivery", 4.0)
    ]


def test_a_corrected_answer_of_the_same_moment_is_taken_over(store):
    keep(store, *ANSWERS)
    corrected = replace(ANSWERS[1], comment="Now with words")
    assert keep(store, corrected) == SavedResponses(0, 1, 0, 0, 0)


def test_a_person_may_answer_in_every_wave(store):
    keep(store, ANSWERS[0])
    winter = Wave("2027 winter", date(2027, 1, 1), date(2027, 1, 21))
    assert keep(store, ANSWERS[0], wave=winter).new == 1


def test_the_number_of_invited_survives_an_import_that_does_not_know_it(store):
    keep(store, *ANSWERS)
    keep(store, wave=replace(AUTUMN, invited=None))
    assert store.value("SELECT invited FROM survey_waves") == 200


def test_an_erased_respondent_does_not_come_back(store):
    with store.write() as conn:
        conn.execute(
            "INSERT INTO tombstones (kind, key, erased_at)"
            " VALUES ('author', 'p-a', '2026-11-01T00:00:00Z')"
        )
    assert keep(store, *ANSWERS) == SavedResponses(1, 0, 0, 0, 1)


def test_an_unknown_brand_is_named_and_nothing_is_kept(store):
    with pytest.raises(UsageError, match="no brand 'Nobody'"):
        save(store, "x", "Nobody", AUTUMN, ANSWERS, str)
    assert everything(store) == []


def test_the_view_and_the_measure_agree(store):
    scores = [9.0, 10.0, 8.0, 3.0, 6.0, 9.0, 0.0, 7.0, 10.0, 10.0]
    answers = [response(f"r{n}", 5, nps=score) for n, score in enumerate(scores)]
    keep(store, *answers)
    (row,) = store.rows("SELECT nps, nps_low, nps_high, nps_n, response_rate FROM nps_by_wave")
    measure = nps(scores)
    assert row["nps_n"] == measure.n
    assert row["nps"] == pytest.approx(measure.value, abs=0.01)
    assert row["nps_low"] == pytest.approx(measure.low, abs=0.02)
    assert row["nps_high"] == pytest.approx(measure.high, abs=0.02)
    assert row["response_rate"] == pytest.approx(10 / 200)
