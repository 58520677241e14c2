"""Items of a JSON answer by expressions that the user wrote: JMESPath, a field each.

`=text` in place of an expression stands for the text itself, the same for every item. Names that
are not plain ASCII words stand in double quotes, as JMESPath demands: `user."full name"`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from monitor.records import RawItem, Reject
from spiders.parse.answers import NotJson, json_answer, start_of
from spiders.parse.encoding import TooBig, unzipped
from spiders.parse.mapped import BadField, PageContext, as_text, mapped_item
from spiders.parse.options import mapping_option, option, pattern, picked

Find = Callable[[Any], Any]
"""What an expression gives of a document; None for nothing."""

_SHOWN_KEYS = 12


@dataclass(frozen=True, slots=True)
class Expressions:
    """The expressions of one source."""

    items: Find
    fields: Mapping[str, Find]
    page_fields: Mapping[str, Find] = field(default_factory=dict)
    """Read once from the whole answer, for items that do not say it themselves."""
    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    next: Find | None = None
    cursor: Find | None = None
    more: Find | None = None


@dataclass(frozen=True, slots=True)
class JsonPage:
    """What one answer gave, and what it says about the next one.

    `is_last` is True where the answer itself says that nothing follows.
    """

    items: list[RawItem]
    rejects: list[Reject]
    found: int = 0
    next: str | None = None
    cursor: str | None = None
    is_last: bool = False


def expressions_of(options: Mapping[str, Any]) -> Expressions:
    """The expressions in a source's options. Raises ValueError, naming the option, if bad."""
    fields = mapping_option(options, "fields", expression)
    if not fields:
        raise ValueError("option fields is needed: which value of an item is its text, and so on")
    return Expressions(
        items=option(options, "items", expression) or expression("@"),
        fields=fields,
        page_fields=mapping_option(options, "page_fields", expression),
        patterns=mapping_option(options, "patterns", pattern),
        next=option(options, "next", expression),
        cursor=option(options, "cursor", expression),
        more=option(options, "more", expression),
    )


def expression(text: str) -> Find:
    """An expression as a function. Raises ValueError with what is wrong with it."""
    text = text.strip()
    if text.startswith("="):
        return lambda _: text[1:]
    try:
        compiled = jmespath.compile(text)
    except JMESPathError as error:
        raise ValueError(f"{text!r} is no JMESPath ({_first_line(error)})") from None
    return lambda document: _search(compiled, document)


def _search(compiled: Any, document: Any) -> Any:
    try:
        return compiled.search(document)
    except JMESPathError as error:
        # A function got a value of another type: no fault of the expression, but of this answer.
        raise BadField(f"{compiled.expression}: {_first_line(error)}") from None


def items_by_expressions(body: bytes, wanted: Expressions, page: PageContext) -> JsonPage:
    """Every item of the answer in its order, a reject for each that says nothing."""
    try:
        document = json_answer(unzipped(body))
    except TooBig as error:
        return JsonPage([], [page.reject(f"answer {error}")])
    except NotJson as error:
        return JsonPage([], [page.reject(str(error), start_of(body))])
    try:
        entries = wanted.items(document)
        shared = {name: find(document) for name, find in wanted.page_fields.items()}
        entries = [entries] if isinstance(entries, dict) else entries
        if not isinstance(entries, list):
            raise BadField(f"no list of items where it should be; {_seen_instead(document)}")
        paging = _paging(document, wanted)
    except BadField as error:
        return JsonPage([], [page.reject(str(error), start_of(body))])
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for number, entry in enumerate(entries, 1):
        record = _record(entry, wanted, shared, page, f"item {number}")
        if isinstance(record, RawItem):
            items.append(record)
        else:
            rejects.append(record)
    return JsonPage(items, rejects, len(entries), **paging)


def _record(
    entry: Any, wanted: Expressions, shared: Mapping[str, Any], page: PageContext, where: str
) -> RawItem | Reject:
    values = dict(shared)
    try:
        for name, find in wanted.fields.items():
            value = find(entry)
            narrowed = wanted.patterns.get(name)
            if narrowed is not None:
                value = picked(as_text(value, name), narrowed)
            if value not in (None, "", []):
                values[name] = value
    except BadField as error:
        return page.reject(str(error), str(entry), where)
    return mapped_item(values, page, where)


def _paging(document: Any, wanted: Expressions) -> dict[str, Any]:
    """What the answer says about the next one, as fields of JsonPage."""
    more = wanted.more(document) if wanted.more else True
    return {
        "next": as_text(wanted.next(document), "next") if wanted.next else None,
        "cursor": as_text(wanted.cursor(document), "cursor") if wanted.cursor else None,
        "is_last": more in (None, False, 0, "", "false", [], {}),
    }


def _seen_instead(document: Any) -> str:
    if isinstance(document, dict):
        keys = ", ".join(str(key) for key in list(document)[:_SHOWN_KEYS])
        return f"the answer has {keys or 'no keys'}"
    return f"the answer is a {type(document).__name__}"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:150] if str(error) else type(error).__name__
