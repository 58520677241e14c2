"""Two spellings of one text read alike."""

import pytest

from models.text import CAPS, STRETCH, URL, USER, fold, fold_many, without_diacritics


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كيفيت عالي", "کیفیت عالی"),
        ("می‌شود", "می شود"),
        ("مـــحصول", "محصول"),
        ("بَد", "بد"),
        ("۱۲۳ ٤٥", "123 45"),
        ("Всё хорошо", "Все хорошо"),
        ("it’s fine", "its fine"),
        ("do n't buy", "don't buy"),
        ("good<br />bad", "good bad"),
        ("you &amp; me", "you & me"),
        ("ﬁne", "fine"),
        ("so good!!!!!!!", "so good!!!"),
    ],
)
def test_spellings_of_one_text_fold_to_the_same_form(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_links_and_users_are_masked() -> None:
    assert fold("see https://a.example/b?c=1 @vasya") == f"see {URL} {USER}"


def test_an_address_inside_a_word_is_no_user() -> None:
    assert USER not in fold("write to help@shop.example")


def test_shouting_and_stretching_leave_a_mark_beside_the_plain_word() -> None:
    assert fold("ОЧЕНЬ") == f"очень {CAPS}"
    assert fold("soooo goooood") == f"so {STRETCH} god {STRETCH}"


def test_emoji_stand_alone_without_skin_tone() -> None:
    assert fold("топ👍🏽👍🏽") == "топ 👍 👍"


def test_different_words_stay_different() -> None:
    assert fold("хорошо") != fold("плохо")
    assert fold("hodný") != fold("hodny")


def test_a_batch_folds_like_its_texts_one_by_one() -> None:
    texts = ["", "два\nряда", "tři\r\nřádky", "سه\u2028خط", "x\x85y", " ", "a & b &lt;", "😀\n\n"]
    assert fold_many(texts) == [fold(text) for text in texts]
    assert len(fold_many(texts)) == len(texts)


def test_a_mark_written_by_a_user_is_not_believed() -> None:
    assert URL not in fold(f"fake {URL}")


def test_czech_accents_can_be_dropped() -> None:
    assert without_diacritics("Příšerně žluťoučký") == "Priserne zlutoucky"
