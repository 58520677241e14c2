"""Answers are understood as people's tools write them, and nothing else is taken for a score."""

from __future__ import annotations

import pytest

from monitor.surveys.answers import BadAnswer, choose_scale, read_answer


@pytest.mark.parametrize(
    ("text", "measure", "value"),
    [
        ("10", "nps", 10),
        ("10 - Extremely likely", "nps", 10),
        ("0 (Not at all likely)", "nps", 0),
        ("Not at all likely - 0", "nps", 0),
        ("Likely (8)", "nps", 8),
        ("Extremely likely", "nps", 10),
        ("۹", "nps", 9),
        ("4,0", "csat", 4),
        ("4.5", "csat", 4.5),
        ("5/5", "csat", 5),
        ("4 из 5", "csat", 4),
        ("۴ از ۵", "csat", 4),
        ("4 stars", "csat", 4),
        ("★★★★☆", "csat", 4),
        ("5 – Velmi spokojen", "csat", 5),
        ("۵ - خیلی راضی", "csat", 5),
        ("Very satisfied", "csat", 5),
        ("somewhat dissatisfied", "csat", 2),
        ("Velmi spokojen(a)", "csat", 5),
        ("Ani spokojen/a, ani nespokojen/a", "csat", 3),
        ("Скорее доволен (довольна)", "csat", 4),
        ("Очень недовольна", "csat", 1),
        ("خیلی راضی هستم", "csat", 5),
        ("نسبتاً ناراضی", "csat", 2),
        ("Rozhodně ano", "stage", 5),
        ("Отлично", "stage", 5),
        ("Very easy", "ces", 7),
        ("Strongly disagree", "ces", 1),
        ("Скорее сложно", "ces", 3),
        ("Velmi snadné", "ces", 7),
        ("خیلی سخت", "ces", 1),
    ],
)
def test_a_score_is_understood(text, measure, value):
    assert read_answer(text, measure) == value


@pytest.mark.parametrize(
    "text", ["", "-", "—", "N/A", "Prefer not to answer", "Не знаю", "Nevím", "نمی‌دانم"]
)
def test_no_answer_is_no_score(text):
    assert read_answer(text, "csat") is None


@pytest.mark.parametrize(
    ("text", "measure", "cause"),
    [
        ("11", "nps", "11 is not between 0 and 10"),
        ("-1", "nps", "-1 is not between 0 and 10"),
        ("0", "csat", "0 is not between 1 and 5"),
        ("8", "ces", "8 is not between 1 and 7"),
        ("7 из 10", "csat", "on another scale"),
        ("1-2 days", "csat", "not understood"),
        ("80 %", "nps", "not understood"),
        ("18-29", "nps", "not understood"),
        ("lovely", "csat", "not understood"),
    ],
)
def test_what_is_no_score_is_named(text, measure, cause):
    with pytest.raises(BadAnswer, match=cause):
        read_answer(text, measure)


def test_very_satisfied_is_second_best_where_extremely_satisfied_occurs():
    two_way = ["Very satisfied", "Satisfied", "Very dissatisfied"]
    one_way = ["Extremely satisfied", "Very satisfied", "Not so satisfied"]
    assert read_answer("Very satisfied", "csat", choose_scale(two_way, "csat")) == 5
    assert read_answer("Very satisfied", "csat", choose_scale(one_way, "csat")) == 4


def test_good_depends_on_whether_very_good_occurs():
    assert read_answer("Хорошо", "stage", choose_scale(["Отлично", "Хорошо"], "stage")) == 4
    longer = ["Отлично", "Очень хорошо", "Хорошо", "Плохо"]
    assert read_answer("Хорошо", "stage", choose_scale(longer, "stage")) == 3
