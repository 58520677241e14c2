"""From a row or an object to a `RawItem`, by a mapping of fields to columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from monitor.errors import UsageError
from monitor.records import KINDS, RawItem
from monitor.tables.headings import fold

Getter = Callable[[Any], Any]
"""Takes a row's values or an object, gives what stands in one column."""

GROUPS = ("sub_ratings", "reach")
FIELDS = tuple(f.name for f in fields(RawItem) if f.name not in {"source", "fetched_at", *GROUPS})
"""Fields that a column can be mapped to; beside them `sub_ratings.NAME` and `reach.NAME`."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

_KIND_WORDS = {
    "review": ("review", "reviews", "rating", "отзыв", "recenze", "hodnoceni", "نظر"),
    "post": ("post", "tweet", "status", "пост", "запись", "prispevek", "پست"),
    "comment": ("comment", "reply", "комментарий", "komentar", "دیدگاه", "کامنت"),
    "news": ("news", "article", "новость", "статья", "clanek", "zprava", "خبر", "مقاله"),
    "interview": ("interview", "call", "интервью", "звонок", "rozhovor", "hovor", "مصاحبه"),
}
_KIND_OF = {word: kind for kind, words in _KIND_WORDS.items() for word in words}


class BadValue(ValueError):
    """A cell that cannot be what its column is mapped to; the message is the reject's cause."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Makes items of one source out of rows; `make` raises `BadValue` for a row that is none."""

    source: str
    fetched_at: str
    kind: str
    getters: Mapping[str, Getter] = field(repr=False)

    def make(self, row: Any) -> RawItem:
        values: dict[str, Any] = {}
        sub_ratings: dict[str, str] = {}
        reach: dict[str, int] = {}
        for name, get in self.getters.items():
            text = as_text(get(row), name)
            if text is None:
                continue
            group, _, inner = name.partition(".")
            if group == "sub_ratings":
                sub_ratings[inner] = text
            elif group == "reach":
                reach[inner] = _whole(text, name)
            else:
                values[name] = text
        if not (values.get("text") or values.get("title") or values.get("rating")):
            raise BadValue("no text, title or rating")
        values["kind"] = _kind(values["kind"]) if "kind" in values else self.kind
        if "is_html" in values:
            values["is_html"] = values["is_html"].lower() in ("true", "1", "yes")
        return RawItem(
            source=self.source,
            fetched_at=self.fetched_at,
            sub_ratings=sub_ratings,
            reach=reach,
            **values,
        )


def check_fields(mapping: Mapping[str, str]) -> None:
    """Raises `UsageError` naming the first field that no item has."""
    for name in mapping:
        group, dot, inner = name.partition(".")
        if name not in FIELDS and not (dot and inner and group in GROUPS):
            raise UsageError(
                f"--map {name}=...: no such field; there are {', '.join(FIELDS)},"
                " sub_ratings.NAME and reach.NAME"
            )


def as_text(value: Any, name: str) -> str | None:
    """A value as the source wrote it; None for nothing. Raises `BadValue` for a list or object."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | dict):
        kind = "list" if isinstance(value, list) else "object"
        raise BadValue(f"{name} is a {kind}: map it to a path inside, such as {name}=key.inner")
    # Half a surrogate pair, which JSON can write, fits in no database and no mail.
    return _LONE_SURROGATE.sub("\ufffd", str(value)).strip() or None


def _whole(text: str, name: str) -> int:
    try:
        return int(text.replace("\u00a0", "").replace(" ", "").replace(",", ""))
    except ValueError:
        raise BadValue(f"{name} is not a whole number: {text[:40]!r}") from None


def _kind(text: str) -> str:
    kind = _KIND_OF.get(fold(text))
    if kind is None:
        raise BadValue(f"kind {text[:40]!r} is none of {', '.join(KINDS)}")
    return kind
