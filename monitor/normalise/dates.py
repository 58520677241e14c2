"""When something was published, as an instant in UTC, from whatever a source wrote.

Machine formats are tried first and cost microseconds; dates as people write them follow, in the
four languages and both calendars; `dateparser` is the last resort and loaded only then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitor.normalise.date_words import (
    AGO,
    DAYS_BACK,
    JALALI_MONTHS,
    JUST_NOW,
    MONTHS,
    NUMBERS,
    UNITS,
    ZONES,
)
from monitor.normalise.text import ZWNJ, clean, fold

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before the first review sites: an older date is a default (1970) or a mistake."""

_AHEAD = timedelta(days=2)
"""How far a source's clock or zone may run ahead before its date is not believed."""

_MAX_CHARS = 120
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}|\d{16}")
_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ,]*(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?"
    r" ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
)
_TIME = re.compile(r"(?<![\d:.])(\d{1,2})[:٫](\d{2})(?::(\d{2}))?(?:[.,]\d+)? ?([ap]\.?m\b)?")
_ZONE = re.compile(r"(?:(?:utc|gmt)? ?([+-])(\d{1,2}):?(\d{2})?|\b([a-zмск]{1,4}))\s*(?:\(\w+\))?$")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([./-]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?![\d:])")
_DAY_MONTH = re.compile(r"(?<![\d.])(\d{1,2})\. ?(\d{1,2})\.(?! ?\d)")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})([/.-]\d{2,4}\b.*)", re.S)
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|(?<=\d)-?(?:го|е)\b")


def parse_date(
    raw: str | None, *, zone: str, now: datetime, language: str | None = None
) -> datetime | None:
    """The instant in UTC, or None when the text holds no believable date.

    `zone` (IANA) is that of the source, for dates without their own. A date without a time is the
    start of that day there. Not believed: before 1995, or more than two days after `now`.
    """
    if not raw or not (raw := raw.strip()) or len(raw) > _MAX_CHARS:
        return None
    source_zone = _zone(zone)
    try:
        found = _machine_date(raw, source_zone) or _written_date(raw, source_zone, now, language)
    except (ValueError, OverflowError):
        return None
    if found is None:
        return None
    found = found.astimezone(UTC)
    return found if _EARLIEST <= found <= now + _AHEAD else None


def is_month_first(texts: Iterable[str]) -> bool:
    """True when a column writes 11/20/2026: some second numbers are no months, no first ones.

    Told by the column, because row by row 11/10/2026 would be read as October beside it.
    """
    pairs = [(int(m[1]), int(m[2])) for text in texts if (m := _SLASHED.match(text))]
    return any(b > 12 for _, b in pairs) and all(a <= 12 for a, _ in pairs)


def day_first(text: str) -> str:
    """11/20/2026 as 20/11/2026, as `parse_date` reads it."""
    return _SLASHED.sub(r"\2/\1\3", text, count=1)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


# --- as machines write ---------------------------------------------------------------------------


def _machine_date(raw: str, zone: tzinfo) -> datetime | None:
    """ISO-8601 in its variants, or seconds, milliseconds or microseconds since 1970."""
    if not raw[:1].isdigit() or not raw.isascii():
        return None
    if _EPOCH.fullmatch(raw):
        seconds = float(raw) / ({13: 1e3, 16: 1e6}.get(len(raw), 1) if raw.isdigit() else 1)
        return datetime.fromtimestamp(seconds, UTC)
    if match := _ISO.fullmatch(raw):
        year, month, day, hour, minute, second, offset = match.groups()
        parts = (int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
        if 1300 <= int(year) <= 1500:
            return _jalali(int(year), *parts, zone=zone)
        return datetime(int(year), *parts, tzinfo=_offset(offset) if offset else zone)
    return None


def _offset(text: str) -> tzinfo:
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _jalali(
    year: int,
    month: int,
    day: int,
    hour: int = 0,
    minute: int = 0,
    second: int = 0,
    *,
    zone: tzinfo,
) -> datetime:
    import jdatetime  # only Persian sources pay for it

    gregorian = jdatetime.date(year, month, day).togregorian()
    return datetime(
        gregorian.year, gregorian.month, gregorian.day, hour, minute, second, tzinfo=zone
    )


# --- as people write -----------------------------------------------------------------------------


def _written_date(raw: str, zone: tzinfo, now: datetime, language: str | None) -> datetime | None:
    plain = fold(clean(raw.replace(ZWNJ, " ")).replace("\n", " ")).strip(" ,")
    machine = _machine_date(plain.upper(), zone) if plain.isascii() else None
    if machine is not None:
        return machine
    clock, rest = _take_time(plain)
    own_zone = _own_zone(plain) if clock is not None else None
    zone = own_zone or zone
    local_now = now.astimezone(zone)
    day = _numeric_day(rest, local_now, language) or _named_day(rest, local_now)
    if day is None:
        day = _day_back(rest, local_now)
    if day is not None:
        hour, minute, second = clock or (0, 0, 0)
        return datetime(*day, hour, minute, second, tzinfo=zone)
    return _ago(plain, local_now) or _any_language(raw, zone, now)


def _take_time(text: str) -> tuple[tuple[int, int, int] | None, str]:
    """The time of day in a text, and the text without it."""
    match = _TIME.search(text)
    if match is None:
        return None, text
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4] and hour <= 12:
        hour = hour % 12 + (12 if match[4].startswith("p") else 0)
    return (hour, minute, second), f"{text[: match.start()]} {text[match.end() :]}"


def _own_zone(text: str) -> tzinfo | None:
    """The zone written at the end of a date: "+0300", "GMT+3", "EST"; None without one."""
    match = _ZONE.search(text)
    if match is None:
        return None
    if match[1]:
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))
    minutes_known = ZONES.get(match[4])
    return None if minutes_known is None else timezone(timedelta(minutes=minutes_known))


Day = tuple[int, int, int]


def _numeric_day(text: str, local_now: datetime, language: str | None) -> Day | None:
    """Year, month, day of 2026/3/12, 12.3.2026, 12/03/26 and 12. 3.; the day comes first.

    Only where it cannot be the day (12/25/2026, in English or an unknown language) is the second
    number taken for it.
    """
    if match := _YEAR_FIRST.search(text):
        return _gregorian(int(match[1]), int(match[3]), int(match[4]))
    if match := _YEAR_LAST.search(text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
        if month > 12 >= day and language in ("en", None):
            day, month = month, day
        if len(match[4]) == 2:
            year += 1900 if year >= 90 else 2000
        return _gregorian(year, month, day)
    if match := _DAY_MONTH.search(text):
        return _latest(int(match[2]), int(match[1]), local_now)
    return None


def _gregorian(year: int, month: int, day: int) -> Day:
    if 1300 <= year <= 1500:
        date = _jalali(year, month, day, zone=UTC)
        return date.year, date.month, date.day
    return year, month, day


def _latest(month: int, day: int, local_now: datetime) -> Day:
    """The last time this day of the year occurred: a date without a year is never in the future."""
    ahead = local_now + _AHEAD
    year = ahead.year if (month, day) <= (ahead.month, ahead.day) else ahead.year - 1
    return year, month, day


def _named_day(text: str, local_now: datetime) -> Day | None:
    """Year, month, day where the month is a word: "12. března 2026", "March 12th", "۶ شهریور"."""
    words = _WORDS.findall(_ORDINAL.sub("", text))
    for place, word in enumerate(words):
        month, jalali = MONTHS.get(word), JALALI_MONTHS.get(word)
        if month is None and jalali is None:
            continue
        near = [w for w in words[max(0, place - 2) : place + 3] if w.isdigit()]
        years = [int(w) for w in near if len(w) == 4]
        days = [int(w) for w in near if len(w) <= 2]
        if not years and len(days) == 2 and words[place - 1 : place] == [near[0]]:
            years = [days.pop() + (1400 if jalali else 2000)]
        if not years and not days:
            continue
        day = days[0] if days else 1
        if jalali is not None:
            return _jalali_day(years, jalali, day, local_now)
        assert month is not None
        return (years[0], month, day) if years else _latest(month, day, local_now)
    return None


def _jalali_day(years: list[int], month: int, day: int, local_now: datetime) -> Day:
    if years:
        return _gregorian(years[0], month, day)
    year = local_now.year - 621
    date = _gregorian(year, month, day)
    ahead = local_now + _AHEAD
    return (
        date if date <= (ahead.year, ahead.month, ahead.day) else _gregorian(year - 1, month, day)
    )


def _day_back(text: str, local_now: datetime) -> Day | None:
    """The day of "today", "вчера", "předevčírem", "پریروز"."""
    for word in _WORDS.findall(text):
        if word in DAYS_BACK:
            date = local_now - timedelta(days=DAYS_BACK[word])
            return date.year, date.month, date.day
    return None


def _ago(text: str, local_now: datetime) -> datetime | None:
    """The instant of "2 hours ago", "неделю назад", "před 3 dny", "۳ روز پیش", "5h"."""
    if text.strip(" .!") in JUST_NOW:
        return local_now
    words = _WORDS.findall(text)
    if not AGO.intersection(words) and len(words) != 2:
        return None
    for place, word in enumerate(words):
        unit = UNITS.get(word)
        if unit is None:
            continue
        before = words[place - 1] if place else ""
        if before.isdigit() and len(before) > 4:
            return None
        count = int(before) if before.isdigit() else NUMBERS.get(before)
        if count is None:
            if not AGO.intersection(words):
                continue
            count = 1
        return _back(local_now, unit, count)
    return None


def _back(local_now: datetime, unit: str, count: int) -> datetime:
    if unit in ("month", "year"):
        months = local_now.year * 12 + local_now.month - 1 - count * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        # 31 March minus a month is the last day February has, found by trying.
        for day in range(local_now.day, local_now.day - 4, -1):
            try:
                return local_now.replace(year=year, month=month + 1, day=day)
            except ValueError:
                continue
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
    return local_now - timedelta(seconds=count * seconds.get(unit, 0))


# --- the rest of the world -----------------------------------------------------------------------


def _any_language(raw: str, zone: tzinfo, now: datetime) -> datetime | None:
    """What `dateparser` reads; only asked where a year stands, or it finds dates in any number."""
    plain = fold(raw)
    if not re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", plain) or not re.search(r"[^\W\d_]{3}", plain):
        return None
    found = _dateparser(plain, now.date().isoformat())
    return None if found is None else found if found.tzinfo else found.replace(tzinfo=zone)


@lru_cache(maxsize=4096)
def _dateparser(text: str, today: str) -> datetime | None:
    import dateparser  # slow to load and to run: seconds for the first call

    settings = {
        "RELATIVE_BASE": datetime.fromisoformat(today),
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "past",
        "REQUIRE_PARTS": ["year", "month"],
    }
    found: datetime | None = dateparser.parse(text, settings=settings)
    return found
