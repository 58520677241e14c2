"""`monitor themes` over a store in which a theme is planted."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from support import NOW, Call, Config, end_backfill, put
from support import make_mention as m

from monitor.cli.themes import bars
from monitor.records import Mention
from monitor.store import Store
from monitor.store.themes import Period

THINGS = ("lamp", "kettle", "manual", "lid", "plug", "box", "seller", "app", "price", "colour")
FAULTS = ("wobbles", "leaks", "smells", "hums", "sticks", "fell off", "faded", "rattles")
LABELS = {"negative": "bad", "neutral": "plain", "positive": "good"}


def mentions() -> Iterator[Mention]:
    """Forty complaints and thirty other mentions of this week, two hundred complaints before."""
    rng = random.Random(3)

    def one(number: int, label: str, weeks_ago: int, more: str = "") -> Mention:
        thing, other = rng.sample(THINGS, 2)
        text = f"The {thing} {rng.choice(FAULTS)}, the {other} too. {LABELS[label]}{more}."
        at = NOW - timedelta(weeks=weeks_ago)
        return m(f"{label}-{number}", text, published_at=at, author=f"a{number}")

    for number in range(40):
        theme = (". Couriers shouted at us, bad delivery", ". The courier shouted")
        yield one(number, "negative", 0, theme[number % 2] if number < 12 else "")
    for number in range(30):
        yield one(number, "neutral" if number % 2 else "positive", 0)
    for number in range(100, 300):
        yield one(number, "negative", 1 + number % 11)


@pytest.fixture
def filled(config: Config) -> Iterator[Store]:
    config.write({"shop": "http://127.0.0.1:9/"})
    with config.runtime() as runtime:
        end_backfill(runtime.store)
        put(runtime.store, *mentions())
        yield runtime.store


WEEK = ("--until", str(NOW.date()), "--weeks", "1")


def test_what_is_new_is_told_with_its_mentions(call: Call, filled: Store) -> None:
    said = call("themes", "--json", *WEEK).json
    assert (said["brand"], said["label"], said["until"]) == ("Acme", "negative", str(NOW.date()))
    assert said["since"] == str(NOW.date() - timedelta(days=6))
    assert said["before_since"] == str(NOW.date() - timedelta(days=83))
    theme = said["themes"][0]
    assert len(said["themes"]) == 1
    assert theme["phrase"] == "courier shouted"
    assert (theme["language"], theme["mentions"], theme["of"]) == ("en", 12, 40)
    assert (theme["authors"], theme["aspect"]) == (12, "delivery")
    assert "delivery" in theme["also"]
    assert theme["is_new"] and theme["growth"] is None and theme["share_before"] == 0
    held = filled.rows(
        "SELECT mention_id FROM current_scores WHERE text LIKE '%courier%' ORDER BY mention_id"
    )
    assert theme["mention_ids"] == [row["mention_id"] for row in held]
    assert len(theme["examples"]) == 3
    assert len(theme["weeks"]) == 12 and theme["weeks"][-1]["mentions"] == 12
    looked = said["languages"][0]
    assert (looked["mentions"], looked["others"], looked["before"]) == (40, 30, 200)


def test_table_and_csv_say_the_same(call: Call, filled: Store) -> None:
    table = call("themes", *WEEK).out
    assert "Themes of negative mentions of Acme" in table
    assert "12 of 40" in table and "new" in table and "delivery" in table
    assert "▁▁▁█" in table
    rows = list(csv.DictReader(call("themes", "--csv", *WEEK).out.splitlines()))
    assert [row["mentions"] for row in rows] == ["12"]
    assert len(rows[0]["mention_ids"].split()) == 12


def test_a_usual_period_says_so(call: Call, filled: Store) -> None:
    until = NOW.date() - timedelta(weeks=1)
    said = call("themes", "Acme", "--until", str(until), "--since", str(until - timedelta(days=6)))
    assert said.code == 0
    assert "nothing out of the usual" in said.out
    praise = call("themes", "--label", "positive", *WEEK)
    assert "en: " in praise.out and "nothing to compare with" not in praise.out
    other = call("themes", "--language", "fa", "--json", *WEEK).json
    assert (other["themes"], other["languages"]) == ([], [])


def test_wrong_periods_are_one_line(call: Call, filled: Store) -> None:
    both = call("themes", "--since", "2026-11-01", "--weeks", "2")
    assert both.code == 2 and "give one" in both.errors
    backwards = call("themes", "--since", "2026-11-02", "--until", "2026-11-01")
    assert backwards.code == 2 and "is after" in backwards.errors
    assert call("themes", "Nobody").code == 2


def test_bars_are_as_high_as_the_shares() -> None:
    assert bars([(0, 10), (5, 10), (10, 10), (0, 0)]) == "▁▅█·"
    assert bars([(0, 10)] * 2) == "▁▁"


def test_twelve_weeks_are_the_shortest_past() -> None:
    month = Period("Acme", date(2026, 10, 1), date(2026, 10, 31))
    assert month.before_since == date(2026, 7, 31)
