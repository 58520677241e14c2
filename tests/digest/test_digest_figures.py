"""The figures of a digest are those of the store, with a verdict no stronger than the numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from planted_store import NOW, OTHER, OWN, WEEK, Planted, stars
from statsmodels.stats.multitest import multipletests

from monitor.digest.build import build
from monitor.digest.model import Digest
from monitor.digest.quotes import Candidate, choose, clean, safe_url, weight
from monitor.digest.tiles import count_word
from monitor.digest.topics import distinctive
from monitor.digest.verdicts import cautious
from monitor.records import Week
from monitor.trends.measures import Difference
from monitor.trends.theme_model import Said


def digest(planted: Planted, week: Week = WEEK) -> Digest:
    return build(planted.store, OWN, week, "en", NOW)


def test_twelve_weeks_end_with_this_one(full: Planted) -> None:
    weeks = digest(full).weeks
    assert len(weeks) == 12
    assert weeks[-1].week == WEEK
    assert weeks[0].week.start == date(2026, 8, 31)
    assert weeks[0].counts == (4, 4, 16)
    assert weeks[-1].counts == (44, 6, 16)
    assert weeks[-1].net.value == pytest.approx(100 * (16 - 44) / 66)


def test_a_week_is_counted_in_the_zone_and_from_the_first_day_of_the_brand(tmp_path: Path) -> None:
    iranian = Week(date(2026, 11, 14), date(2026, 11, 21))
    planted = Planted(tmp_path / "iran.db", timezone="Asia/Tehran", week_start=6)
    planted.say("positive", week=iranian, day=0)
    planted.say("positive", week=iranian, day=6)
    planted.say("negative", week=iranian, day=7)
    assert digest(planted, iranian).weeks[-1].counts == (0, 0, 2)
    planted.store.close()


def test_an_alert_after_midnight_counts_for_the_day_in_the_zone_of_the_brand(
    planted: Planted,
) -> None:
    # Midnight in Prague on the 16th is 23:00 UTC on the 15th.
    planted.alert("First minute of the week", "", day=0)
    made = digest(planted)
    assert [alert.title for alert in made.alerts] == ["First minute of the week"]
    assert [point.alerts for point in made.weeks[-2:]] == [0, 1]


def test_tables_hold_every_language_source_and_brand(full: Planted) -> None:
    made = digest(full)
    assert (made.languages[0].name, made.languages[0].mentions) == ("fa", 48)
    assert {row.name for row in made.languages} == {"fa", "en", "ru", "cs"}
    assert [row.name for row in made.sources] == ["zelvano-app", "zelvano-shop", "zelvano-forum"]
    assert [(row.name, row.is_own) for row in made.brands] == [(OWN, True), (OTHER, False)]
    assert sum(row.share or 0 for row in made.brands) == pytest.approx(1)
    assert made.brands[0].share == pytest.approx(66 / 78)


def test_what_could_not_be_collected_is_unknown_and_not_zero(planted: Planted) -> None:
    planted.run("zelvano-shop", "blocked")
    tile = digest(planted).tiles[1]
    assert (tile.value, tile.word) == (None, "no data")


def test_a_competitor_whose_source_was_blocked_is_marked(planted: Planted) -> None:
    planted.all_ran(weeks_ago=1)
    for source in ("zelvano-shop", "zelvano-app", "zelvano-forum"):
        planted.run(source)
    planted.run("kedrovo-shop", "blocked")
    planted.many(4, 4, 12)
    made = digest(planted)
    assert [(row.name, row.is_partial) for row in made.brands] == [(OWN, False), (OTHER, True)]
    assert not made.is_partial


def test_mean_rating_takes_only_the_scale_1_to_5(planted: Planted) -> None:
    for value in (1, 2, 3):
        planted.say("neutral", rating=stars(value))
    planted.say("neutral", rating=stars(10).__class__(10, "0-10", "10"))
    tile = digest(planted).tiles[2]
    assert (tile.value, tile.n) == (2.0, 3)
    assert tile.word == "too few"


def test_more_mentions_than_usual_scatter_are_more(planted: Planted) -> None:
    planted.all_ran()
    planted.all_ran(weeks_ago=1)
    for weeks_ago in range(1, 12):
        planted.many(5, 5, 10 + weeks_ago % 2, weeks_ago=weeks_ago)
    planted.many(20, 20, 40)
    tile = digest(planted).tiles[1]
    assert (tile.value, tile.before, tile.word) == (80, 21, "more")


def test_counts_that_always_scatter_are_no_news() -> None:
    assert count_word(60, 30, scatter=1.0) == "more"
    assert count_word(60, 30, scatter=6.0) == "no clear change"
    assert count_word(30, 60, scatter=1.0) == "fewer"
    assert count_word(3, 2, scatter=1.0) == "too few"


def test_many_rows_raise_no_false_alarm() -> None:
    p_values = [0.04, 0.001, 0.2, 0.008, 0.03]
    changes = {
        i: Difference(-1, -2, 0, p, "worse" if p < 0.05 else "no clear change")
        for i, p in enumerate(p_values)
    }
    clear = {key for key, word in cautious(changes).items() if word == "worse"}
    rejected = multipletests(p_values, alpha=0.05, method="holm")[0]
    assert clear == {i for i, is_clear in enumerate(rejected) if is_clear} == {1, 3}


def candidate(number: int, text: str, **fields: object) -> Candidate:
    values: dict[str, object] = {
        "source": "shop",
        "kind": "review",
        "language": "en",
        "label": "negative",
        "confidence": 0.9,
        "rating": None,
        "day": date(2026, 11, 18),
        "moment": datetime(2026, 11, 18, tzinfo=UTC),
        "title": None,
        "url": None,
        "author": f"author-{number}",
        "location": None,
        "is_answered": False,
        "reach": 0,
    } | fields
    return Candidate(mention_id=number, text=text, **values)  # type: ignore[arg-type]


LONG = "The parcel came a week late, the box was torn and nobody answered when I asked about it."


def test_the_unanswered_complaint_with_a_reason_comes_first() -> None:
    quotes = choose(
        [
            candidate(1, "Bad!", confidence=0.99),
            candidate(2, LONG + " 2", is_answered=True),
            candidate(3, LONG + " 3"),
            candidate(4, LONG + " 4", label="positive"),
        ],
        "negative",
    )
    assert [quote.mention_id for quote in quotes] == [3, 1, 2]


def test_five_complaints_at_most_and_no_voice_twice() -> None:
    same_author = [candidate(i, f"{LONG} {i}", author="one") for i in range(3)]
    same_words = [candidate(10 + i, LONG) for i in range(3)]
    others = [candidate(20 + i, f"{LONG} number {i}") for i in range(9)]
    quotes = choose([*same_author, *same_words, *others], "negative")
    assert len(quotes) == 5
    assert len({quote.text for quote in quotes}) == 5


def test_of_equal_complaints_the_newest_is_first() -> None:
    later = datetime(2026, 11, 20, tzinfo=UTC)
    quotes = choose([candidate(1, LONG), candidate(2, LONG + "!", moment=later)], "negative")
    assert [quote.mention_id for quote in quotes] == [2, 1]


def test_a_label_that_the_stars_contradict_goes_to_the_end() -> None:
    assert weight(candidate(1, LONG, rating=stars(5))) < weight(candidate(2, LONG))
    assert weight(candidate(3, LONG, rating=stars(1))) > weight(candidate(2, LONG))


def test_long_quotes_end_at_a_word() -> None:
    short = clean("word " * 100, 50)
    assert len(short) <= 50
    assert short.endswith("word…")


def test_only_web_addresses_become_links() -> None:
    assert safe_url("https://shop.example/1") == "https://shop.example/1"
    assert safe_url("javascript:alert(1)") is None
    assert safe_url("data:text/html,x") is None
    assert safe_url("https://[broken") is None


def test_words_are_distinctive_in_every_script() -> None:
    earlier = {
        "ru": "Товар сломался",
        "cs": "Zboží se rozbilo",
        "fa": "کالا خراب شد",
        "en": "It broke at once",
    }
    now = {
        "ru": "Курьер опоздал",
        "cs": "Kurýr přijel pozdě",
        "fa": "پیک دیر رسید",
        "en": "The courier was late",
    }
    for language, expected in (("ru", "курьер"), ("cs", "kurýr"), ("fa", "پیک"), ("en", "courier")):
        topics = distinctive(complaints(language, now[language], earlier[language]), ())
        assert any(expected in topic.words for topic in topics)
        assert all(topic.texts == topic.of == 12 for topic in topics)


def test_a_usual_week_shares_no_words() -> None:
    same = "The courier was late"
    assert distinctive(complaints("en", same, same), ()) == []


def test_what_few_complaints_hold_explains_no_fall() -> None:
    many = [Said(n, "en", "now", "The lamp is dark", f"{n}") for n in range(100, 160)]
    said = complaints("en", "The courier was late", "The lamp is dark")
    assert distinctive(said, ()) != []
    assert distinctive([*said, *many], ()) == []


def complaints(language: str, now: str, before: str) -> list[Said]:
    """Twelve of the week, each of another author, and twenty before."""
    return [
        Said(n, language, "now" if n < 12 else "before", now if n < 12 else before, f"author {n}")
        for n in range(32)
    ]
