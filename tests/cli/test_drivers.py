"""`monitor drivers` over a store of answers whose drivers are known."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from support import NOW, Call, Config, put
from support import make_mention as m

from monitor.records import Rating, SurveyResponse
from monitor.store import Store
from monitor.store import surveys as survey_store
from monitor.store.surveys import Wave

PEOPLE = 80


def responses() -> Iterator[SurveyResponse]:
    """NPS follows the delivery, not the site; every fifth person said nothing of the site."""
    rng = random.Random(5)
    for number in range(PEOPLE):
        delivery, site = rng.randint(1, 5), rng.randint(1, 5)
        stages = {"delivery": float(delivery)} | ({"site": float(site)} if number % 5 else {})
        nps = min(10, max(0, 2 * delivery + rng.choice((-1, 0, 1))))
        location = "Brno" if number % 2 else "Praha"
        yield SurveyResponse(str(number), NOW, nps=nps, stages=stages, location=location)


@pytest.fixture
def filled(config: Config) -> Iterator[Store]:
    config.write({"shop": "http://127.0.0.1:9/"})
    rng = random.Random(6)
    with config.runtime() as runtime:
        wave = Wave("autumn", date(2026, 11, 1), date(2026, 11, 30))
        survey_store.save(runtime.store, "asked", "Acme", wave, responses(), str)
        mentions = []
        for number in range(60):
            speed, talk = rng.randint(1, 5), rng.randint(1, 5)
            parts = {"speed": speed, "talk": talk} if number != 7 else {"speed": speed}
            sub_ratings = {name: Rating(value, "1-5", "") for name, value in parts.items()}
            stars = min(5, max(1, talk + rng.choice((-1, 0, 1))))
            mentions.append(m(f"r{number}", "said", stars=stars, sub_ratings=sub_ratings))
        # On another scale: never put together with the others.
        other = Rating(10.0, "0-10", "10")
        parts = {"speed": Rating(1.0, "0-10", ""), "talk": Rating(1.0, "0-10", "")}
        mentions.append(m("other", "said", rating=other, sub_ratings=parts))
        put(runtime.store, *mentions)
        yield runtime.store


UNTIL = ("--until", str(NOW.date()))


def test_stages_of_a_survey_drive_nps(call: Call, filled: Store) -> None:
    said = call("drivers", "--json", *UNTIL).json
    assert (said["brand"], said["of"], said["measure"]) == ("Acme", "survey", "nps")
    assert [one["name"] for one in said["drivers"]] == ["delivery", "site"]
    assert said["drivers"][0]["share"] > 0.9
    assert said["drivers"][0]["worth"] == pytest.approx(2, abs=0.2)
    assert (said["rows"], said["rows_left_out"]) == (PEOPLE * 4 // 5, PEOPLE // 5)
    table = call("drivers", *UNTIL).out
    assert "What drives nps (0-10) of Acme: survey" in table
    assert "64 rows" in table and "16 without" in table


def test_parts_that_reviewers_rated_drive_the_rating_on_one_scale(
    call: Call, filled: Store
) -> None:
    said = call("drivers", "Acme", "--of", "ratings", "--json", *UNTIL).json
    assert (said["measure"], said["scale"], said["rows"]) == ("rating", "1-5", 59)
    assert said["drivers"][0]["name"] == "talk"
    rows = list(
        csv.DictReader(call("drivers", "--of", "ratings", "--csv", *UNTIL).out.splitlines())
    )
    assert [row["name"] for row in rows] == ["talk", "speed"]
    assert float(rows[0]["share"]) == pytest.approx(said["drivers"][0]["share"])


def test_place_and_days_are_kept_to(call: Call, filled: Store) -> None:
    said = call("drivers", "--of", "survey", "--location", "Brno", "--json", *UNTIL).json
    assert said["rows"] + said["rows_left_out"] == PEOPLE // 2
    before = str(NOW.date() - timedelta(days=1))
    said = call("drivers", "--of", "survey", "--until", before)
    assert (said.code, said.out) == (1, "")
    assert "0 complete rows, at least 30 are needed" in said.errors
    backwards = call("drivers", "--since", "2026-11-02", "--until", "2026-11-01")
    assert backwards.code == 2 and "is after" in backwards.errors
    assert call("drivers", "Nobody").code == 2
