"""Files as people export them are read: any delimiter, encoding and line break, broken rows too."""

from __future__ import annotations

import json
import time
import zipfile
from datetime import date, datetime
from importlib import resources
from pathlib import Path

import pytest
from openpyxl import Workbook

from monitor.errors import UsageError
from monitor.records import Reject
from monitor.tables import Row, Table, read_table

RUSSIAN = "Доставка опоздала на два дня, а в поддержке никто не ответил"
CZECH = "Příliš pomalé doručení, ale zboží přišlo v pořádku a včas mě upozornili"
PERSIAN = "كيفيت خيلي خوب بود ولي پيك دير رسيد و غذا سرد شده بود"
FRENCH = "Très bon accueil, le café était délicieux et la pièce agréable"


def write(folder: Path, text: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def values(table: Table) -> list[list[str]]:
    return [list(row.values.values()) for row in table.rows() if isinstance(row, Row)]


def rejects(table: Table) -> list[tuple[str, str]]:
    return [(row.place, row.cause) for row in table.rows() if isinstance(row, Reject)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_of_four_delimiters_is_found(tmp_path, delimiter):
    rows = [["id", "text", "stars"], ["1", '"fine, but; slow | really"', "4"], ["2", "ok", "5"]]
    table = read_table(write(tmp_path, "\n".join(delimiter.join(row) for row in rows)))
    assert table.delimiter == delimiter
    assert table.columns == ("id", "text", "stars")
    assert values(table) == [["1", "fine, but; slow | really", "4"], ["2", "ok", "5"]]


def test_a_file_of_one_column_is_not_cut_at_its_commas(tmp_path):
    table = read_table(write(tmp_path, "text\nGood, but slow\nFine\nBad, bad, bad\n"))
    assert values(table) == [["Good, but slow"], ["Fine"], ["Bad, bad, bad"]]


def test_a_comma_in_a_heading_does_not_hide_the_semicolons(tmp_path):
    text = "Id;How likely, all in all, are you to recommend us?\n1;9\n2;10\n"
    assert read_table(write(tmp_path, text)).columns[1].startswith("How likely, all in all")


def test_excels_own_line_with_the_delimiter_is_no_heading(tmp_path):
    table = read_table(write(tmp_path, "sep=;\r\nid;text\r\n1;ok\r\n"))
    assert table.columns == ("id", "text")
    assert [row.line for row in table.rows()] == [3]


@pytest.mark.parametrize(
    ("text", "codec", "named"),
    [
        (RUSSIAN, "utf-8", "utf-8"),
        (RUSSIAN, "utf-8-sig", "utf-8-sig"),
        (PERSIAN, "utf-16", "utf-16"),
        (CZECH, "utf-16-le", "utf-16-le"),
        (RUSSIAN, "windows-1251", "windows-1251"),
        (CZECH, "windows-1250", "windows-1250"),
        (PERSIAN, "windows-1256", "windows-1256"),
        (FRENCH, "latin-1", "windows-1252"),
        ("plain words", "ascii", "utf-8"),
    ],
    ids=lambda value: value if value.isascii() and " " not in value else "",
)
def test_the_encoding_is_found(tmp_path, text, codec, named):
    table = read_table(write(tmp_path, f"id;text\n1;{text}\n2;{text}\n".encode(codec)))
    assert table.encoding == named
    assert values(table)[0] == ["1", text]


@pytest.mark.parametrize(
    ("language", "codec"), [("ru", "windows-1251"), ("cs", "windows-1250"), ("fa", "windows-1256")]
)
def test_three_short_reviews_are_enough_to_find_an_old_encoding(tmp_path, language, codec):
    bundled = resources.files("monitor.demo") / "texts" / f"{language}.jsonl"
    texts = [json.loads(line)["text"] for line in bundled.read_text("utf-8").splitlines()]
    if language == "fa":
        texts = [text.replace("ی", "ي") for text in texts]
    wrong = []
    for start in range(0, len(texts) - 3, 3):
        lines = "\n".join(["text", *texts[start : start + 3]])
        path = write(tmp_path, lines.encode(codec, "ignore"))
        encoding = read_table(path).encoding
        if encoding not in (codec, "utf-8"):  # utf-8: three texts without an accent
            wrong.append((encoding, texts[start]))
    assert wrong == []


def test_one_broken_character_does_not_turn_a_utf8_file_into_nonsense(tmp_path):
    data = f"id;text\n1;{RUSSIAN}\n2;ab".encode() + b"\xd0\n"
    assert values(read_table(write(tmp_path, data))) == [["1", RUSSIAN], ["2", "ab\ufffd"]]


def test_a_stray_byte_in_an_english_file_is_not_called_cyrillic(tmp_path):
    data = b"id,question\x8c\xe6,text\n1,a,fine\n" * 3
    assert read_table(write(tmp_path, data)).encoding == "windows-1252"


def test_a_line_break_inside_quotes_stays_in_its_cell(tmp_path):
    table = read_table(write(tmp_path, 'id,text\r\n1,"one\r\ntwo"\r\n2,three\r\n'))
    assert [(row.line, row.values["text"]) for row in table.rows()] == [
        (2, "one\r\ntwo"),
        (4, "three"),
    ]


def test_a_row_of_wrong_length_is_rejected_with_its_line_and_the_rest_goes_on(tmp_path):
    table = read_table(write(tmp_path, "id,text,stars\n1,fine,5\n2,bad\n3,a,b,c\n4,good,4,,\n"))
    assert values(table) == [["1", "fine", "5"], ["4", "good", "4"]]
    assert rejects(table) == [
        ("file.csv:3", "2 cells where the headings have 3"),
        ("file.csv:4", "4 cells where the headings have 3"),
    ]


def test_a_quotation_mark_that_is_never_closed_costs_one_row(tmp_path):
    rows = "\n".join(f"{number},fine" for number in range(2, 200))
    table = read_table(write(tmp_path, f'id,text\n1,"never closed\n{rows}\n'))
    assert rejects(table) == [("file.csv:2", "a quotation mark is not closed")]
    assert len(values(table)) == 198


def test_an_open_quotation_mark_does_not_join_two_reviews(tmp_path):
    table = read_table(write(tmp_path, 'id,text\n1,"open\n2,"closed"\n3,"fine"\n'))
    assert values(table) == [["2", "closed"], ["3", "fine"]]
    assert rejects(table) == [("file.csv:2", "a quotation mark is not closed")]


def test_blank_lines_are_no_rows(tmp_path):
    table = read_table(write(tmp_path, "\n\nid,text\n\n1,fine\n\n"))
    assert [(row.line, row.values["id"]) for row in table.rows()] == [(5, "1")]


def test_headings_are_made_unique_and_never_empty(tmp_path):
    assert read_table(write(tmp_path, "Q1,,Q1\n1,2,3\n")).columns == ("Q1", "column 2", "Q1 (2)")


def test_zero_bytes_in_a_text_are_dropped(tmp_path):
    assert values(read_table(write(tmp_path, b"id,text\n1,a\0b\n"))) == [["1", "ab"]]


def test_ten_thousand_rows_are_read_in_well_under_a_second(tmp_path):
    rows = "\n".join(f'{number},"{RUSSIAN}\nвторая строка",5' for number in range(10_000))
    path = write(tmp_path, f"id,text,stars\n{rows}\n")
    start = time.perf_counter()
    assert sum(1 for _ in read_table(path).rows()) == 10_000
    assert time.perf_counter() - start < 1.0  # 0.06 s where this was written


def workbook(folder: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "file.xlsx"
    book.save(path)
    return path


def test_a_workbook_gives_iso_dates_and_whole_numbers(tmp_path):
    rows: list[list[object]] = [
        ["id", "day", "moment", "stars", "agreed"],
        [1, date(2026, 11, 20), datetime(2026, 11, 20, 9, 30), 5.0, True],
        [2, None, None, 4.5],
    ]
    table = read_table(workbook(tmp_path, ("Sheet", rows)))
    assert values(table) == [
        ["1", "2026-11-20", "2026-11-20T09:30:00", "5", "true"],
        ["2", "", "", "4.5", ""],
    ]
    assert (table.encoding, table.delimiter, table.sheet) == ("xlsx", "", "Sheet")


def test_the_first_sheet_that_holds_anything_is_read_unless_one_is_named(tmp_path):
    path = workbook(tmp_path, ("Empty", []), ("A", [["x"], [1]]), ("B", [["y"], [2]]))
    assert read_table(path).columns == ("x",)
    assert read_table(path, sheet="B").columns == ("y",)
    with pytest.raises(UsageError, match="no sheet 'C'; it has Empty, A, B"):
        read_table(path, sheet="C")


def test_a_cell_beside_the_table_is_a_reject_with_its_row(tmp_path):
    table = read_table(workbook(tmp_path, ("A", [["x", "y"], [1, 2], [1, 2, "note"], [3, 4]])))
    assert rejects(table) == [("file.xlsx:3", "3 cells where the headings have 2")]
    assert values(table) == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize(
    ("name", "data", "cause"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b"\n\n", "is empty"),
        ("fake.xlsx", b"id,text\n", "not a workbook"),
        ("photo.jpg", b"\xff\xd8", "a table is expected"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_cause(tmp_path, name, data, cause):
    with pytest.raises(UsageError, match=cause):
        read_table(write(tmp_path, data, name))


def test_a_damaged_workbook_keeps_the_rows_before_the_damage(tmp_path):
    path = workbook(tmp_path, ("A", [["id"], *([number] for number in range(5000))]))
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    middle = len(parts[sheet]) // 2
    parts[sheet] = parts[sheet][:middle] + b"<<" + parts[sheet][middle:]
    with zipfile.ZipFile(path, "w") as book:
        for name, data in parts.items():
            book.writestr(name, data)
    table = read_table(path)
    assert len(values(table)) > 1000
    ((place, cause),) = rejects(table)
    assert place.startswith("file.xlsx:")
    assert "cannot be read on" in cause


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"no file .*gone\.csv"):
        read_table(tmp_path / "gone.csv")


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path):
    path = workbook(tmp_path, ("Sheet", [["text"], ["Fine"]]))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(11):
            archive.writestr(f"xl/media/{number}.bin", bytes(100_000_000))
    assert path.stat().st_size < 2_000_000
    with pytest.raises(UsageError, match="unpacks to 1100 MB, at most 1000 MB are read"):
        read_table(path)
