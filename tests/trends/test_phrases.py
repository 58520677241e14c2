"""Phrases: one to four words within a clause, inflected forms, orders and spellings as one."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.trends.phrases import Words, phrases
from monitor.trends.quoting import usual_form


def found_in(texts: list[str], language: str, names: tuple[str, ...] = ()) -> set[str]:
    """Every phrase of the texts in the form most often written."""
    words = Words(language, names)
    found = phrases(texts, words, 1, np.ones(len(texts), np.bool_))
    return {
        usual_form(words, found.stems(place), [texts[n] for n in found.texts_of(place)])
        for place in range(len(found))
    }


def test_phrases_stay_within_a_clause_and_have_no_stop_words_at_their_ends() -> None:
    assert found_in(["The delivery of the parcel failed. Twice, sadly"], "en") == {
        "delivery",
        "parcel",
        "failed",
        "delivery of the parcel",
        "parcel failed",
        "twice",
        "sadly",
    }


def test_negations_begin_phrases_but_are_none_alone() -> None:
    assert found_in(["не работает"], "ru") == {"работает", "не работает"}
    assert found_in(["it doesn’t work"], "en") == {"work", "doesn’t work"}
    assert found_in(["without"], "en") == set()
    assert found_in(["کار نمی‌کند"], "fa") >= {"کار نمی‌کند"}


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("ru", ["курьер опоздал", "Курьеры опоздали", "опоздал курьер", "ОПОЗДАЛИ курьеры"]),
        ("cs", ["poškozená krabice", "poskozene krabice", "krabici poškozenou"]),
        ("fa", ["بسته‌های خراب", "بسته های خراب", "بسته‌هاي خراب", "خراب بسته"]),
        ("en", ["late parcel", "Late parcels", "parcels were late", "parcel’s late"]),
    ],
)
def test_forms_orders_and_spellings_are_one_phrase(language: str, forms: list[str]) -> None:
    words = Words(language)
    found = phrases(forms, words, len(forms), np.ones(len(forms), np.bool_))
    assert [len(found.stems(place)) for place in range(len(found))] == [1, 1, 2]
    assert found.texts_of(2).tolist() == list(range(len(forms)))


def test_what_works_and_what_does_not_are_two_phrases_in_persian() -> None:
    words = Words("fa")
    texts = ["برنامه کار می‌کند", "برنامه کار نمی‌کند", "برنامه کار نمی کند", "برنامه کار نميكند"]
    held = phrases(texts, words, 3, np.ones(4, np.bool_))
    longest = held.stems(len(held) - 1)
    assert [bool(words.places(text, longest)) for text in texts] == [False, True, True, True]


def test_addresses_masks_and_names_break_a_phrase() -> None:
    text = "late https://shop.example/late-parcel parcel [phone] broken Zelvano kettle"
    assert found_in([text], "en", ("Zelvano",)) == {"late", "parcel", "broken", "kettle"}


def test_figures_and_short_words_are_no_phrase_alone() -> None:
    assert found_in(["error 503"], "en") == {"error", "error 503"}
    assert found_in(["503", "tv"], "en") == set()


def test_a_phrase_is_shown_as_most_people_write_it() -> None:
    words = Words("cs")
    texts = ["Kurýr DPD nepřijel", "kuryr DPD neprijel", "Kurýr DPD nepřijel", "dpd kurýr nepřijel"]
    words.read(texts[0])
    stems = [words.stems[number] for number in words.read(texts[0])]
    assert usual_form(words, stems, texts) == "kurýr DPD nepřijel"


def test_only_marked_texts_decide_what_is_usual_but_all_are_told() -> None:
    texts = ["cold soup", "cold soup", "cold soup", "warm bread", "warm bread"]
    counted = np.array([True, True, False, False, False])
    found = phrases(texts, Words("en"), 2, counted)
    assert {found.stems(place) for place in range(len(found))} == {
        ("cold",),
        ("soup",),
        ("cold", "soup"),
    }
    assert found.texts_of(0).tolist() == [0, 1, 2]
    assert found.counts(counted).tolist() == [2, 2, 2]
    assert found.counts(~counted).tolist() == [1, 1, 1]
