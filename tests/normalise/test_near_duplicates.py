"""One story on two sites is recognised; short praise that everybody writes is not one story."""

from __future__ import annotations

import random

import pytest

from monitor.normalise.near_duplicates import bands, fingerprint, fingerprints, is_near

STORY = (
    "The chain said on Monday that it will close twelve of its shops in the north of the country "
    "before the end of the year, because fewer people come in and rents have risen. Unions asked "
    "for talks and said that two hundred jobs are at risk. The company offered places elsewhere. "
)
TEXTS = {
    "en": STORY,
    "cs": "Objednávka přišla až po třech týdnech, na e-maily nikdo neodpovídal a balík byl "
    "poškozený. Reklamaci řeším už druhý měsíc a zatím bez výsledku.",
    "ru": "Заказ привезли только через три недели, на письма никто не отвечал, а коробка была "
    "помята. Возврат оформляю уже второй месяц, и пока безрезультатно.",
    "fa": "سفارش من بعد از سه هفته رسید و هیچ کس به ایمیل ها جواب نداد و جعبه هم آسیب دیده بود. "
    "دو ماه است که دنبال برگشت پول هستم و نتیجه ای نگرفته ام.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_case_punctuation_and_blanks_do_not_count(language: str) -> None:
    text = TEXTS[language]
    changed = text.upper().replace(".", " !!!").replace(",", " -").replace(" ", "  ")
    assert fingerprint(text) == fingerprint(changed)


def test_a_word_changed_in_a_long_story_is_near() -> None:
    text = " ".join(STORY.replace("shops", f"shops number {n}") for n in range(8))
    one, other = fingerprint(text), fingerprint(text.replace("number 3", "number three"))
    assert one is not None and other is not None
    assert is_near(one, other)
    assert set(bands(one)) & set(bands(other))


def test_different_texts_are_not_near() -> None:
    values = [fingerprint(text) for text in TEXTS.values()]
    for place, one in enumerate(values):
        for other in values[place + 1 :]:
            assert one is not None and other is not None
            assert not is_near(one, other)


@pytest.mark.parametrize(
    "text", ["", "ok", "Great shop, fast delivery", "a b c d e f g h i", "x" * 500]
)
def test_short_texts_have_no_fingerprint(text: str) -> None:
    assert fingerprint(text) is None


def test_many_at_once_are_as_one_by_one() -> None:
    chosen = random.Random(5)
    texts = [" ".join(chosen.choices("abcdefghij", k=chosen.randint(0, 60))) for _ in range(700)]
    assert fingerprints(texts) == [fingerprint(text) for text in texts]
    assert fingerprints([]) == []


def test_a_fingerprint_fits_a_signed_column_and_is_the_same_everywhere() -> None:
    values = [value for value in fingerprints(list(TEXTS.values())) if value is not None]
    assert all(-(2**63) <= value < 2**63 for value in values)
    # Written down: stored fingerprints must stay comparable after an update.
    assert fingerprint(STORY) == -3573041274908764912


def test_three_bits_apart_share_a_band_and_four_do_not_count_as_near() -> None:
    value = 0x0123_4567_89AB_CDEF
    for signed in (value, value - 2**63):
        assert is_near(signed, signed ^ 0b111)
        assert set(bands(signed)) & set(bands(signed ^ (1 << 3 | 1 << 19 | 1 << 35)))
        assert not is_near(signed, signed ^ 0b1111)
    assert len(set(bands(0))) == 4
