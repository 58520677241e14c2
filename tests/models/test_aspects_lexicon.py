"""Words name the aspects they should, in every spelling, and no others."""

import pytest

from models.aspects.lexicon import LANGUAGES, Lexicon, parse, words
from models.aspects.stages import ASPECTS
from models.text import fold


def named(text: str, language: str, **extra: list[str]) -> set[str]:
    hits = Lexicon.open(language, extra).find(words(fold(text)))
    return {hit.aspect for hit in hits if not hit.aspect.startswith("(")}


@pytest.mark.parametrize(
    ("language", "text", "aspect"),
    [
        ("ru", "цены кусаются", "price"),
        ("ru", "курьер приехал", "delivery"),
        ("ru", "пришёл брак", "quality"),
        ("ru", "вернули деньги", "returns"),
        ("cs", "cena", "price"),
        ("cs", "obsluha byla milá", "staff"),
        ("cs", "reklamace", "support"),
        ("cs", "aplikace padá", "app_site"),
        ("fa", "قیمتش بالا بود", "price"),
        ("fa", "پشتیبانی جواب نمیده", "support"),
        ("fa", "بسته‌بندی", "packaging"),
        ("en", "The courier came", "delivery"),
        ("en", "I want a refund", "returns"),
        ("en", "spotless rooms", "cleanliness"),
    ],
)
def test_terms_are_found(language: str, text: str, aspect: str) -> None:
    assert aspect in named(text, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("cs", "doručení zpožděné, příliš drahé", "doruceni zpozdene, prilis drahe"),
        ("fa", "بسته‌بندی", "بسته بندی"),
        ("fa", "بسته‌بندی", "بستهبندی"),
        ("fa", "كيفيت و پشتيباني", "کیفیت و پشتیبانی"),
        ("ru", "ЧЁТКАЯ ПОДДЕРЖКА, вернём", "четкая поддержка, вернем"),
    ],
)
def test_spellings_name_the_same(language: str, one: str, other: str) -> None:
    assert named(one, language) == named(other, language) != set()


@pytest.mark.parametrize(
    ("language", "text", "aspect"),
    [
        ("ru", "ценный совет", "price"),
        ("ru", "не стоит покупать", "price"),
        ("ru", "доставило удовольствие", "delivery"),
        ("ru", "качество обслуживания", "quality"),
        ("ru", "коробка передач", "packaging"),
        ("ru", "обязательно вернусь сюда", "returns"),
        ("cs", "cenný zdroj", "price"),
        ("cs", "rádi se vrátíme", "returns"),
        ("cs", "hlasitost", "atmosphere"),
        ("cs", "držák na telefon", "staff"),
        ("fa", "بهانه", "price"),
        ("fa", "سرویس بهداشتی", "staff"),
        ("fa", "تشکر", "atmosphere"),
        ("en", "user friendly", "staff"),
        ("en", "customer service", "staff"),
        ("en", "as long as it is online", "speed"),
        ("en", "noise cancelling", "returns"),
    ],
)
def test_look_alikes_are_not_found(language: str, text: str, aspect: str) -> None:
    assert aspect not in named(text, language)


def test_a_company_adds_its_own_terms_and_aspects() -> None:
    assert named("klubová karta", "cs", price=["klubov* kart*"]) == {"price"}
    assert named("прокат лыж", "ru", rental=["прокат*"]) == {"rental"}
    assert "price" not in named("Price Street", "en", price=["!price street"])


def test_longer_terms_win_over_shorter_ones() -> None:
    hits = Lexicon.open("", {"price": ["cheap +", "cheap plastic -"]}).find(["cheap", "plastic"])
    assert [(hit.start, hit.end, hit.polarity) for hit in hits] == [(0, 2, -1)]


@pytest.mark.parametrize("term", ["", "*", "!", "a*", "in*side", "...", "+"])
def test_a_term_that_cannot_be_read_is_refused(term: str) -> None:
    with pytest.raises(ValueError, match="term"):
        Lexicon.open("en", {"price": [term]})


def test_a_wrong_line_is_named() -> None:
    with pytest.raises(ValueError, match="line 3"):
        parse("// comment\n[price]\nin*side\n")
    with pytest.raises(ValueError, match="stands under no"):
        parse("price")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_every_aspect(language: str) -> None:
    lexicon = Lexicon.open(language)
    entries = [
        t for table in (lexicon._exact, lexicon._prefix) for ts in table.values() for t in ts
    ]
    for aspect in ASPECTS:
        assert sum(term.aspect == aspect and not term.guard for term in entries) >= 60, aspect
    strange = {term.aspect for term in entries if not term.aspect.startswith("(")} - {*ASPECTS}
    assert not strange
