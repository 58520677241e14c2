"""`monitor compare`, `satisfaction` and `unsaid` over a store whose story is known."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from support import Call, Config, put, record, run_of
from support import make_mention as m

from monitor.records import Figure, SurveyResponse
from monitor.store import Store
from monitor.store import metrics as metric_store
from monitor.store import surveys as survey_store
from monitor.store.surveys import Wave

WEEKS = 14


@pytest.fixture
def filled(config: Config) -> Iterator[Store]:
    """Fourteen weeks: last week turns bad in Czech, and nobody speaks of the delivery any more."""
    config.write({"shop": "http://127.0.0.1:9/", "forum": "http://127.0.0.1:8/"})
    with config.runtime() as runtime:
        now = runtime.clock()
        for back in range(1, WEEKS):
            at = now - timedelta(weeks=back)
            texts = [("good" if n % 2 else "a") + " thing" for n in range(20)]
            texts += ["good delivery"] * (0 if back <= 2 else 5)
            put(runtime.store, *(
                m(f"{back} {n} {language}",
                  "bad thing" if back == 1 and language == "cs" else text,
                  language=language, published_at=at, author=f"{back} {n}")
                for n, text in enumerate(texts) for language in ("cs", "en")
            ))  # fmt: skip
            answers(runtime.store, back, at)
        yield runtime.store


def answers(store: Store, back: int, at: datetime) -> None:
    if back % 4:
        return
    day = at.date()
    wave = Wave(f"wave {back}", day - timedelta(days=2), day)
    responses = [
        SurveyResponse(
            str(n), at, nps=8.0, stages={"payment": 4.0}, segment="new" if n % 2 else "old"
        )
        for n in range(60)
        if back != 4 or n % 2 == 0
    ]
    survey_store.save(store, "asked", "Acme", wave, responses, str)


def test_a_change_is_told_of_the_language_it_is_in(call: Call, filled: Store) -> None:
    czech, english = call("compare", "--by", "language", "--json").json
    assert (czech["name"], czech["word"]) == ("cs", "worse")
    assert czech["n"] == 20 and czech["n_before"] == 20
    assert czech["low"] <= czech["difference"] <= czech["high"]
    assert czech["p"] <= czech["p_adjusted"] < 0.001
    assert (english["name"], english["word"]) == ("en", "no clear change")
    usual = call("compare", "--by", "language", "--against", "usual", "--json").json[0]
    assert (usual["weeks_before"], usual["word"]) == (8, "worse")
    (brand,) = call("compare", "--against", "year", "--json").json
    assert (brand["name"], brand["word"], brand["difference"]) == ("Acme", "too few", None)
    rows = list(csv.DictReader(call("compare", "--by", "source", "--csv").out.splitlines()))
    assert [row["name"] for row in rows] == ["shop"]
    table = call("compare", "--by", "language").out
    assert "by language" in table and "worse" in table


def test_nothing_is_claimed_of_a_week_with_a_blind_source(call: Call, filled: Store) -> None:
    now = datetime.fromisoformat(str(filled.value("SELECT max(published_at) FROM mentions")))
    record(filled, run_of("ok", now, items=1))
    record(filled, run_of("blocked", now, source="forum"))
    rows = call("compare", "--by", "language", "--json").json
    assert {row["word"] for row in rows} == {"no clear change"}
    assert "nothing is claimed" in call("compare", "--by", "language").out


def test_surveys_stand_beside_reviews(call: Call, filled: Store) -> None:
    rows = {row["stage"]: row for row in call("satisfaction", "--json").json}
    assert rows["ordering"]["survey"] == 75.0  # the question was about payment
    assert (rows["ordering"]["answers"], rows["ordering"]["mentions"]) == (150, 0)
    assert rows["delivery"]["reviews"] == 100.0
    assert {row["verdict"] for row in rows.values()} == {"too few"}
    assert "delivery" in call("satisfaction").out


def test_what_fell_silent_is_told(call: Call, filled: Store) -> None:
    figures = [
        Figure("Acme", name, date.fromisoformat(str(day)), "", "", value)
        for (day,) in filled.rows("SELECT max(local_day) FROM mentions")
        for name, value in (("churned", 40.0), ("complaints", 10.0))
    ]
    metric_store.save(filled, figures, "a file", datetime.now().astimezone())
    found = {
        (row["kind"], row["what"]): row
        for row in call("unsaid", "--weeks", "2", "--before", "11", "--json").json
    }
    silent = found["subject", "delivery"]
    assert (silent["share"], silent["n"]) == (0, 80)
    assert silent["p_adjusted"] < 0.05
    assert found["segment", "new"]["share"] == 0
    assert found["unasked", "delivery"]["share"] > 0.05
    assert found["leavers", "left without a complaint"]["share"] == 0.75
    assert ("segment", "old") not in found
    assert "delivery" in call("unsaid").out
    assert call("unsaid", "--weeks", "0").code == 1
