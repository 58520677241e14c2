"""Columns of a questionnaire are recognised in four languages, and nothing is taken for a score."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import UsageError
from monitor.surveys.importers import read_survey
from monitor.surveys.mapping import SurveyMapping, guess_mapping, resolve
from monitor.tables import Table

WORDS = ("Vše v pořádku", "Balík byl poškozený", "Nemám co dodat", "Rychlé a milé jednání")


def table(folder: Path, headings: list[str], *columns: list[object]) -> Table:
    lines = [";".join(headings)]
    lines += [";".join(map(str, row)) for row in zip(*columns, strict=True)]
    path = folder / "survey.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_survey(path)


PEOPLE = ["K-1", "K-2", "K-3", "K-4"]
DAYS = ["2026-11-01 10:00", "2026-11-02 11:30", "2026-11-03 12:00", "2026-11-04 09:00"]


@pytest.mark.parametrize(
    "headings",
    [
        (
            "Customer ID",
            "Submitted",
            "How likely are you to recommend us to a friend?",
            "Overall, how satisfied are you?",
            "How easy was it to solve your problem?",
            "How satisfied are you with the delivery?",
            "Support",
            "Store",
            "What should we improve?",
        ),
        (
            "ID клиента",
            "Дата ответа",
            "Насколько вероятно, что вы порекомендуете нас?",
            "Насколько вы довольны в целом?",
            "Насколько легко было решить вопрос?",
            "Оцените доставку",
            "Поддержка",
            "Магазин",
            "Ваш комментарий",
        ),
        (
            "Číslo zákazníka",
            "Datum odpovědi",
            "Doporučil(a) byste nás známým?",
            "Jak jste celkově spokojeni?",
            "Jak snadné bylo vyřešit váš požadavek?",
            "Jak jste byli spokojeni s doručením?",
            "Podpora",
            "Prodejna",
            "Co můžeme zlepšit?",
        ),
        (
            "کد مشتری",
            "تاریخ پاسخ",
            "چقدر احتمال دارد ما را به دوستان خود توصیه کنید؟",
            "رضایت کلی شما چقدر است؟",
            "حل مشکل شما چقدر آسان بود؟",
            "رضایت از تحویل سفارش",
            "پشتیبانی",
            "شعبه",
            "نظر شما",
        ),
    ],
    ids=["en", "ru", "cs", "fa"],
)
def test_a_questionnaire_is_recognised_in_each_language(tmp_path, headings):
    person, moment, recommend, overall, ease, delivery, support, store, comment = headings
    found = guess_mapping(
        table(
            tmp_path,
            list(headings),
            PEOPLE,
            DAYS,
            [0, 7, 9, 10],
            [1, 4, 5, 3],
            [7, 2, 6, 5],
            [5, 5, 4, ""],
            [2, 3, 4, 5],
            ["A", "B", "A", "B"],
            list(WORDS),
        )
    )
    assert found == SurveyMapping(
        respondent=person,
        answered_at=moment,
        nps=recommend,
        csat=overall,
        ces=ease,
        stages={"delivery": delivery, "support": support},
        location=store,
        comment=comment,
    )


def test_a_question_why_is_a_comment_and_no_score(tmp_path):
    found = guess_mapping(
        table(
            tmp_path,
            ["id", "Recommend (0-10)", "Why would you recommend us?"],
            PEOPLE,
            [9, 10, 3, 7],
            list(WORDS),
        )
    )
    assert (found.nps, found.comment) == ("Recommend (0-10)", "Why would you recommend us?")


def test_a_column_of_other_numbers_is_not_taken_for_a_score(tmp_path):
    found = guess_mapping(
        table(
            tmp_path,
            ["id", "Whom would you recommend us to?", "Delivery days", "Order value", "Quality"],
            PEOPLE,
            ["friends", "nobody", "family", "friends"],
            [12, 14, 3, 1],
            [120, 450, 90, 5],
            ["high", "low", "high", "low"],
        )
    )
    assert not found.says_something


def test_promoter_groups_that_a_tool_computed_are_left_alone(tmp_path):
    found = guess_mapping(
        table(tmp_path, ["Q1_NPS_GROUP", "Q1 recommend"], [1, 2, 3, 3], [3, 7, 9, 10])
    )
    assert found.nps == "Q1 recommend"


def test_a_mail_address_that_few_left_does_not_name_the_respondents(tmp_path):
    found = guess_mapping(
        table(tmp_path, ["Email", "Response ID"], ["a@example.com", "", "", ""], PEOPLE)
    )
    assert found.respondent == "Response ID"


def test_configured_columns_are_found_by_name_question_and_in_any_case(tmp_path):
    answers = table(tmp_path, ["Customer ID", "How likely … recommend us?"], PEOPLE, [1, 2, 3, 4])
    named = SurveyMapping(respondent="customer id", nps="how likely ... recommend us")
    assert resolve(named, answers) == SurveyMapping(
        respondent="Customer ID", nps="How likely … recommend us?"
    )


def test_a_configured_column_that_is_not_there_is_named_with_those_that_are(tmp_path):
    answers = table(tmp_path, ["Customer ID", "Score"], PEOPLE, [1, 2, 3, 4])
    with pytest.raises(UsageError, match=r"no column 'NPS' \(nps\); it has Customer ID, Score"):
        resolve(SurveyMapping(nps="NPS"), answers)
    with pytest.raises(UsageError, match=r"'Q4' \(stages\.delivery\)"):
        resolve(SurveyMapping(stages={"delivery": "Q4"}), answers)
