"""JSON-LD blocks of a page, also those that are not quite JSON.

extruct stops at the first broken block of a page and gives nothing of the others; here a broken
block is repaired where it is clear what was meant, and is one reject where it is not.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

import jstyleson
from lxml import etree

_SCRIPTS = etree.XPath(
    "//script[contains(translate(@type, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',"
    " 'abcdefghijklmnopqrstuvwxyz'), 'ld+json')]"
)
_OPENING = re.compile(r"\A(?://|/\*)?[ \t]*(?:<!--|<!\[CDATA\[)\s*(?:\*/)?")
_CLOSING = re.compile(r"(?://|/\*)?\s*(?:-->|\]\]>)\s*(?:\*/)?\Z")
_CLOSING_CHARS = 60
_BLANKS = "\ufeff \t\r\n"
_REPAIRABLE_CHARS = 1_000_000
"""Repairs look at every character in Python; a larger block must be right as it is."""
_COMMENT_LINE = re.compile(r"^[ \t]*(?://.*|<!--.*-->)", re.MULTILINE)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)
"""Numbers stay as written: "4.50" is not 4.5 to somebody who checks a rating against the page."""


class BrokenJson(ValueError):
    """A block that no repair makes readable."""


def blocks(tree: etree._Element) -> list[str]:
    """The text of every JSON-LD script of the page, in order."""
    return ["".join(script.itertext()) for script in _SCRIPTS(tree)]


def loads(text: str) -> list[Any]:
    """The documents in one script (most often one), with control characters allowed.

    Repairs what sites really write: comments, trailing commas, a trailing semicolon, HTML comment
    and CDATA wrappers, backslashes before the wrong character, `&quot;` for quotes, objects
    written one after the other. Raises BrokenJson when none of it helps.
    """
    text = text.strip(_BLANKS)
    if not text:
        return []
    first: Exception | None = None
    repairs = (_as_is, _without_comments, _with_escapes, _unescaped)
    for repair in repairs if len(text) <= _REPAIRABLE_CHARS else repairs[:1]:
        try:
            return _documents(repair(text))
        except (ValueError, IndexError, RecursionError) as error:
            first = first or error
    raise BrokenJson(str(first) or type(first).__name__)


def _as_is(text: str) -> str:
    return text


def _without_comments(text: str) -> str:
    return _unwrapped(str(jstyleson.dispose(_COMMENT_LINE.sub("", _unwrapped(text)))))


def _unwrapped(text: str) -> str:
    """Without the HTML comment or CDATA marks around it, and without a last semicolon."""
    text = _OPENING.sub("", text.strip(_BLANKS))
    # Only the end is searched: blanks before a mark would be tried from every one of them.
    body, end = text[:-_CLOSING_CHARS], text[-_CLOSING_CHARS:]
    return (body + _CLOSING.sub("", end)).strip(_BLANKS + ";")


def _with_escapes(text: str) -> str:
    # "\'" is JavaScript for "'"; before any other letter the backslash was meant as itself.
    return _BAD_ESCAPE.sub(r"\\\\", _without_comments(text).replace("\\'", "'"))


def _unescaped(text: str) -> str:
    return html.unescape(text)


def _documents(text: str) -> list[Any]:
    documents = []
    position = 0
    while position < len(text):
        document, end = _DECODER.raw_decode(text, position)
        documents.append(document)
        position = end
        while position < len(text) and text[position] in " \t\r\n;,":
            position += 1
    return documents
