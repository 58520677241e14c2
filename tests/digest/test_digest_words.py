"""Four languages say the same things, with their own plurals, digits, dates and direction."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from babel import Locale

from monitor.digest.model import Sentence
from monitor.digest.words import Words, messages
from monitor.records import LANGUAGES, Week

WEEK = Week(date(2026, 11, 16), date(2026, 11, 23))
_FIELD = re.compile(r"\{(\w+)")


def forms(message: Any) -> list[str]:
    if isinstance(message, str):
        return [message]
    return [text for key, text in message.items() if key != "of"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_every_message(language: str) -> None:
    assert set(messages(language)) == set(messages("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_the_forms_of_its_language(language: str) -> None:
    wanted = set(Locale.parse(language).plural_form.tags) | {"other"}
    for key, message in messages(language).items():
        if not isinstance(message, str):
            assert set(message) - {"of"} == wanted, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_names_a_value_that_nobody_gives(language: str) -> None:
    for key, message in messages(language).items():
        given = {name for text in forms(messages("en")[key]) for name in _FIELD.findall(text)}
        named = {name for text in forms(message) for name in _FIELD.findall(text)}
        assert named <= given | {"n"}, key


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", {1: "1 mention", 2: "2 mentions", 5: "5 mentions", 1234: "1,234 mentions"}),
        (
            "ru",
            {
                1: "1 упоминание",
                2: "2 упоминания",
                5: "5 упоминаний",
                21: "21 упоминание",
                1234: "1 234 упоминания",
            },
        ),
        ("cs", {1: "1 zmínka", 2: "2 zmínky", 5: "5 zmínek", 1234: "1 234 zmínek"}),
        ("fa", {1: "۱ نظر", 25: "۲۵ نظر", 1234: "۱٬۲۳۴ نظر"}),
    ],
)
def test_mentions_are_counted_as_people_count(language: str, expected: dict[int, str]) -> None:
    say = Words(language, "UTC")
    for number, text in expected.items():
        assert say("mentions", n=number).replace("\u00a0", " ") == text


def test_net_sentiment_has_a_sign_and_a_true_minus() -> None:
    assert [Words("en", "UTC").net(x) for x in (32.4, -28.0, 0.2, -0.4)] == ["+32", "−28", "0", "0"]
    # The mark keeps the sign on the left of Persian digits.
    assert Words("fa", "UTC").net(-28.0) == "\u200e−۲۸"


def test_decimals_follow_the_language() -> None:
    assert [Words(one, "UTC").mean(4.25) for one in LANGUAGES] == ["4,25", "4,25", "۴٫۲۵", "4.25"]


def test_weeks_are_written_in_the_calendar_of_the_reader() -> None:
    assert Words("en", "UTC").days(WEEK) == "16–22 Nov 2026"
    assert Words("ru", "UTC").days(WEEK) == "16–22 нояб. 2026\u202fг."
    assert Words("cs", "UTC").days(WEEK).replace("\u00a0", " ") == "16.–22. 11. 2026"
    assert Words("fa", "UTC").days(WEEK) == "۲۵ آبان تا ۱ آذر ۱۴۰۵"


def test_a_persian_week_within_a_month_and_over_new_year() -> None:
    say = Words("fa", "UTC")
    assert say.days(Week(date(2026, 11, 14), date(2026, 11, 21))) == "۲۳ تا ۲۹ آبان ۱۴۰۵"
    assert say.days(Week(date(2027, 3, 20), date(2027, 3, 27))) == "۲۹ اسفند ۱۴۰۵ تا ۶ فروردین ۱۴۰۶"


def test_moments_are_told_in_the_zone_of_the_brand() -> None:
    moment = datetime(2026, 11, 17, 22, 30, tzinfo=UTC)
    assert Words("en", "Europe/Prague").moment(moment) == "Tuesday 17\u00a0Nov, 23:30"
    assert Words("fa", "Asia/Tehran").moment(moment) == "چهارشنبه ۲۷ آبان، ساعت ۰۲:۰۰"


def test_names_in_another_script_cannot_turn_the_sentence() -> None:
    assert Words("fa", "UTC").isolated("Zelvano") == "\u2068Zelvano\u2069"
    assert Words("en", "UTC").isolated("Zelvano") == "Zelvano"
    assert "\u202e" not in Words("en", "UTC").isolated("Zel\u202evano\nX")
    assert "\n" not in Words("en", "UTC").isolated("Zel\u202evano\nX")


def test_a_long_list_of_names_is_cut() -> None:
    sentence = Sentence("line_blind", {"names": tuple("abcdefgh")})
    assert Words("en", "UTC").say(sentence) == "Did not answer: a, b, c, d, e, f and 2 more."


def test_braces_in_a_name_are_no_template() -> None:
    assert "{n}" in Words("en", "UTC").say(Sentence("line_blind", {"names": ("{n}",)}))


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="ru, cs, fa, en"):
        Words("de", "UTC")
