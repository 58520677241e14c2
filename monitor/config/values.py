"""Types of single values in config.yaml: secrets, durations, times of day, zones, addresses.

Each raises `ValueError` with a sentence that says what to write instead.
"""

from __future__ import annotations

import os
import re
from datetime import time, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from monitor.config.words import did_you_mean

_SECRET = re.compile(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)")
_DURATION = re.compile(r"(\d+)\s*([mhd])")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_CONTACT = re.compile(r"https?://\S+|[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
SHORTEST = timedelta(minutes=1)
"""The shortest time between two collections: less would be a burden on the site."""


class Secret:
    """A reference to a secret, `env:NAME` or `file:PATH`; `reveal()` gives the secret itself.

    The secret is read each time it is needed and is never kept, shown or logged: `str` and
    `repr` give the reference.
    """

    __slots__ = ("folder", "reference")

    def __init__(self, reference: str, folder: Path | None = None) -> None:
        if not _SECRET.fullmatch(reference):
            # The text itself may be the secret: it must not be repeated in the message.
            raise ValueError(
                "must not stand in the file: write env:NAME for an environment variable "
                "or file:PATH for a file that holds it"
            )
        self.reference = reference
        self.folder = folder

    @property
    def variable(self) -> str | None:
        """Name of the environment variable, or None when the secret is in a file."""
        kind, _, rest = self.reference.partition(":")
        return rest if kind == "env" else None

    def reveal(self) -> str:
        """The secret. Raises `ValueError` saying what to set when it cannot be read or is empty."""
        if self.variable is not None:
            value = os.environ.get(self.variable, "").strip()
            if not value:
                raise ValueError(f"set the environment variable {self.variable}")
            return value
        path = (self.folder or Path()) / Path(self.reference.partition(":")[2]).expanduser()
        try:
            value = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise ValueError(f"cannot read the file {path}: {reason}") from error
        if not value:
            raise ValueError(f"the file {path} is empty: write the secret into it")
        return value

    def __repr__(self) -> str:
        return f"Secret({self.reference!r})"

    def __str__(self) -> str:
        return self.reference

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reference == self.reference

    def __hash__(self) -> int:
        return hash(self.reference)

    @classmethod
    def _parse(cls, value: Any) -> Secret:
        return value if isinstance(value, cls) else cls(value if isinstance(value, str) else "")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._parse, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{_SECRET.pattern}$"}


def parse_duration(value: Any) -> timedelta:
    """A duration from `30m`, `1h` or `1d`."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"must be a number with a unit, such as 30m, 1h or 1d, not {value!r}")
    duration = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if duration < SHORTEST:
        raise ValueError("must be at least 1m")
    return duration


def format_duration(value: timedelta) -> str:
    """The shortest way to write a duration: `90m`, `1h`, `1d`."""
    minutes = int(value.total_seconds()) // 60
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _clock(value: Any) -> time:
    if isinstance(value, time):
        return value
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'must be a time of day such as "07:30", not {value!r}')
    return time(int(match[1]), int(match[2]))


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(value, available_timezones()) or ": write it like Europe/Prague"
        raise ValueError(f"unknown timezone {value!r}{hint}") from None
    return value


def http_url(value: str) -> str:
    """The same text, when it is the address of a web page."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(sign.isspace() for sign in value):
        raise ValueError(f"must be an address with http:// or https://, not {value!r}")
    return value


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError(
            "must be a short name of small Latin letters, digits, - and _, such as "
            f"zelvano-reviews, not {value!r}"
        )
    return value


def _mailbox(value: str) -> str:
    if "\n" in value or "\r" in value or not _MAIL.fullmatch(parseaddr(value)[1]):
        raise ValueError(f"must be an e-mail address, not {value!r}")
    return value


def _user_agent(value: str) -> str:
    if not _CONTACT.search(value):
        raise ValueError("must hold a contact (a web or e-mail address), so that a site can ask")
    return value


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


Text = Annotated[str, AfterValidator(_text)]
Slug = Annotated[str, AfterValidator(_slug)]
Zone = Annotated[str, AfterValidator(_zone)]
HttpUrl = Annotated[str, AfterValidator(http_url)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
UserAgent = Annotated[str, AfterValidator(_user_agent)]
Every = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+\s*[mhd]$", "examples": ["30m", "1h"]}),
]
ClockTime = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^({_CLOCK.pattern})$"}),
]
