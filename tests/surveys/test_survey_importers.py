"""Survey exports come in whole: every row is a response or a reject that says why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.records import Reject, SurveyResponse
from monitor.surveys.importers import Reading, read_responses, read_survey
from monitor.surveys.mapping import SurveyMapping

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
READING = Reading("after-delivery", "Europe/Prague", NOW)
RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "surveys"

# Records below the first heading row as recordings/INDEX.md counts them, and how many of them are
# further heading rows.
RECORDED = {
    "StarWars.csv": (1187, 1),
    "comma-survey.csv": (1129, 0),
    "MIDWEST.csv": (2779, 1),
    "thanksgiving-2015-poll-data.csv": (1058, 0),
    "steak-risk-survey.csv": (551, 1),
    "weather-check.csv": (928, 0),
    "qualtrics_sample.csv": (3, 2),
}


def read(
    folder: Path, text: str, mapping: SurveyMapping | None = None, reading: Reading = READING
) -> list[SurveyResponse | Reject]:
    path = folder / "survey.csv"
    path.write_text(text, encoding="utf-8")
    return list(read_responses(read_survey(path), mapping, reading))


def test_a_plain_export_gives_scores_as_given(tmp_path):
    text = (
        "Response ID,Submit Date (UTC),How likely are you to recommend us?,Delivery,Segment,"
        "Tell us more\n"
        "a1,2026-11-20 10:00:00,10 - Extremely likely,Very satisfied,new,All good here\n"
        "a2,2026-11-20 11:00:00,3,,new,-\n"
    )
    first, second = read(tmp_path, text)
    assert first == SurveyResponse(
        "a1",
        datetime(2026, 11, 20, 10, tzinfo=UTC),
        nps=10,
        stages={"delivery": 5},
        segment="new",
        comment="All good here",
    )
    assert (second.nps, second.stages, second.comment) == (3, {}, None)


def test_a_score_out_of_range_is_a_reject_with_line_and_cause(tmp_path):
    mapping = SurveyMapping(respondent="id", nps="nps", stages={"delivery": "d"})
    found = read(tmp_path, "id,nps,d\n1,11,5\n2,9,6\n3,9,5\n4,9\n", mapping)
    assert [(one.place, one.cause) for one in found if isinstance(one, Reject)] == [
        ("survey.csv:2", "nps: 11 is not between 0 and 10"),
        ("survey.csv:3", "delivery: 6 is not between 1 and 5"),
        ("survey.csv:5", "2 cells where the headings have 3"),
    ]
    assert {one.source for one in found if isinstance(one, Reject)} == {"after-delivery"}
    assert sum(isinstance(one, SurveyResponse) for one in found) == 1


def test_anonymous_answers_get_names_that_stay_and_equal_rows_are_two_people(tmp_path):
    text = "nps,comment\n9,fine\n9,fine\n3,bad\n"
    first = [one.respondent for one in read(tmp_path, text)]
    assert len(set(first)) == 3
    assert [one.respondent for one in read(tmp_path, text)] == first
    longer = [one.respondent for one in read(tmp_path, text + "5,so so\n")]
    assert longer[:3] == first


def test_days_and_months_are_told_apart_by_the_whole_column(tmp_path):
    text = "id,Timestamp,nps\n1,11/10/2026 9:30:00,9\n2,11/20/2026 9:30:00,9\n"
    assert [one.answered_at.day for one in read(tmp_path, text)] == [10, 20]
    text = "id,Timestamp,nps\n1,10/11/2026 9:30:00,9\n2,20/11/2026 9:30:00,9\n"
    assert [one.answered_at.day for one in read(tmp_path, text)] == [10, 20]


def test_persian_dates_and_digits_are_read(tmp_path):
    text = "کد مشتری,تاریخ پاسخ,احتمال توصیه\nم۱,۱۴۰۵/۰۸/۲۹,۹\nم۲,۱۴۰۵/۰۸/۳۰,۱۰\n"
    found = read(tmp_path, text, reading=Reading("s", "Asia/Tehran", NOW))
    assert [(one.nps, one.answered_at.date().isoformat()) for one in found] == [
        (9, "2026-11-19"),  # midnight in Tehran is half past eight the evening before in UTC
        (10, "2026-11-20"),
    ]


def test_a_time_without_zone_is_the_brands_and_one_marked_utc_is_utc(tmp_path):
    text = "id,{},nps\n1,2026-11-20 10:00:00,9\n"
    (local,) = read(tmp_path, text.format("Submitted at"))
    (marked,) = read(tmp_path, text.format("Submit Date (UTC)"))
    assert (local.answered_at.hour, marked.answered_at.hour) == (9, 10)


def test_an_unfinished_answer_and_an_unreadable_time_are_rejects(tmp_path):
    mapping = SurveyMapping(respondent="id", answered_at="submitdate", nps="q")
    text = "id,submitdate,q\n1,2026-11-20 10:00:00,9\n2,,5\n3,soon,5\n"
    found = read(tmp_path, text, mapping)
    assert [one.cause for one in found if isinstance(one, Reject)] == [
        "no time of the answer in 'submitdate': not finished?",
        "no believable time of the answer: 'soon'",
    ]


def test_a_file_without_dates_gets_the_moment_it_is_told(tmp_path):
    moment = datetime(2026, 10, 21, tzinfo=UTC)
    told = Reading("s", "UTC", NOW, default_at=moment)
    (found,) = read(tmp_path, "id,recommend\n1,9\n", reading=told)
    assert found.answered_at == moment


def test_mail_addresses_in_comments_are_masked(tmp_path):
    text = "id,comment\n1,write to me at eva.nova@example.com please\n2,nothing more to say\n"
    first, _ = read(tmp_path, text)
    assert "example.com" not in first.comment
    kept = Reading("s", "UTC", NOW, mask=())
    assert "eva.nova@example.com" in read(tmp_path, text, reading=kept)[0].comment


def test_surveymonkeys_second_heading_row_is_no_answer(tmp_path):
    text = (
        "RespondentID,EndDate,How likely are you to recommend us?,What did you use?,,Why?\n"
        ",,Response,Shop,Web,Open-Ended Response\n"
        "11,11/19/2026 10:00:00 AM,9,Shop,,I like the people there\n"
        "12,11/20/2026 11:00:00 AM,2,,Web,It was late and nobody cared\n"
    )
    first, second = read(tmp_path, text)
    assert (first.respondent, first.nps, first.answered_at.day) == ("11", 9, 19)
    assert second.comment == "It was late and nobody cared"


def test_surveymonkeys_choices_can_be_named_by_question_and_choice(tmp_path):
    path = tmp_path / "survey.csv"
    path.write_text(
        "RespondentID,Rate us,,\n,Delivery,Support,Shop\n1,5,4,3\n2,4,4,4\n", encoding="utf-8"
    )
    mapping = SurveyMapping(stages={"delivery": "Rate us - Delivery", "support": "rate us support"})
    found = list(read_responses(read_survey(path), mapping, READING))
    assert [one.stages for one in found] == [
        {"delivery": 5, "support": 4},
        {"delivery": 4, "support": 4},
    ]


def test_qualtrics_three_heading_rows_are_no_answers(tmp_path):
    text = (
        "EndDate,ResponseId,UserLanguage,Q1,Q1_NPS_GROUP\n"
        "End Date,Response ID,User Language,Would you recommend us?,Recommend us? - Group\n"
        '"{""ImportId"":""endDate""}","{""ImportId"":""_recordId""}",'
        '"{""ImportId"":""userLanguage""}","{""ImportId"":""QID1""}","{""ImportId"":""G""}"\n'
        "2026-11-20 10:00:00,R_1,CS,9,3\n"
        "2026-11-20 10:05:00,R_2,EN,4,1\n"
    )
    first, second = read(tmp_path, text)
    assert (first.respondent, first.nps, first.language) == ("R_1", 9, "cs")
    assert (second.respondent, second.nps, second.language) == ("R_2", 4, "en")


def test_a_file_that_asks_nothing_we_know_still_says_who_answered(tmp_path):
    found = read(tmp_path, "RespondentID,Favourite colour\n1,red\n2,blue\n")
    assert [one.respondent for one in found] == ["1", "2"]
    assert all(one.nps is None and one.comment is None for one in found)


@pytest.mark.recordings
@pytest.mark.parametrize(("name", "counts"), RECORDED.items())
def test_every_recorded_survey_comes_in_whole(name, counts):
    path = RECORDINGS / name
    if not path.exists():
        pytest.skip(f"no recordings beside this checkout ({path.parent} is missing)")
    records, headings = counts
    found = list(read_responses(read_survey(path), None, READING))
    assert [one for one in found if isinstance(one, Reject)] == []
    assert len(found) == records - headings
    assert len({one.respondent for one in found}) == len(found)
    assert all(one.nps is None and one.csat is None and not one.stages for one in found)
