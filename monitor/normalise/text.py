"""Text as a person would read it: from HTML, in one Unicode form, without invisible tricks.

`html_to_text` and `clean` make what is stored; `fold` makes what is compared (never shown).
"""

from __future__ import annotations

import html
import re
import unicodedata

import nh3

ZWNJ = "\u200c"
ZWJ = "\u200d"

_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre"}
_LINES = {
    "br", "div", "li", "tr", "dt", "dd", "dl", "section", "article", "header", "footer", "hr",
    "aside", "figure", "figcaption", "main",
}  # fmt: skip
_CELLS = {"td", "th"}
_KEPT_TAGS = _PARAGRAPHS | _LINES | _CELLS
_UNREAD_TAGS = {"script", "style", "template", "noscript", "title", "svg", "iframe", "object"}

_INLINE = "a|abbr|b|big|cite|code|del|em|font|i|img|ins|mark|q|s|small|span|strong|sub|sup|tt|u|wbr"
# `title` and `s` and the like are unread or inline: seen here, they still say "this is HTML".
_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(_KEPT_TAGS | _UNREAD_TAGS))}|{_INLINE})(?:\s[^<>]*|\s*/)?>", re.I
)
_KEPT_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]*>?")
_UNREAD = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)", re.I | re.S)
_MAX_DEPTH = 500
"""A parser's time grows with the square of the depth of nested tags; no page is this deep."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# Controls, soft hyphen, zero-width space, bidi marks, embeddings, overrides and isolates, byte
# order marks, annotation and tag characters, lone surrogates, non-characters. ZWNJ and ZWJ stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff]+"
)
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_ZWJ_OUTSIDE_EMOJI = re.compile(f"{ZWJ}(?![{_EMOJI}])|(?<![{_EMOJI}\ufe0f]){ZWJ}")
_ZWNJ_RUN = re.compile(f"{ZWNJ}{{2,}}")
_ZWNJ_AT_EDGE = re.compile(rf"(?<!\w){ZWNJ}|{ZWNJ}(?!\w)")
_STACKED_MARKS = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")
_BLANKS = re.compile(r"[^\S\n]+")
_AROUND_BREAK = re.compile(r" ?\n ?")
_EMPTY_LINES = re.compile(r"\n{3,}")
_ANY_SPACE = re.compile(r"\s+")
_PLAIN = re.compile(r"[!-~\u0400-\u045f]+(?: [!-~\u0400-\u045f]+)*")


def html_to_text(raw: str) -> str:
    """The readable text of an HTML fragment, however broken; blocks and <br> become line breaks.

    Scripts, styles, images and their alternative texts are left out. Markup that arrives escaped
    (`&lt;p&gt;`), as many feeds send it, is read as markup too.
    """
    text = _strip_markup(raw)
    for _ in range(2):
        if _TAG.search(text):
            text = _strip_markup(text)
        elif _ENTITY.search(text):
            text = html.unescape(text)
        else:
            break
    return text


def unescape_plain(raw: str) -> str:
    """Text that should hold no HTML, with the entities and tags that slipped in resolved.

    `I <3 it` and `a < b` stay as written: only known tags count as markup.
    """
    text = raw
    for _ in range(2):
        if "&" not in text or not _ENTITY.search(text):
            break
        text = html.unescape(text)
    if "<" in text and _TAG.search(text):
        # A stray `<` that starts no known tag is content here, while a parser would eat from it.
        pieces: list[str] = []
        end = 0
        for tag in _TAG.finditer(text):
            pieces += (text[end : tag.start()].replace("<", "&lt;"), tag[0])
            end = tag.end()
        pieces.append(text[end:].replace("<", "&lt;"))
        text = html.unescape(_strip_markup("".join(pieces).replace("\n", "<br>")))
    return text


def _strip_markup(raw: str) -> str:
    if "<" not in raw:
        return html.unescape(raw) if "&" in raw else raw
    raw = raw.replace("\x00", "")
    if raw.count("<") > _MAX_DEPTH and _depth(raw) > _MAX_DEPTH:
        raw = _ANY_TAG.sub(" ", _UNREAD.sub(" ", raw)).replace("<", " ")
    tidy = nh3.clean(
        raw,
        tags=_KEPT_TAGS,
        attributes={},
        clean_content_tags=_UNREAD_TAGS,
        strip_comments=True,
        link_rel=None,
    )
    return html.unescape(_KEPT_TAG.sub(_break_of_tag, _ANY_SPACE.sub(" ", tidy)))


def _depth(raw: str) -> int:
    """How many more tags are opened than closed at the deepest place, at most."""
    depth = deepest = 0
    for tag in _ANY_TAG.finditer(raw):
        depth += -1 if tag[0].startswith("</") else 1
        deepest = max(deepest, depth)
    return deepest


def _break_of_tag(tag: re.Match[str]) -> str:
    name = tag[2]
    if name in _PARAGRAPHS:
        return "\n\n"
    if name in _CELLS:
        return " "
    return "" if name == "br" and tag[1] else "\n"


def clean(text: str, max_chars: int = 20_000) -> str:
    """Text in NFC without control, bidi-override and zero-width characters, at most `max_chars`.

    Runs of blanks become one, paragraphs (one empty line) stay. ZWNJ inside words (Persian) and
    ZWJ inside emoji are kept. The end is never cut inside a letter with its marks or an emoji.
    """
    # Four times the limit is enough room for what is dropped, and bounds the work on a huge text.
    text = text.lstrip()[: max_chars * 4]
    if _PLAIN.fullmatch(text):
        return cut(text, max_chars)
    text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = _LINE_BREAK.sub("\n", text)
        text = _INVISIBLE.sub("", text)
        if ZWJ in text:
            text = _ZWJ_OUTSIDE_EMOJI.sub("", text)
        if ZWNJ in text:
            text = _ZWNJ_AT_EDGE.sub("", _ZWNJ_RUN.sub(ZWNJ, text))
    text = _STACKED_MARKS.sub(r"\1", text)
    text = _BLANKS.sub(" ", text)
    if "\n" in text:
        text = _EMPTY_LINES.sub("\n\n", _AROUND_BREAK.sub("\n", text))
    return cut(text.strip(), max_chars)


def clean_line(text: str | None, max_chars: int = 300) -> str | None:
    """A name, title or place on one line, cleaned like a text; None when nothing is left."""
    if not text:
        return None
    line = clean(unescape_plain(text[: max_chars * 8]), max_chars)
    return _ANY_SPACE.sub(" ", line) or None


def cut(text: str, max_chars: int) -> str:
    """The first `max_chars` characters, fewer where that would split a letter or an emoji."""
    if len(text) <= max_chars:
        return text
    end = max_chars
    while end > max(0, max_chars - 40) and _joins(text, end):
        end -= 1
    return text[:end].rstrip()


def _joins(text: str, index: int) -> bool:
    """Whether the character at `index` belongs to the one before it."""
    char, before = text[index], text[index - 1]
    if before in (ZWJ, ZWNJ) or char in (ZWJ, ZWNJ) or "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    if unicodedata.category(char) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f1e6" <= char <= "\U0001f1ff":  # flags are pairs of regional letters
        run = 0
        while run < index and "\U0001f1e6" <= text[index - 1 - run] <= "\U0001f1ff":
            run += 1
        return run % 2 == 1
    return False


# --- folding: for comparing only -----------------------------------------------------------------

_DIGITS = {
    ord(c): str(i)
    for zero in (0x660, 0x6F0)
    for i, c in enumerate(map(chr, range(zero, zero + 10)))
}
_ARABIC = {
    ord(c): to
    for letters, to in (
        ("يىېےئ", "ی"), ("كڪ", "ک"), ("ةۀہەھ", "ه"), ("أإآٱ", "ا"), ("ؤ", "و"), ("ـ", ""),
        ("ءٕٔ", ""),
    )
    for c in letters
}  # fmt: skip
_ARABIC_MARKS = dict.fromkeys((*range(0x610, 0x61B), *range(0x64B, 0x660), 0x670), "")
_LATIN = {
    code: unicodedata.normalize("NFD", chr(code))[0]
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if unicodedata.decomposition(chr(code))
    and not unicodedata.decomposition(chr(code)).startswith("<")
}
_OTHER_LATIN = {
    ord(c): to for c, to in zip("łøđıħæœ", ("l", "o", "d", "i", "h", "ae", "oe"), strict=True)
}
_MARKS = dict.fromkeys((*range(0x300, 0x370), 0xFE0F, 0x200B, 0x200C, 0x200D), "")
_FOLD = {**_LATIN, **_OTHER_LATIN, **_ARABIC, **_ARABIC_MARKS, **_DIGITS, **_MARKS, ord("ё"): "е"}


def fold(text: str, language: str | None = None) -> str:
    """Text for comparing: case, diacritics, yo, Arabic letter forms, ZWNJ and digits made equal.

    The same word must fold alike whatever language was guessed for it, so the language only
    decides what is truly its own: Turkish dotless and dotted i.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text)
    if language == "tr":
        text = text.replace("I", "ı").replace("İ", "i")
    return text.casefold().translate(_FOLD)


def ascii_digits(text: str) -> str:
    """The text with Persian and Arabic digits written 0-9."""
    return text if text.isascii() else text.translate(_DIGITS)
