"""A date is understood as its writer meant it, in four languages and two calendars."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.normalise.dates import parse_date

NOW = datetime(2026, 7, 15, 12, 0, tzinfo=UTC)
PRAGUE, MOSCOW, TEHRAN, NEW_YORK = (
    "Europe/Prague", "Europe/Moscow", "Asia/Tehran", "America/New_York",
)  # fmt: skip


def read(raw: str | None, zone: str = PRAGUE, language: str | None = None) -> str | None:
    found = parse_date(raw, zone=zone, now=NOW, language=language)
    if found is None:
        return None
    assert found.tzinfo is UTC
    return found.replace(tzinfo=None).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-03-12T15:30:00Z", "2026-03-12T15:30"),
        ("2026-03-12T15:30:00+03:00", "2026-03-12T12:30"),
        ("2026-03-12T15:30:00.123456789Z", "2026-03-12T15:30"),
        ("2026-03-12T15:30:00-0500", "2026-03-12T20:30"),
        ("2026-03-12 15:30:00 UTC", "2026-03-12T15:30"),
        ("2026-03-12 15:30", "2026-03-12T14:30"),
        ("2026-07-12 15:30", "2026-07-12T13:30"),
        ("2026-03-12", "2026-03-11T23:00"),
        ("20260312", "2026-03-11T23:00"),
        ("20260312T153000Z", "2026-03-12T15:30"),
        ("20260312153000", "2026-03-12T14:30"),
        ("Thu, 12 Mar 2026 10:00:00 GMT", "2026-03-12T10:00"),
        ("Thu, 12 Mar 2026 10:00:00 EST", "2026-03-12T15:00"),
        ("Thu, 12 Mar 2026 10:00:00 PDT", "2026-03-12T17:00"),
        ("Thu, 12 Mar 2026 10:00:00 +0300", "2026-03-12T07:00"),
        ("Thu, 12 Mar 2026 10:00:00 +0100 (CET)", "2026-03-12T09:00"),
        ("12 Mar 26 10:00 UT", "2026-03-12T10:00"),
        ("Thu, 12 Mar 2026 10:00:00 MSK", "2026-03-12T07:00"),
        ("1773329400", "2026-03-12T15:30"),
        ("1773329400000", "2026-03-12T15:30"),
        ("1773329400.75", "2026-03-12T15:30"),
        ("  2026-03-12T15:30:00Z\n", "2026-03-12T15:30"),
    ],
)
def test_machine_dates(raw: str, expected: str) -> None:
    assert read(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("6 شهریور 1403", "2024-08-26T20:30"),
        ("۶ شهریور ۱۴۰۳", "2024-08-26T20:30"),
        ("٦ شهريور ١٤٠٣", "2024-08-26T20:30"),
        ("سه\u200cشنبه ۶ شهریور ۱۴۰۳", "2024-08-26T20:30"),
        ("۶ شهریور ۱۴۰۳ ساعت ۱۲:۳۰", "2024-08-27T09:00"),
        ("۱۴۰۳/۶/۶", "2024-08-26T20:30"),
        ("1403/06/06 12:30", "2024-08-27T09:00"),
        ("1403-06-06", "2024-08-26T20:30"),
        ("۳۰ اسفند ۱۴۰۳", "2025-03-19T20:30"),
        ("1 فروردین 1405", "2026-03-20T20:30"),
        ("۱ مهر", "2025-09-22T20:30"),
        ("۱۲ مارس ۲۰۲۶", "2026-03-11T20:30"),
        ("دیروز", "2026-07-13T20:30"),
        ("پریروز", "2026-07-12T20:30"),
        ("۳ روز پیش", "2026-07-12T12:00"),
        ("یک هفته پیش", "2026-07-08T12:00"),
        ("دو ماه قبل", "2026-05-15T12:00"),
        ("هفته گذشته", "2026-07-08T12:00"),
        ("لحظاتی پیش", "2026-07-15T12:00"),
        ("۲۹ اسفند ۱۴۰۶", None),
        ("۳۱ مهر ۱۴۰۳", None),
        ("۱۴۰۳/۱۳/۴۰", None),
    ],
)
def test_persian_dates(raw: str, expected: str | None) -> None:
    assert read(raw, TEHRAN, "fa") == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("12. března 2026", "2026-03-11T23:00"),
        ("12. brezna 2026 v 15:30", "2026-03-12T14:30"),
        ("12.3.2026", "2026-03-11T23:00"),
        ("12. 3. 2026 15:30", "2026-03-12T14:30"),
        ("05/03/2026", "2026-03-04T23:00"),
        ("12.3.26", "2026-03-11T23:00"),
        ("12.3.", "2026-03-11T23:00"),
        ("20. 12.", "2025-12-19T23:00"),
        ("1. září 2025", "2025-08-31T22:00"),
        ("listopad 2025", "2025-10-31T23:00"),
        ("dnes v 8:05", "2026-07-15T06:05"),
        ("včera", "2026-07-13T22:00"),
        ("včera 15:30", "2026-07-14T13:30"),
        ("předevčírem", "2026-07-12T22:00"),
        ("před 3 hodinami", "2026-07-15T09:00"),
        ("před 2 dny", "2026-07-13T12:00"),
        ("před týdnem", "2026-07-08T12:00"),
        ("před dvěma měsíci", "2026-05-15T12:00"),
        ("před rokem", "2025-07-15T12:00"),
        ("před 5 lety", "2021-07-15T12:00"),
        ("před chvílí", "2026-07-15T12:00"),
        ("03/25/2026", None),
        ("31.2.2026", None),
    ],
)
def test_czech_dates(raw: str, expected: str | None) -> None:
    assert read(raw, PRAGUE, "cs") == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("12 марта 2026 г.", "2026-03-11T21:00"),
        ("12 марта 2026 г. в 15:30", "2026-03-12T12:30"),
        ("12 мар 2026", "2026-03-11T21:00"),
        ("15 окт. 2025", "2025-10-14T21:00"),
        ("15-го мая 2026", "2026-05-14T21:00"),
        ("12 марта", "2026-03-11T21:00"),
        ("30 декабря", "2025-12-29T21:00"),
        ("12.03.2026, 15:30", "2026-03-12T12:30"),
        ("12.03.2026 15:30 МСК", "2026-03-12T12:30"),
        ("сегодня, 10:15", "2026-07-15T07:15"),
        ("вчера", "2026-07-13T21:00"),
        ("вчера в 15:30", "2026-07-14T12:30"),
        ("позавчера", "2026-07-12T21:00"),
        ("2 дня назад", "2026-07-13T12:00"),
        ("5 минут назад", "2026-07-15T11:55"),
        ("час назад", "2026-07-15T11:00"),
        ("два часа назад", "2026-07-15T10:00"),
        ("неделю назад", "2026-07-08T12:00"),
        ("месяц назад", "2026-06-15T12:00"),
        ("2 года назад", "2024-07-15T12:00"),
        ("на прошлой неделе", "2026-07-08T12:00"),
        ("только что", "2026-07-15T12:00"),
    ],
)
def test_russian_dates(raw: str, expected: str) -> None:
    assert read(raw, MOSCOW, "ru") == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("March 12th, 2026", "2026-03-12T04:00"),
        ("March 12, 2026 at 3:30 PM", "2026-03-12T19:30"),
        ("12:05 am, 12 Mar 2026", "2026-03-12T04:05"),
        ("12 March 2026", "2026-03-12T04:00"),
        ("Thursday, March 12, 2026", "2026-03-12T04:00"),
        ("Reviewed in the United States on March 12, 2026", "2026-03-12T04:00"),
        ("Mar 2026", "2026-03-01T05:00"),
        ("03/25/2026", "2026-03-25T04:00"),
        ("03/04/2026", "2026-04-03T04:00"),
        ("2026/3/12", "2026-03-12T04:00"),
        ("2 hours ago", "2026-07-15T10:00"),
        ("an hour ago", "2026-07-15T11:00"),
        ("a week ago", "2026-07-08T12:00"),
        ("Edited 3 days ago", "2026-07-12T12:00"),
        ("last month", "2026-06-15T12:00"),
        ("yesterday", "2026-07-14T04:00"),
        ("3d", "2026-07-12T12:00"),
        ("just now", "2026-07-15T12:00"),
    ],
)
def test_english_dates(raw: str, expected: str) -> None:
    assert read(raw, NEW_YORK, "en") == expected


@pytest.mark.parametrize("raw", ["12 de marzo de 2026", "12. März 2026", "12 marca 2026"])
def test_other_languages_are_read_as_a_last_resort(raw: str) -> None:
    assert read(raw) == "2026-03-11T23:00"


def test_the_last_day_of_a_short_month() -> None:
    now = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
    found = parse_date("a month ago", zone="UTC", now=now, language="en")
    assert found == datetime(2026, 2, 28, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [None, "", "   ", "abc", "5 stars", "unknown", "0", "-1", "1970-01-01", "1994-12-31",
     "2026-07-18T12:00:01Z", "2035-01-01", "2026-13-45", "2026-02-30", "99999999999999999999",
     "0000-00-00", "00.00.0000", "25:61", "٩٩/٩٩/٩٩٩٩", "\x00", "1" * 5000, "🙂", "May",
     "0001-01-01T00:00:00Z", "9999-12-31", "1e9", "NaN", "999999999 years ago"],
)  # fmt: skip
def test_what_is_no_believable_date_is_none(raw: str | None) -> None:
    assert read(raw) is None


def test_a_clock_slightly_ahead_is_believed() -> None:
    assert read("2026-07-17T11:00:00Z") == "2026-07-17T11:00"
