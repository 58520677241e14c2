"""What a reader sees of a review: no markup, no invisible characters, nothing cut in half."""

from __future__ import annotations

import pytest

from monitor.normalise.text import clean, clean_line, cut, fold, html_to_text, unescape_plain

ZWNJ = "\u200c"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<div>Rychlé</div><div>dodání</div>", "Rychlé\ndodání"),
        ("<ul><li>výhoda</li><li>nevýhoda</li></ul>", "výhoda\n\nnevýhoda"),
        ("<table><tr><td>Цена</td><td>5</td></tr></table>", "Цена 5"),
        ("Very <b>good</b> <a href='https://x.example'>shop</a>", "Very good shop"),
        ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
        ("look <img src=x alt='a hidden word'> here", "look here"),
        ("<!-- note -->shown", "shown"),
        ("line\n   broken\nin source", "line\n broken\nin source".replace("\n ", "\n")),
        ("<p>line\n   broken\nin source</p>", "line broken in source"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("&lt;p&gt;escaped&lt;/p&gt;&lt;p&gt;markup&lt;/p&gt;", "escaped\n\nmarkup"),
        ("I &lt;3 it, 2 &lt; 3", "I <3 it, 2 < 3"),
        ("<p class='never closed>gone", ""),
        ("<b>bold <i>both</b> italic</i>", "bold both italic"),
        ("سلام<br>خوب بود", "سلام\nخوب بود"),
        ("a&nbsp;&nbsp;b", "a b"),
    ],
)
def test_html_reads_as_its_text(raw: str, expected: str) -> None:
    lines = clean(html_to_text(raw)).split("\n")
    assert [line for line in lines if line] == [line for line in expected.split("\n") if line]


def test_paragraphs_stay_apart_by_one_empty_line() -> None:
    assert clean(html_to_text("<p>One</p>\n\n\n<p>Two<br>lines</p>")) == "One\n\nTwo\nlines"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("I <3 this & that", "I <3 this & that"),
        ("if a < b and b > c", "if a < b and b > c"),
        ("Great shop&#33; Tom &amp; Jerry", "Great shop! Tom & Jerry"),
        ("first<br />second", "first\nsecond"),
        ("1 < 2<br>second", "1 < 2\nsecond"),
        ("AT&T", "AT&T"),
        ("&lt;b&gt;bold&lt;/b&gt; words", "bold words"),
        ("keeps\nits\nlines<br>too", "keeps\nits\nlines\ntoo"),
    ],
)
def test_plain_text_loses_stray_markup_and_nothing_else(raw: str, expected: str) -> None:
    assert clean(unescape_plain(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("nul\x00l", "null"),
        ("gnp\u202e.exe", "gnp.exe"),
        ("a\u2066b\u2069c\u200e\u200fd\u200be\ufefff", "abcdef"),
        ("lone \ud83d surrogate", "lone surrogate"),
        ("soft\u00adhyphen", "softhyphen"),
        ("cafe\u0301", "café"),
        ("й как и\u0306", "й как й"),
        ("  many   blanks \t here  ", "many blanks here"),
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        (f"می{ZWNJ}خواهم", f"می{ZWNJ}خواهم"),
        (f"{ZWNJ}سلام{ZWNJ} دنیا{ZWNJ}", "سلام دنیا"),
        (f"کتاب{ZWNJ}{ZWNJ}ها", f"کتاب{ZWNJ}ها"),
        ("👨\u200d👩\u200d👧 rodina", "👨\u200d👩\u200d👧 rodina"),
        ("a\u200db", "ab"),
        ("z" + "\u0301" * 500, "ź" + "\u0301" * 3),
        ("", ""),
        (" \u200b\x00 ", ""),
    ],
)
def test_invisible_characters_do_not_reach_the_store(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@pytest.mark.parametrize("letter", ["a", "é", "👍🏽", "👨‍👩‍👧", "🇨🇿", "ни\u0301", "می" + ZWNJ])
def test_a_long_text_is_cut_between_letters(letter: str) -> None:
    short = cut(letter * 100, 50)
    assert 0 < len(short) <= 50
    assert (letter * 100).startswith(short)
    assert not short.endswith(("\u200d", ZWNJ))
    if letter == "🇨🇿":
        assert len(short) % 2 == 0


def test_a_text_of_the_limit_is_not_cut() -> None:
    assert clean("x" * 20, 20) == "x" * 20
    assert clean("x" * 21, 20) == "x" * 20
    assert clean(" " * 1000 + "after many blanks", 20) == "after many blanks"


def test_a_name_is_one_line() -> None:
    assert clean_line("  Jana\n Nováková&nbsp;") == "Jana Nováková"
    assert clean_line("\u200b") is None
    assert clean_line(None) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Příliš ŽLUŤOUČKÝ kůň", "prilis zlutoucky kun"),
        ("Ёлка ЕЩЁ", "елка еще"),
        ("كتاب يك", "کتاب یک"),
        (f"کتاب{ZWNJ}ها", "کتابها"),
        ("کـــتاب", "کتاب"),
        ("كِتَابٌ", "کتاب"),
        ("۱۲۳ ٤٥٦", "123 456"),
        ("Straße", "strasse"),
        ("ＦＵＬＬ", "full"),
        ("Łódź", "lodz"),
        ("замо\u0301к", "замок"),
        ("آقا", "اقا"),
        ("ﻛﺘﺎﺏ", "کتاب"),
    ],
)
def test_spellings_of_one_word_compare_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other) == other or fold(one) == fold(other)


def test_folding_keeps_letters_that_differ() -> None:
    assert fold("й") != fold("и")
    assert fold("ш") != fold("щ")
    assert fold("پ") != fold("ب")
