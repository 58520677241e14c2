"""A reader finds a review by any form of a word, in any of the four languages."""

from __future__ import annotations

import random
import sqlite3

import pytest

from monitor.normalise import search_query, search_text

ZWNJ = "\u200c"


def finds(query: str, text: str, language: str, title: str | None = None) -> bool:
    db = sqlite3.connect(":memory:")
    try:
        db.execute("CREATE VIRTUAL TABLE found USING fts5(words)")
        db.execute("INSERT INTO found VALUES (?)", (search_text(title, text, language),))
        rows = db.execute("SELECT 1 FROM found WHERE found MATCH ?", (search_query(query),))
        return rows.fetchone() is not None
    finally:
        db.close()


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("доставка", "Сказали, что доставкой займутся позже", "ru"),
        ("курьеров", "Курьер приехал вовремя", "ru"),
        ("елка", "Купили ёлку", "ru"),
        ("ёлки", "Купили елку", "ru"),
        ("ДОСТАВКИ", "доставку ждали", "ru"),
        ("pračka", "Koupili jsme dvě pračky", "cs"),
        ("pracce", "O pračce nic nevím", "cs"),
        ("objednávek", "moje objednávka nedorazila", "cs"),
        ("objednavka", "vyřízení objednávek trvá", "cs"),
        ("služba", "úroveň služeb klesá", "cs"),
        ("kniha", "v knize chyběly strany", "cs"),
        ("rychlý", "nejrychlejší doručení", "cs"),
        ("čekat", "čekali jsme měsíc", "cs"),
        ("problémem", "samé problémy", "cs"),
        ("problém", "bez problemu", "cs"),
        ("dárek", "poslali bez dárku", "cs"),
        ("reklamaci", "reklamace trvala dlouho", "cs"),
        ("reviews", "I read one review", "en"),
        ("delivering", "it was delivered late", "en"),
        ("کتاب", f"کتاب{ZWNJ}های خوبی داشت", "fa"),
        ("کتابها", f"این کتاب{ZWNJ}ها خوب است", "fa"),
        ("کتاب ها", "کتابهای خوب", "fa"),
        (f"کتاب{ZWNJ}ها", "كتابهاي خوب", "fa"),
        ("گوشي", "گوشی خوبیه", "fa"),
        ("گوشی", f"گوشي{ZWNJ}هاي جدید", "fa"),
        ("می خواهم", f"می{ZWNJ}خواهم بخرم", "fa"),
        ("میخواهم", f"می{ZWNJ}خواهم بخرم", "fa"),
        ("مشتری", "احترام به مشتریان", "fa"),
        ("خرید", "من این را خریدم", "fa"),
        ("قیمت", "قیمتش بالا بود", "fa"),
        ("خانه", f"خانه{ZWNJ}های قدیمی", "fa"),
        ("2026", "سال ۲۰۲۶", "fa"),
        ("iphone", "купил iPhone вчера", "ru"),
        ("iPhones", "بهترین iPhone", "fa"),
        ("pračka", "pracku som kúpil", "sk"),
        ("Kaffee", "guter Kaffee", "de"),
        ("e-shop", "Dobrý e-shop", "cs"),
        ("don't", "I don't like it", "en"),
    ],
)
def test_another_form_of_the_word_is_found(query: str, text: str, language: str) -> None:
    assert finds(query, text, language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        ("доставка", "Курьер приехал вовремя", "ru"),
        ("pračka", "lednice i myčka", "cs"),
        ("reklama", "reklamace trvala dlouho", "cs"),
        ("کتاب", "گوشی خوبی بود", "fa"),
        ("delivery", "nice staff", "en"),
    ],
)
def test_another_word_is_not_found(query: str, text: str, language: str) -> None:
    assert not finds(query, text, language)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("rychlá doprava", True),
        ("rychlá pračka", False),
        ('"doprava rychlá"', True),
        ('"rychlá doprava"', False),
        ("doprava -pračka", True),
        ("doprava -rychlá", False),
        ('doprava -"velmi rychlá"', True),
        ("dopr*", True),
        ("doprava*", True),
        ("myč*", False),
        ("doprava AND OR NOT NEAR", False),
        ('"doprava', True),
        ("-doprava", False),
        ("", False),
        ("   ", False),
        ("***", False),
    ],
)
def test_words_phrases_exclusions_and_prefixes(query: str, expected: bool) -> None:
    assert finds(query, "Doprava rychlá, obal pěkný.", "cs") is expected


def test_the_title_is_searched_too() -> None:
    assert finds("доставка", "Всё хорошо", "ru", title="О доставке")


@pytest.mark.parametrize(
    "query",
    ['"', '""', "'", "(", ")", "a AND", "NEAR(", "x:y", "^a", "a^", "*", "-", "--", "+", "{a b}",
     "a\x00b", "\ud800", "a" * 5000, '"' * 500, "- - -", "a OR", "NOT a", "; DROP TABLE x", "-*",
     "\u200c", "🙂", "a " * 400, '-"', '"a" "', "col : x", "\\", "%_", "ـ"],
)  # fmt: skip
def test_whatever_is_typed_is_a_valid_search(query: str) -> None:
    assert finds(query, "some text", "en") in (True, False)


def test_random_typing_is_a_valid_search() -> None:
    letters = "abcé*\"-()^:{}+ANDORNOT NEAR,'\\\x00;š\u200cـ_.٤ #@!?%&|~`\n\t"
    chosen = random.Random(7)
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE found USING fts5(words)")
    for _ in range(2000):
        typed = "".join(chosen.choices(letters, k=chosen.randint(0, 25)))
        db.execute("SELECT 1 FROM found WHERE found MATCH ?", (search_query(typed),)).fetchall()
    db.close()
