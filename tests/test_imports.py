"""Exports of other tools become mentions: columns are recognised, bad rows are named, none lost."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from monitor.errors import UsageError
from monitor.imports import guess_mapping, read_items
from monitor.records import RawItem, Reject

NOW = "2026-11-22T09:30:00Z"
RECORDINGS = Path(__file__).parents[2] / "shared" / "recordings"

# Comments per file as recordings/INDEX.md counts them.
PERSIAN_REVIEWS = {
    "snappfood__375wjg.json": 238,
    "snappfood__0lmn4j.json": 190,
    "snappfood__0m1xdo.json": 623,
    "snappfood__3x2gw4.json": 710,
    "snappfood__por67v.json": 845,
    "snappfood__0wde2g.json": 977,
}


def read(path: Path, mapping: dict[str, str] | None = None, **options: Any) -> list[Any]:
    return list(read_items(path, "shop", mapping, NOW, **options))


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def rejects(found: list[Any]) -> list[tuple[str, str]]:
    return [(one.place, one.cause) for one in found if isinstance(one, Reject)]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            ["Review ID", "Review Date", "Reviewer", "Star rating", "Review", "Product", "Link"],
            {
                "native_id": "Review ID",
                "published": "Review Date",
                "author": "Reviewer",
                "rating": "Star rating",
                "text": "Review",
                "subject": "Product",
                "url": "Link",
            },
        ),
        (
            ["Дата", "Имя", "Оценка", "Текст отзыва", "Город", "Ответ магазина"],
            {
                "published": "Дата",
                "author": "Имя",
                "rating": "Оценка",
                "text": "Текст отзыва",
                "location": "Город",
                "reply_text": "Ответ магазина",
            },
        ),
        (
            ["Datum", "Jméno", "Počet hvězdiček", "Komentář", "Pobočka", "Jazyk"],
            {
                "published": "Datum",
                "author": "Jméno",
                "rating": "Počet hvězdiček",
                "text": "Komentář",
                "location": "Pobočka",
                "language": "Jazyk",
            },
        ),
        (
            ["تاریخ", "نام کاربر", "امتیاز", "متن نظر", "شهر"],
            {
                "published": "تاریخ",
                "author": "نام کاربر",
                "rating": "امتیاز",
                "text": "متن نظر",
                "location": "شهر",
            },
        ),
        (
            ["تاريخ", "نظر", "كاربر"],  # typed with the Arabic letters
            {"published": "تاريخ", "text": "نظر", "author": "كاربر"},
        ),
        (
            ["commentId", "createdDate", "date", "sender", "commentText", "rate", "foods[0].title"],
            {
                "native_id": "commentId",
                "published": "createdDate",
                "author": "sender",
                "text": "commentText",
                "rating": "rate",
            },
        ),
    ],
)
def test_common_headings_in_four_languages_are_recognised(columns, expected):
    assert guess_mapping(columns) == expected


def test_a_customers_number_is_not_taken_for_the_reviews_own():
    # It would make one mention of all the reviews of a customer.
    assert "native_id" not in guess_mapping(["Customer ID", "Review", "Date"])


def test_a_comment_about_the_store_is_a_text_when_there_is_no_other():
    found = guess_mapping(["Your feedback about the store", "Date"])
    assert found == {"text": "Your feedback about the store", "published": "Date"}


def test_rows_of_a_csv_file_become_raw_items_as_written(tmp_path):
    path = write(tmp_path, "a.csv", 'Дата;Имя;Оценка;Отзыв\n21.11.2026;Анна;4,5;"Да,\nхорошо"\n')
    assert read(path) == [
        RawItem(
            "shop", NOW, text="Да,\nхорошо", author="Анна", rating="4,5", published="21.11.2026"
        )
    ]


def test_bad_rows_are_rejects_with_line_and_cause_and_the_rest_comes_in(tmp_path):
    path = write(tmp_path, "a.csv", "text,rating\nfine,5\nshort\n,\nbad,1\n")
    found = read(path)
    assert [one.text for one in found if isinstance(one, RawItem)] == ["fine", "bad"]
    assert rejects(found) == [
        ("a.csv:3", "1 cells where the headings have 2"),
        ("a.csv:4", "no text, title or rating"),
    ]
    assert {one.source for one in found} == {"shop"}


def test_a_rating_without_words_is_a_mention(tmp_path):
    (found,) = read(write(tmp_path, "a.csv", "text,rating\n,5\n"))
    assert (found.text, found.rating) == ("", "5")


def test_a_workbook_gives_dates_and_ratings_as_text(tmp_path):
    book = Workbook()
    book.active.append(["Datum", "Hodnocení", "Recenze"])
    book.active.append([date(2026, 11, 20), 4.0, "Dobré"])
    book.save(tmp_path / "a.xlsx")
    (found,) = read(tmp_path / "a.xlsx")
    assert (found.published, found.rating, found.text) == ("2026-11-20", "4", "Dobré")


def test_a_given_mapping_wins_and_the_rest_is_guessed(tmp_path):
    path = write(tmp_path, "a.csv", "title,text,rating\nWhat I say,ignored,7\n")
    (found,) = read(path, {"text": "title", "rating_best": "=10"})
    assert (found.text, found.rating, found.rating_best) == ("What I say", "7", "10")
    assert found.title is None


def test_an_empty_column_switches_a_field_off(tmp_path):
    (found,) = read(write(tmp_path, "a.csv", "text,rating\nfine,7\n"), {"rating": ""})
    assert found.rating is None


def test_sub_ratings_and_reach_can_be_mapped(tmp_path):
    path = write(tmp_path, "a.csv", "text,Delivery,Likes\nfine,4,1 200\nbad,3,many\n")
    found = read(path, {"sub_ratings.delivery": "Delivery", "reach.likes": "Likes"})
    assert (found[0].sub_ratings, found[0].reach) == ({"delivery": "4"}, {"likes": 1200})
    assert rejects(found) == [("a.csv:3", "reach.likes is not a whole number: 'many'")]


def test_kinds_are_understood_and_an_unknown_one_is_a_reject(tmp_path):
    path = write(tmp_path, "a.csv", "text,kind\na,Отзыв\nb,interview\nc,poem\n")
    found = read(path)
    assert [one.kind for one in found if isinstance(one, RawItem)] == ["review", "interview"]
    assert rejects(found)[0][0] == "a.csv:4"
    (only,) = read(write(tmp_path, "b.csv", "text\na\n"), kind="post")
    assert only.kind == "post"


def test_no_text_column_names_the_columns_and_the_way_out(tmp_path):
    path = write(tmp_path, "a.csv", "q1,q2\n1,2\n")
    with pytest.raises(UsageError, match=r"Columns: q1, q2\. Name it with --map text=COLUMN"):
        read(path)


@pytest.mark.parametrize(
    ("mapping", "cause"),
    [
        ({"text": "nothing"}, "has no column 'nothing'; it has text, rating"),
        ({"txt": "text"}, "--map txt=...: no such field"),
        ({"reach.": "text"}, "no such field"),
    ],
)
def test_a_wrong_mapping_is_refused_before_anything_is_read(tmp_path, mapping, cause):
    with pytest.raises(UsageError, match=cause.replace(".", r"\.")):
        read(write(tmp_path, "a.csv", "text,rating\nfine,5\n"), mapping)


@pytest.mark.parametrize("name", ["a.pdf", "gone.csv"])
def test_a_file_that_cannot_be_imported_is_refused(tmp_path, name):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(UsageError):
        read(tmp_path / name)


LINES = '{"text": "one", "stars": 5}\n\n[1]\n{"text": \n{"text": {"a": 1}}\n{"text": "two"}\n'


@pytest.mark.parametrize("packed", [False, True])
def test_json_lines_are_read_packed_or_not(tmp_path, packed):
    path = tmp_path / ("a.jsonl.gz" if packed else "a.jsonl")
    path.write_bytes(gzip.compress(LINES.encode()) if packed else LINES.encode())
    found = read(path)
    assert [(one.text, one.rating) for one in found if isinstance(one, RawItem)] == [
        ("one", "5"),
        ("two", None),
    ]
    assert [place for place, _ in rejects(found)] == [f"{path.name}:{n}" for n in (3, 4, 5)]
    assert "map it to a path inside" in rejects(found)[2][1]


def test_a_packed_file_that_breaks_off_loses_only_its_end(tmp_path):
    data = gzip.compress(b"".join(b'{"text": "number %d"}\n' % n for n in range(20_000)))
    (tmp_path / "a.jsonl.gz").write_bytes(data[: len(data) // 2])
    found = read(tmp_path / "a.jsonl.gz")
    assert len(found) > 1000
    assert "cannot be read on" in rejects(found)[-1][1]


def test_the_only_list_of_a_json_file_is_found(tmp_path):
    document = {
        "status": "ok",
        "data": {"page": 1, "comments": [{"user": {"name": "Eva"}, "body": "Hezké"}]},
        "tags": ["a", "b"],
    }
    (found,) = read(write(tmp_path, "a.json", json.dumps(document)))
    assert (found.text, found.author) == ("Hezké", "Eva")


def test_of_two_lists_the_one_with_texts_is_taken_and_a_doubt_is_asked(tmp_path):
    document: dict[str, Any] = {"shops": [{"x": 1}], "reviews": [{"text": "a"}, {"text": "b"}]}
    assert len(read(write(tmp_path, "a.json", json.dumps(document)))) == 2
    document["old"] = [{"text": "c"}]
    path = write(tmp_path, "b.json", json.dumps(document))
    with pytest.raises(UsageError, match=r"reviews \(2\), old \(1\); choose one with --items"):
        read(path)
    assert [one.text for one in read(path, items="old")] == ["c"]
    with pytest.raises(UsageError, match="gives no list"):
        read(path, items="nothing")


def test_paths_into_objects_can_be_mapped(tmp_path):
    document = [{"say": {"plain text": "fine"}, "answers": [{"t": "thanks"}], "score": 4.0}]
    path = write(tmp_path, "a.json", json.dumps(document))
    (found,) = read(path, {"text": 'say."plain text"', "reply_text": "answers[0].t"})
    assert (found.text, found.reply_text, found.rating) == ("fine", "thanks", "4")


def test_keys_in_any_script_are_keys(tmp_path):
    path = write(tmp_path, "a.json", json.dumps([{"متن نظر": "خوب", "امتیاز": 5}]))
    (found,) = read(path)
    assert (found.text, found.rating) == ("خوب", "5")
    (found,) = read(path, {"text": "متن نظر"})
    assert found.text == "خوب"


def test_json_lines_named_json_are_read_all_the_same(tmp_path):
    found = read(write(tmp_path, "a.json", '{"text": "one"}\n{"text": "two"}\n'))
    assert [one.text for one in found] == ["one", "two"]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a": 1}', '{"a": [1, 2]}'])
def test_json_that_holds_no_mentions_is_refused(tmp_path, text):
    with pytest.raises(UsageError):
        read(write(tmp_path, "a.json", text))


def test_half_a_surrogate_pair_does_not_reach_the_store(tmp_path):
    (found,) = read(write(tmp_path, "a.json", '[{"text": "bad \\ud83d here"}]'))
    assert found.text == "bad \ufffd here"
    assert found.text.encode()


@pytest.mark.recordings
@pytest.mark.parametrize(("name", "count"), PERSIAN_REVIEWS.items())
def test_every_persian_recording_gives_all_its_comments(name, count):
    path = RECORDINGS / "persian_reviews" / name
    if not path.exists():
        pytest.skip(f"no recordings beside this checkout ({path.parent} is missing)")
    found = read(path)
    assert len(found) == count
    assert rejects(found) == []
    assert all(one.rating and one.published and one.native_id for one in found)
    assert len({one.native_id for one in found}) == count
