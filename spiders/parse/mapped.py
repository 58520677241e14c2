"""Values by field name to raw items: for kinds whose fields the user names, or somebody's spider.

Fields are those of `RawItem`, with `id`, `reply` and `parent` as short names and `reach.likes`,
`sub_ratings.delivery` and the like for counts and parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from monitor.records import KINDS, RawItem, Reject
from spiders.parse.addresses import web_address

SHORT_NAMES = {"id": "native_id", "reply": "reply_text", "parent": "parent_id"}
GROUPS = ("sub_ratings", "reach")
FIELDS = tuple(
    one.name for one in fields(RawItem) if one.name not in {"source", "fetched_at", *GROUPS}
)
"""Fields with one value; beside them `sub_ratings.NAME` and `reach.NAME`."""

MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_COUNT = re.compile(r"(\d[\d\s.,\u066b\u066c]*)\s*([KkMmКкМм])?")
_THOUSANDS = {"k": 1_000, "к": 1_000, "m": 1_000_000, "м": 1_000_000}
_CAUSE_CHARS = 200


@dataclass(frozen=True, slots=True)
class PageContext:
    """What every item of one page shares."""

    url: str
    source: str
    fetched_at: str
    kind: str = "review"
    language: str | None = None

    def reject(
        self, cause: str, excerpt: str = "", where: str = "", is_left_out: bool = False
    ) -> Reject:
        """A reject of this page; `where` says which part of it."""
        place = f"{self.url} {where}".strip()
        return Reject(self.source, cause[:_CAUSE_CHARS], place, excerpt, is_left_out)


class BadField(ValueError):
    """A value that its field cannot hold; the message is the reject's cause."""


def full_name(field: str) -> str:
    """The record's own name of a field. Raises ValueError, naming all, for one that is none."""
    name = SHORT_NAMES.get(field, field)
    group, dot, part = name.partition(".")
    if name in FIELDS or (dot and part and group in GROUPS):
        return name
    raise ValueError(
        f"no such field: {field}; there are {', '.join([*SHORT_NAMES, *FIELDS])},"
        " reach.NAME and sub_ratings.NAME"
    )


def mapped_item(values: Mapping[str, Any], page: PageContext, where: str) -> RawItem | Reject:
    """The item that the values make, or a reject that says what is wrong with them.

    Numbers, dates and truth values become text as they would be written; what is empty counts as
    not there. `where` names the item's place on the page.
    """
    try:
        single, sub_ratings, reach = _sorted_out(values)
        if not (single.get("text") or single.get("title") or single.get("rating") or sub_ratings):
            raise BadField("item has neither text, title nor rating")
        kind = single.setdefault("kind", page.kind)
        if kind not in KINDS:
            raise BadField(f"kind {kind[:40]!r} is none of {', '.join(KINDS)}")
    except ValueError as error:
        return page.reject(str(error), _excerpt(values), where)
    text = single.setdefault("text", "")
    is_html = single.pop("is_html", None)
    single["url"] = web_address(single.get("url"), page.url)
    single.setdefault("language", page.language)
    if single.get("edited") == single.get("published"):
        single.pop("edited", None)
    return RawItem(
        source=page.source,
        fetched_at=page.fetched_at,
        is_html=bool(MARKUP.search(text)) if is_html is None else is_html == "true",
        sub_ratings=sub_ratings,
        reach=reach,
        **single,
    )


def _sorted_out(
    values: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, str], dict[str, int]]:
    """(fields with one value, sub-ratings, reach), each without what is empty."""
    single: dict[str, Any] = {}
    sub_ratings: dict[str, str] = {}
    reach: dict[str, int] = {}
    for field, value in _flat(values):
        name = full_name(field)
        text = as_text(value, name)
        group, _, part = name.partition(".")
        if text is None:
            continue
        if group == "sub_ratings":
            sub_ratings[part] = text
        elif group == "reach":
            count = as_count(text)
            if count is not None:
                reach[part] = count
        else:
            single[name] = text
    return single, sub_ratings, reach


def _flat(values: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """The values with whole groups (`reach: {likes: 3}`) taken apart."""
    for field, value in values.items():
        if field in GROUPS and isinstance(value, Mapping):
            for part, inner in value.items():
                yield f"{field}.{part}", inner
        elif field not in GROUPS or value:
            yield str(field), value


def as_text(value: Any, name: str) -> str | None:
    """A value as its source would write it, None for nothing; texts in a list become lines.

    Raises BadField for an object, and for a list where there can be only one value.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        parts = [part for part in (as_text(one, name) for one in value) if part]
        if len(parts) > 1 and name not in ("text", "reply_text"):
            raise BadField(f"{name} is a list of {len(parts)}: say which one is meant")
        return "\n".join(parts) or None
    if not isinstance(value, str | int | float):
        shown = "an object" if isinstance(value, Mapping) else f"a {type(value).__name__}"
        raise BadField(f"{name} is {shown}: say what of it is meant")
    return str(value).strip() or None


def as_count(text: str) -> int | None:
    """A count as people write it ("1 204", "1,204", "12.4K", "۱۲"); None if it is none."""
    found = _COUNT.fullmatch(text.strip())
    if not found:
        return None
    number, unit = found.groups()
    if unit:
        try:
            return round(float(re.sub(r"[,\u066b]", ".", number)) * _THOUSANDS[unit.lower()])
        except ValueError:
            return None
    digits = re.sub(r"\D", "", number)
    return int(digits) if len(digits) < 16 else None


def _excerpt(values: Mapping[str, Any]) -> str:
    return " ".join(str(value) for value in values.values() if value)[:300]
