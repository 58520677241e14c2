"""feedparser, kept from two things: believing a wrong encoding, and raising on hostile bytes."""

from __future__ import annotations

import io
import re
from typing import Any

import feedparser

from spiders.parse.encoding import (
    known_codec,
    marked_encoding,
    text_encoding,
    undeclared_encoding,
)

_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_CHARACTER = re.compile(rb"&#(?:x([0-9a-f]{1,8})|([0-9]{1,10}));?", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class NotReadable(ValueError):
    """feedparser gave up, even on the cleaned text; the message says how."""


def parsed_feed(body: bytes, content_type: str = "") -> Any:
    """feedparser's result for a feed's bytes. Raises NotReadable, and nothing else.

    It is not told the feed's address: it would join guids with it as if they were links.
    """
    charset = _CHARSET.search(content_type)
    declared = _XML_ENCODING.search(body[:1000])
    named = [
        charset.group(1) if charset else None,
        declared.group(1).decode("ascii") if declared else None,
    ]
    override = marked_encoding(body) or undeclared_encoding(body, named)
    if override or (charset and known_codec(charset.group(1)) is None):
        body, content_type = _as_utf_8(body, override or "utf-8")
    try:
        return _parse(body, content_type)
    except Exception:
        # Hostile input reaches corners of the loose parser that nobody has listed: one character
        # number out of range, and it raises. What it raises on is cleaned away, once.
        body, content_type = _as_utf_8(body, text_encoding(body, named))
    try:
        return _parse(_CONTROL.sub(b" ", _CHARACTER.sub(_valid, body)), content_type)
    except Exception as error:
        raise NotReadable(f"{type(error).__name__}: {error}"[:200]) from error


def _parse(body: bytes, content_type: str) -> Any:
    headers = {"content-type": content_type or "application/xml"}
    # A leading blank line makes the XML declaration an error and the strict parser useless.
    body = body.lstrip(b" \t\r\n")
    return feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False)


def _as_utf_8(body: bytes, encoding: str) -> tuple[bytes, str]:
    """(body, content type) with one encoding that header and body agree on."""
    text = body.decode(encoding, "replace")
    return _XML_DECLARATION.sub("", text, count=1).encode(), "application/xml; charset=utf-8"


def _valid(match: re.Match[bytes]) -> bytes:
    """The reference itself, or that of the replacement character for one that means nothing."""
    number = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    sound = 0x20 <= number < 0xD800 or 0xE000 <= number < 0x110000 or number in (9, 10, 13)
    return match.group(0) if sound else b"&#xFFFD;"
