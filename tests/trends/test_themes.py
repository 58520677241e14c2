"""Themes planted among noise are found in four languages; a usual week has none."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from theme_texts import WEEK, Writer

from monitor.trends.theme_model import Found, Said, Theme
from monitor.trends.themes import MOST_THEMES, themes, with_aspects

LANGUAGES = ("ru", "cs", "fa", "en")
COURIER = {"ru": "курьер", "cs": "kurýr", "fa": "پیک", "en": "courier"}
RUDE = {"ru": "нагруб", "cs": "hrub", "fa": "بی‌ادب", "en": "rude"}


def only(found: Found) -> Theme:
    assert len(found.themes) == 1, [theme.phrase for theme in found.themes]
    return found.themes[0]


def test_planted_themes_are_found_in_every_language_in_all_their_forms() -> None:
    writer = Writer(1)
    said = [one for language in LANGUAGES for one in writer.usual(language)]
    planted = {language: writer.planted(language) for language in LANGUAGES}
    found = themes([*said, *(one for part in planted.values() for one in part)])
    assert {theme.language for theme in found.themes} == set(LANGUAGES)
    for language in LANGUAGES:
        first = next(theme for theme in found.themes if theme.language == language)
        assert COURIER[language] in first.phrase and RUDE[language] in first.phrase, first.phrase
        assert (first.mentions, first.authors) == (12, 12)
        looked = next(one for one in found.languages if one.language == language)
        assert (first.of, first.of_before) == (looked.mentions, looked.before)
        assert 45 <= first.of <= 52 and 190 <= first.of_before <= 200
        assert first.mention_ids == tuple(one.mention_id for one in planted[language])
        assert (first.mentions_before, first.share_before, first.is_new) == (0, 0, True)
        assert first.p_value < 0.001
    # Each theme is told once, and nothing else is one.
    assert len(found.themes) == len(LANGUAGES)


def test_a_theme_that_grew_is_told_with_its_growth_and_weeks() -> None:
    writer = Writer(2)
    weeks = [WEEK - timedelta(weeks=back) for back in range(11, -1, -1)]
    before = [
        writer.say("en", "before", "The courier was rude", week=weeks[n]) for n in range(5, 9)
    ]
    said = [*writer.usual("en"), *writer.planted("en"), *before]
    theme = only(themes(said, weeks=weeks))
    assert (theme.mentions, theme.mentions_before) == (12, 4)
    assert theme.share_before == pytest.approx(4 / theme.of_before)
    assert theme.growth == pytest.approx((12 / theme.of) / (4 / theme.of_before))
    assert theme.is_new is False
    assert [point.week for point in theme.weeks] == weeks
    assert [point.mentions for point in theme.weeks] == [0] * 5 + [1] * 4 + [0, 0, 12]
    assert theme.weeks[-1].of == theme.of


def test_examples_are_short_and_of_different_authors() -> None:
    writer = Writer(3)
    said = [*writer.usual("en"), *writer.planted("en", 6)]
    loud = [replace(one, author="loud") for one in writer.planted("en", 6)]
    theme = only(themes([*said, *loud]))
    assert len(theme.examples) == 3
    authors = {one.mention_id: one.author for one in loud}
    assert sum(quote.mention_id in authors for quote in theme.examples) == 1
    for quote in theme.examples:
        assert "courier" in quote.text and len(quote.text) < 180 and "\n" not in quote.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_author_alone_makes_no_theme(language: str) -> None:
    writer = Writer(4)
    alone = [replace(one, author="the same") for one in writer.planted(language)]
    assert themes([*writer.usual(language), *alone]).themes == ()


def test_copies_count_once() -> None:
    writer = Writer(5)
    text = writer.planted("en", 1)[0].text + " I want my money back and an apology."
    copies = [writer.say("en", "now", text) for _ in range(12)]
    found = themes([*writer.usual("en"), *copies])
    assert found.themes == ()
    assert found.languages[0].copies >= 11
    # An old text pasted again is no news either.
    old = writer.say("en", "before", text)
    assert themes([*writer.usual("en"), old, *copies]).languages[0].copies >= 12


def test_what_everybody_speaks_of_is_no_complaint() -> None:
    writer = Writer(6)
    sale = "Bought in the november sale"
    said = writer.usual("en")
    said += [writer.say("en", "now", f"{writer.text('en')} {sale}.") for _ in range(12)]
    without = themes(said)
    assert "november sale" in only(without).phrase
    said += [writer.say("en", "others", f"{writer.text('en')} {sale}.") for _ in range(12)]
    assert themes(said).themes == ()


def test_a_source_that_is_new_or_blind_makes_no_theme() -> None:
    writer = Writer(7)
    app = [
        writer.say("en", "now", f"{writer.text('en')} It crashes on start.", source="app")
        for _ in range(15)
    ]
    assert themes([*writer.usual("en"), *app]).themes == ()
    # The forum was blocked in this period: the shop's words have a larger share of it.
    said = writer.usual("en", before=0)
    for source, word, count in (("shop", "wobbly legs", 40), ("forum", "bad thread", 200)):
        text = f" It has {word}."
        said += [
            writer.say("en", "before", writer.text("en") + text, source=source)
            for _ in range(count)
        ]
    said += [
        writer.say("en", "now", f"{writer.text('en')} It has wobbly legs.", source="shop")
        for _ in range(30)
    ]
    said = [one for one in said if one.group != "now" or one.source == "shop"]
    assert all("wobbly" not in theme.phrase for theme in themes(said).themes)


def test_names_of_brands_are_no_theme() -> None:
    writer = Writer(8)
    said = writer.usual("ru")
    forms = ("В Зелвано обман", "обман у зелвано", "Зелвано! Северная Почта")
    said += [writer.say("ru", "now", f"{writer.text('ru')} {forms[n % 3]}.") for n in range(18)]
    phrases = [theme.phrase for theme in themes(said, ["Зелвано", "Северная Почта"]).themes]
    assert phrases == ["обман"]
    # Without the names given, they would be: this is what the names keep out.
    unnamed = [one for theme in themes(said).themes for one in (theme.phrase, *theme.also)]
    assert any("зелвано" in phrase.casefold() for phrase in unnamed)
    assert any("почта" in phrase.casefold() for phrase in unnamed)


def test_too_few_texts_are_silent_and_say_why() -> None:
    writer = Writer(9)
    few = writer.usual("en", now=4)
    found = themes(few)
    assert found.themes == ()
    assert found.languages[0].silent == "4 texts, at least 5 are needed"
    alone = themes(writer.usual("cs", now=30, others=3, before=9))
    assert "nothing to compare with: 9 texts before, 3 others" in alone.languages[0].silent


def test_without_a_past_the_other_mentions_decide_and_nothing_is_called_new() -> None:
    writer = Writer(10)
    theme = only(themes([*writer.usual("fa", before=0), *writer.planted("fa", 20)]))
    assert (theme.share_before, theme.growth, theme.is_new) == (None, None, None)
    assert theme.others == 0 and theme.of_others == 40


def test_at_most_ten_themes_a_language() -> None:
    writer = Writer(11)
    words = "anvil badger cactus dolphin easel ferret gorilla hammock igloo jaguar kayak lemur"
    said = writer.usual("en", now=80, others=100, before=400)
    for word in words.split():
        said += [writer.say("en", "now", f"{writer.text('en')} My {word} {n}.") for n in range(20)]
    found = themes(said).themes
    assert len(found) == MOST_THEMES
    assert all(set(theme.phrase.split()) & set(words.split()) for theme in found)
    scores = [theme.score for theme in found]
    assert scores == sorted(scores, reverse=True)


def test_the_aspect_whose_clauses_hold_the_phrase_is_named() -> None:
    writer = Writer(12)
    planted = writer.planted("cs")
    found = themes([*writer.usual("cs"), *planted])
    clauses = {
        one.mention_id: [("staff", "hrubí kurýři"), ("price", "balík vypadá lacině")]
        for one in planted[:3]
    }
    clauses[planted[3].mention_id] = [("delivery", "kurýr byl hrubý")]
    assert only(with_aspects(found, clauses)).aspect == "staff"
    assert only(with_aspects(found, {})).aspect is None
    one_only = {planted[3].mention_id: clauses[planted[3].mention_id]}
    assert only(with_aspects(found, one_only)).aspect is None


def shuffled(said: list[Said], rng: random.Random) -> list[Said]:
    """The same complaints, each in a week by lot: one in nine is in the period."""
    return [
        one if one.group == "others" else replace(one, group=rng.choice(["now"] + ["before"] * 8))
        for one in said
    ]


def test_a_usual_week_has_no_themes(capsys: pytest.CaptureFixture[str]) -> None:
    writer, rng = Writer(13), random.Random(14)
    weeks = false_alarms = 0
    for language in LANGUAGES:
        said = writer.usual(language, now=0, others=60, before=360)
        for _ in range(50):
            weeks += 1
            false_alarms += bool(themes(shuffled(said, rng)).themes)
    with capsys.disabled():
        print(f"\nfalse alarms: {false_alarms} of {weeks} usual weeks")
    assert weeks == 200
    assert false_alarms <= 0.02 * weeks


def test_beside_a_real_theme_nothing_false_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    writer, rng = Writer(15), random.Random(16)
    rounds, found_first, false = 30, 0, 0
    said = writer.usual("en", now=0, others=60, before=360)
    for _ in range(rounds):
        found = themes([*shuffled(said, rng), *writer.planted("en")]).themes
        found_first += bool(found) and "courier" in found[0].phrase
        false += sum("courier" not in one.phrase and "rude" not in one.phrase for one in found)
    with capsys.disabled():
        print(f"\nplanted theme first in {found_first} of {rounds} weeks, {false} false beside it")
    assert found_first == rounds
    assert false <= 0.05 * rounds


def test_parts_of_one_theme_are_one_row() -> None:
    writer = Writer(17)
    forms = ("Rude courier came", "The courier was rude", "rude courier", "rude")
    said = writer.usual("en")
    said += [writer.say("en", "now", f"{writer.text('en')} {forms[n % 4]}.") for n in range(32)]
    theme = only(themes(said))
    assert theme.phrase.lower() in ("rude courier", "courier was rude")
    assert (theme.mentions, theme.stems) == (24, ("rude", "courier"))
    assert any("came" in phrase for phrase in theme.also)
