"""From bytes to text: compressed bodies, declared encodings, and declarations that lie.

A feed declared as utf-8 and written in windows-1251, or the reverse, is everyday in our four
languages; read as declared it becomes letters that look like text and score as noise.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Sequence

GZIP_MAGIC = b"\x1f\x8b"

_SAMPLE_BYTES = 200_000
_ENOUGH_LETTERS = 20
"""Below that a declaration is believed: five accented letters in a row prove nothing."""
_SINGLE_BYTE_LATIN = {"ascii", "iso8859-1", "iso8859-15", "cp1252"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_CZECH = set("áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ")
_CZECH_ONLY = set("ěřůčšžňťďĚŘŮČŠŽŇŤĎ")
_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_BESIDE_LATIN = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
_CYRILLIC_LOWER = re.compile("[а-яё]")
_CYRILLIC = re.compile("[а-яёА-ЯЁ]")
_ARABIC = re.compile("[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]")


class TooBig(ValueError):
    """A body grows over the limit when it is unpacked: a bomb, or simply not for us."""


def unzipped(body: bytes, limit_bytes: int = 10_000_000) -> bytes:
    """The body without gzip around it, as much as is readable; other bodies come back unchanged.

    Raises TooBig when the content is larger than the limit.
    """
    if not body.startswith(GZIP_MAGIC):
        return body
    machine = zlib.decompressobj(wbits=31)
    try:
        text = machine.decompress(body, limit_bytes + 1)
    except zlib.error:
        # A damaged stream may still give its beginning when it is fed in small pieces.
        text = _readable_part(body, limit_bytes)
    if len(text) > limit_bytes:
        raise TooBig(f"unpacks to more than {limit_bytes} bytes")
    return text


def _readable_part(body: bytes, limit_bytes: int) -> bytes:
    machine = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    size = 0
    for start in range(0, len(body), 256):
        try:
            part = machine.decompress(body[start : start + 256], limit_bytes + 1)
        except zlib.error:
            break
        parts.append(part)
        size += len(part)
        if size > limit_bytes:
            break
    return b"".join(parts)


def known_codec(name: str | None) -> str | None:
    """Python's name of an encoding ("cp1251" for "Windows-1251"), None for one it lacks."""
    if not name:
        return None
    try:
        return codecs.lookup(name.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None


def marked_encoding(body: bytes) -> str | None:
    """The codec that a byte order mark names; it wins over every declaration (RFC 7303)."""
    return next((name for mark, name in _MARKS if body.startswith(mark)), None)


def undeclared_encoding(body: bytes, declared: Sequence[str | None]) -> str | None:
    """The codec to use instead of the declared ones, None where the declaration may be trusted.

    `declared` is in order of authority: HTTP header, then the document itself.
    """
    sample = body[:_SAMPLE_BYTES]
    # Zero bytes are UTF-16 or UTF-32: no single-byte encoding has them in text.
    if sample.isascii() or marked_encoding(body) or b"\x00" in body[:64]:
        return None
    codecs_named = [name for name in map(known_codec, declared) if name]
    if _is_utf8(body):
        # Text in another encoding is hardly ever valid UTF-8 by accident.
        return None if codecs_named[:1] in ([], ["utf-8"]) else "utf-8"
    for name in codecs_named:
        if name not in ("utf-8", "ascii") and _decodes(body, name):
            doubtful = name in _SINGLE_BYTE_LATIN and len(_HIGH.findall(sample)) >= _ENOUGH_LETTERS
            guess = guess_single_byte(sample) if doubtful else name
            return None if guess in (name, "cp1252") else guess
    return guess_single_byte(sample)


def text_encoding(body: bytes, declared: Sequence[str | None]) -> str:
    """The codec to decode the body with, errors replaced; never fails."""
    override = marked_encoding(body) or undeclared_encoding(body, declared)
    if override:
        return override
    usable = [name for name in map(known_codec, declared) if name]
    name = next((name for name in usable if _decodes(body, name)), "utf-8")
    # What calls itself latin-1 is windows-1252 on the web, as browsers know.
    return "cp1252" if name == "iso8859-1" else name


def guess_single_byte(sample: bytes) -> str:
    """The likeliest codec for text that is not UTF-8, by which letters it would give.

    Knows our languages (and what else looks like them); cp1252 when nothing speaks for another.
    Text that is UTF-8 but for a few broken bytes stays "utf-8".
    """
    if _mostly_utf8(sample):
        return "utf-8"
    if _is_another_script(sample):
        scores = [
            ("cp1251", _russian(sample, "cp1251")),
            ("koi8-r", _russian(sample, "koi8-r")),
            ("cp1256", _persian(sample)),
        ]
    else:
        scores = [
            ("cp1250", _czech(sample, "cp1250")),
            ("iso8859-2", _czech(sample, "iso8859-2")),
        ]
    best, best_score = "cp1252", 0.0
    for name, score in scores:
        if score > best_score:
            best, best_score = name, score
    return best


def _is_utf8(body: bytes) -> bool:
    return _decodes(body, "utf-8")


def _decodes(body: bytes, name: str) -> bool:
    try:
        body.decode(name)
    except (UnicodeDecodeError, LookupError, ValueError):
        return False
    return True


def _mostly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(1 for char in text if ord(char) > 127) > 20 * broken


def _is_another_script(sample: bytes) -> bool:
    """True where words are written in high bytes; in Latin text those stand between a-z."""
    high = len(_HIGH.findall(sample))
    return len(_HIGH_BESIDE_LATIN.findall(sample)) < 0.3 * high


def _letters(sample: bytes, name: str) -> list[str]:
    return [char for char in sample.decode(name, "replace") if ord(char) > 127]


def _share(letters: Sequence[str], pattern: re.Pattern[str]) -> float:
    return len(pattern.findall("".join(letters))) / len(letters) if letters else 0.0


def _russian(sample: bytes, name: str) -> float:
    """Share of Cyrillic letters; 0 unless most are lower case.

    KOI8-R read as windows-1251 gives Cyrillic too, but with upper and lower case exchanged.
    """
    letters = _letters(sample, name)
    if _share(letters, _CYRILLIC_LOWER) < 0.6:
        return 0.0
    share = _share(letters, _CYRILLIC)
    return share if share > 0.85 else 0.0


def _persian(sample: bytes) -> float:
    share = _share(_letters(sample, "cp1256"), _ARABIC)
    return share if share > 0.7 else 0.0


def _czech(sample: bytes, name: str) -> float:
    """Share of Czech letters; 0 without enough of those that Spanish or French lack."""
    letters = _letters(sample, name)
    if not letters:
        return 0.0
    share = sum(letter in _CZECH for letter in letters) / len(letters)
    own = sum(letter in _CZECH_ONLY for letter in letters) / len(letters)
    return share if share > 0.9 and own > 0.2 else 0.0
