"""Words, numbers and dates of one language: the locale files read, with CLDR plurals and digits.

A message is a template such as `{n:mentions}, {before:count} before`. What stands after the colon
is a method of `Words` that writes a value (`count`, `net`, `day`, `names` ...) or another message
that takes `n`. A message with plural forms is a mapping of CLDR categories; `of` names the value
that chooses, `n` when it is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import jdatetime
import yaml
from babel import Locale
from babel.dates import format_interval, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from monitor.digest.model import Sentence
from monitor.records import LANGUAGES, Week

MINUS = "\u2212"
_LRM = "\u200e"
_FSI, _PDI = "\u2068", "\u2069"
# British dates: an international reader takes 16 Nov for one thing only.
_LOCALES = {"en": "en_GB"}
_DIGITS = {"fa": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")}
_WRITERS = frozenset(
    {"count", "mean", "plain", "percent", "net", "mean_change", "names", "words", "language_name"}
    | {"day", "days", "span", "moment", "written"}
)


class Words(Formatter):
    """Says messages in one of `records.LANGUAGES`, with times in the brand's zone."""

    def __init__(self, language: str, timezone: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no digest in {language!r}: choose one of {', '.join(LANGUAGES)}")
        self.language = language
        self.zone = ZoneInfo(timezone)
        self.locale = Locale.parse(_LOCALES.get(language, language))
        self.direction = "rtl" if self.locale.text_direction == "rtl" else "ltr"
        self._messages = messages(language)

    def __call__(self, key: str, /, **values: Any) -> str:
        """The message of that key with its values written in; raises KeyError for unknown keys."""
        template = self._messages[key]
        if not isinstance(template, str):
            number = values[template.get("of", "n")]
            template = template[self.locale.plural_form(number)]
        return self.vformat(template, (), values)

    def say(self, sentence: Sentence) -> str:
        return self(sentence.key, **sentence.values)

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value written as the template asks for: see the module's first lines."""
        if not format_spec:
            return self.isolated(value) if isinstance(value, str) else self.count(value)
        if format_spec in _WRITERS:
            return str(getattr(self, format_spec)(value))
        return self(format_spec, n=value)

    def count(self, number: float) -> str:
        """A whole number in groups: 1,234."""
        return self._decimal(round(number), "#,##0")

    def mean(self, number: float) -> str:
        """A mean rating, with two decimals."""
        return self._decimal(number, "0.00")

    def plain(self, number: float) -> str:
        """A number as short as it can be: 4, 7.5."""
        return self._decimal(number, "#,##0.#")

    def percent(self, share: float) -> str:
        """A share of 0..1 as percentage, without decimals."""
        return self("percent", n=round(100 * share))

    def net(self, points: float) -> str:
        """Points with their sign, +32 or -28 with a true minus, 0 without."""
        return self._signed(round(points), "#,##0")

    def mean_change(self, number: float) -> str:
        """A change of a mean rating, with its sign and two decimals."""
        return self._signed(round(number, 2), "0.00")

    def names(self, values: tuple[str, ...]) -> str:
        """Names in a row: `a, b and c`; at most six, then how many more."""
        shown = [self.isolated(value) for value in values[:6]]
        if len(values) > len(shown):
            shown.append(self("more_names", n=len(values) - len(shown)))
        return str(format_list(shown, locale=self.locale))

    def words(self, values: tuple[str, ...]) -> str:
        """Words in this language's quotation marks."""
        return str(
            format_list(
                [self("quoted", word=value) for value in values], "unit-short", locale=self.locale
            )
        )

    def language_name(self, code: str) -> str:
        """The name of a language, or a word for all others."""
        return self(f"language_{code}") if f"language_{code}" in self._messages else self("other")

    def day(self, day: date) -> str:
        """A day without its year: 16 Nov."""
        if self.language == "fa":
            jalali = jdatetime.date.fromgregorian(date=day)
            return f"{self._number(jalali.day)} {_month(jalali)}"
        return str(format_skeleton("MMMd", day, locale=self.locale)).replace(" ", "\u00a0")

    def days(self, week: Week) -> str:
        """A week's first and last day with the year: 16-22 Nov 2026."""
        return self._interval(week, "yMMMd")

    def span(self, week: Week) -> str:
        """A week's first and last day, short: 16-22 Nov."""
        return self._interval(week, "MMMd")

    def _interval(self, week: Week, skeleton: str) -> str:
        last = week.end - timedelta(days=1)
        if self.language != "fa":
            return str(format_interval(week.start, last, skeleton, locale=self.locale))
        first, final = (jdatetime.date.fromgregorian(date=day) for day in (week.start, last))
        opening, closing = self._number(first.day), f"{self._number(final.day)} {_month(final)}"
        if first.month != final.month:
            opening += f" {_month(first)}"
        if "y" in skeleton:
            closing += f" {self._number(final.year)}"
            opening += f" {self._number(first.year)}" if first.year != final.year else ""
        return self("from_to", start=opening, end=closing)

    def moment(self, moment: datetime) -> str:
        """Weekday, day and time of day in the brand's zone."""
        local = moment.astimezone(self.zone)
        weekday = self.locale.days["format"]["wide"][local.weekday()]
        clock = "".join(
            self._number(int(digit)) if digit != ":" else digit for digit in f"{local:%H:%M}"
        )
        return self("moment", weekday=weekday, day=self.day(local.date()), clock=clock)

    def isolated(self, text: str) -> str:
        """A name from outside, in one line, that cannot turn the letters around it."""
        text = "".join(
            " " if unicodedata.category(c)[0] == "C" and c not in "\u200c\u200d" else c
            for c in text
        )
        strong = {unicodedata.bidirectional(letter) for letter in text}
        foreign = strong & ({"L"} if self.direction == "rtl" else {"R", "AL"})
        return f"{_FSI}{text}{_PDI}" if foreign else text

    def written(self, text: str) -> str:
        """What is already written in this language, left as it is."""
        return text

    def _decimal(self, number: float, pattern: str) -> str:
        # Babel knows the signs of a numbering system, but leaves its digits to us.
        system = "arabext" if self.language in _DIGITS else "latn"
        text = format_decimal(number, pattern, locale=self.locale, numbering_system=system)
        return str(text).translate(_DIGITS.get(self.language, {}))

    def _signed(self, number: float, pattern: str) -> str:
        sign = "+" if number > 0 else MINUS if number < 0 else ""
        # Without the mark a sign before Persian digits is drawn after them.
        mark = _LRM if self.direction == "rtl" and sign else ""
        return f"{mark}{sign}{self._decimal(abs(number), pattern)}"

    def _number(self, number: int) -> str:
        return self._decimal(number, "0")


def _month(day: jdatetime.date) -> str:
    return str(jdatetime.date.j_months_fa[day.month - 1])


@lru_cache
def messages(language: str) -> Mapping[str, Any]:
    """The locale file of that language."""
    file = resources.files("monitor.digest") / "locales" / f"{language}.yaml"
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content
