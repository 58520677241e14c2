"""What full-text search stores of a text, and how a reader's query becomes an FTS5 expression.

Both sides fold and stem words the same way, so that any inflected form finds any other, in each
of the four languages and whatever the language of the query is.
"""

from __future__ import annotations

import re

from monitor.normalise.stems import query_tables, stems_for
from monitor.normalise.text import fold

# A word: letters and digits with their combining marks, joined inside by ZWNJ, ZWJ or tatweel.
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d"
_WORD = re.compile(rf"[^\W_][\w{_MARKS}]*")

_MAX_TERMS = 24
"""FTS5 limits how deep an expression nests (256); nobody types more words than this."""

_MAX_QUERY_CHARS = 1_000
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


def search_text(title: str | None, text: str, language: str) -> str:
    """Folded, stemmed words of title and text, for an FTS5 column."""
    stems = stems_for(language)
    words = _WORD.findall(f"{title}\n{text}" if title else text)
    return " ".join(filter(None, map(stems.__getitem__, words)))


def search_query(query: str) -> str:
    """An FTS5 MATCH expression; one that finds nothing when the query holds no word to look for.

    Words must all occur; `"a phrase"` in this order; `-word` must not occur; `prefix*` stands for
    any ending. Whatever is typed, the expression is valid: every word is quoted.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for term in _TERM.finditer(query[:_MAX_QUERY_CHARS]):
        if len(wanted) + len(unwanted) >= _MAX_TERMS:
            break
        phrase = term["phrase"] if term["phrase"] is not None else term["word"]
        is_prefix = term["phrase"] is None and phrase.endswith("*")
        expression = _any_form(phrase, is_prefix=is_prefix)
        if expression:
            (unwanted if term["minus"] else wanted).append(expression)
    if not wanted:
        return '""'
    found = " AND ".join(wanted)
    if not unwanted:
        return found
    return f"({found}) NOT ({' OR '.join(unwanted)})"


def _any_form(phrase: str, *, is_prefix: bool) -> str:
    """The phrase in every stemming it may be stored in, joined by OR; "" without any word."""
    words = _WORD.findall(phrase)
    forms: list[str] = []
    for stems in query_tables():
        stemmed = " ".join(filter(None, map(stems.__getitem__, words)))
        if stemmed and f'"{stemmed}"' not in forms:
            forms.append(f'"{stemmed}"')
    if is_prefix and forms:
        # The first form is unstemmed for Latin letters; a prefix is also looked up as typed.
        typed = " ".join(_fold_words(words))
        forms.insert(0, f'"{typed}"*')
    if len(forms) < 2:
        return forms[0] if forms else ""
    return f"({' OR '.join(forms)})"


def _fold_words(words: list[str]) -> list[str]:
    """The words folded but not stemmed."""
    return [folded for word in words if (folded := fold(word))]
