"""A text falls into the clauses that a reader would see."""

import pytest

from models.aspects.clauses import CONTRAST, SENTENCE, SOFT, split


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "ru",
            "Доставка долгая, но качество хорошее.",
            ["Доставка долгая", "но качество хорошее."],
        ),
        ("cs", "Obal rozbitý, jenže obsluha milá", ["Obal rozbitý", "jenže obsluha milá"]),
        ("fa", "ارسال دیر بود ولی کیفیت عالی", ["ارسال دیر بود", "ولی کیفیت عالی"]),
        ("fa", "ارسال دیر بود ولي کیفیت عالی", ["ارسال دیر بود", "ولي کیفیت عالی"]),
        ("fa", "خوب بود؛ گران؟ نه", ["خوب بود", "گران؟", "نه"]),
        ("en", "Slow delivery however the app works", ["Slow delivery", "however the app works"]),
        ("ru", "Вкусно!!! 😍 Дорого", ["Вкусно!!! 😍", "Дорого"]),
        ("ru", "Супер))) еда так себе", ["Супер)))", "еда так себе"]),
        ("ru", "Хорошо.Но дорого", ["Хорошо.", "Но дорого"]),
        ("cs", "Klady:\n- cena\n- 2) obal\n• web", ["Klady", "cena", "obal", "web"]),
    ],
)
def test_clauses_end_where_a_statement_does(language: str, text: str, expected: list[str]) -> None:
    assert [clause.text for clause in split(text, language)] == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Цена 1,5 тыс. руб. за шт."),
        ("ru", "хотя бы так"),
        ("en", "Mr. Smith paid 3.50 at 10:30 in the U.S. store"),
        ("en", "nothing but good"),
        ("cs", "Stálo to např. 1,5 Kč za kus"),
        ("fa", "قیمت ۱٬۵۰۰٫۵ تومان"),
    ],
)
def test_numbers_abbreviations_and_set_phrases_end_nothing(language: str, text: str) -> None:
    assert len(split(text, language)) == 1


def test_a_clause_says_how_it_hangs_on_the_one_before() -> None:
    joins = [clause.join for clause in split("Tasty, fresh and hot but cold soup. Bye", "en")]
    assert joins == [SENTENCE, SOFT, SOFT, CONTRAST, SENTENCE]


def test_not_only_but_also_is_no_contrast() -> None:
    for language, text in [
        ("en", "not only cheap but also good"),
        ("ru", "не только это, но и то"),
    ]:
        assert CONTRAST not in [clause.join for clause in split(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "", " \n\t", "...", "!!!", "😀", "но", ", но,, но", "a.b.c", "\u200c\u200c", "(((",
        "\x00\ud800", " " * 30_000, "😀" * 30_000,
        ")" * 5_000, "\n- " * 10_000, "a." * 10_000, "\t \t" * 9_000,
    ],
)  # fmt: skip
def test_offsets_hold_in_whatever_is_sent(text: str) -> None:
    for language in ("ru", "cs", "fa", "en", "other", ""):
        end = 0
        for clause in split(text, language):
            assert text[clause.start : clause.end] == clause.text != ""
            assert clause.start >= end
            end = clause.end
