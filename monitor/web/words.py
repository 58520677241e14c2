"""What the pages say, and how they write numbers and days: one file of words a language.

A language is `locales/<code>.toml`. Plurals are tables with CLDR's categories (one, few, many,
other); numbers, days and names of languages come from babel.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

_MINUS = "\u2212"


class Words:
    """The words of one language; `words("key")` is a sentence, the methods write values."""

    def __init__(self, language: str, entries: Mapping[str, str | Mapping[str, str]]) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self.direction = str(self.locale.text_direction)
        self._entries = entries

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of `key` with its values filled in; raises KeyError for an unknown key."""
        entry = self._entries[key]
        assert isinstance(entry, str), f"{key} has plural forms: use count()"
        return entry.format(**values)

    def count(self, key: str, number: int, **values: object) -> str:
        """The sentence of `key` in the plural form that `number` needs; `{n}` is the number."""
        entry = self._entries[key]
        assert not isinstance(entry, str), f"{key} has no plural forms"
        form = entry.get(self.locale.plural_form(number)) or entry["other"]
        return form.format(n=self.number(number), **values)

    def number(self, value: float, digits: int = 0) -> str:
        """`12,345` or, with digits, `4.10`; a real minus sign."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, format=pattern, locale=self.locale).replace("-", _MINUS)

    def plain(self, value: float) -> str:
        """As few digits as the value needs: a rating of 4, or 7.5."""
        return format_decimal(value, format="0.##", locale=self.locale).replace("-", _MINUS)

    def signed(self, value: float) -> str:
        """`+12`, `−7`, `0`: net sentiment, NPS and differences, in whole points."""
        rounded = round(value)
        return ("+" if rounded > 0 else "") + self.number(rounded)

    def percent(self, value: float) -> str:
        """A share 0..1 as whole per cent."""
        return format_percent(value, locale=self.locale)

    def day(self, value: date | str) -> str:
        """`16 Nov 2026`."""
        return format_date(_day(value), "d MMM y", locale=self.locale)

    def short_day(self, value: date | str) -> str:
        """`16 Nov`: where the year is plain from the context."""
        return format_date(_day(value), "d MMM", locale=self.locale)

    def week(self, start: date | str) -> str:
        """`16 – 22 Nov 2026`: the seven days from `start`."""
        first = _day(start)
        last = first + timedelta(days=6)
        if first.year != last.year:
            return f"{self.day(first)} – {self.day(last)}"
        left = str(first.day) if first.month == last.month else self.short_day(first)
        return f"{left} – {self.day(last)}"

    def moment(self, value: str, zone: str = "UTC") -> str:
        """`16 Nov 2026, 09:30` in a brand's zone, of a time as the store keeps it."""
        local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
        return format_datetime(local, "d MMM y, HH:mm", locale=self.locale)

    def language_name(self, code: str) -> str:
        """`Persian` for fa; the code itself where it names no language."""
        return str(self.locale.languages.get(code, code))


@cache
def words_of(language: str) -> Words:
    """The words of a language that has a file; raises FileNotFoundError for others."""
    file = resources.files("monitor.web") / "locales" / f"{language}.toml"
    return Words(language, _flat(tomllib.loads(file.read_text(encoding="utf-8"))))


_PLURALS = {"zero", "one", "two", "few", "many", "other"}


def _flat(tree: Mapping[str, object], prefix: str = "") -> dict[str, str | Mapping[str, str]]:
    """`{"alerts": {"title": ...}}` as `alerts.title`; a table with `other` is a plural."""
    found: dict[str, str | Mapping[str, str]] = {}
    for key, value in tree.items():
        is_plural = isinstance(value, dict) and "other" in value and set(value) <= _PLURALS
        if isinstance(value, dict) and not is_plural:
            found.update(_flat(value, f"{prefix}{key}."))
        elif isinstance(value, str | dict):
            found[prefix + key] = value
    return found


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
