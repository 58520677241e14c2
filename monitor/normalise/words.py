"""The words of a text one by one; tags, handles and addresses are taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from monitor.normalise.text import fold

_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d"
_WORD = re.compile(rf"(?P<sign>[#＃@])?(?P<word>[^\W_][\w{_MARKS}]*)")
# A new part begins at a capital after a small letter, and at an underscore: #ZelvanoReview.
_PART = re.compile(r"_+|(?<=[a-zа-яё])(?=[A-ZА-ЯЁÀ-Ž])")
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,12}(?![\w-])", re.IGNORECASE)
_QUERY = re.compile(r"(https?://[^\s?#]*)[?#]\S*")
_CLOSE = re.compile(r"[^\w\n]{0,3}")
_SENTENCE_END = re.compile(r"[.!?…؟]\s")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as written, folded, and what stands between it and the word before."""

    raw: str
    folded: str
    gap: str

    @property
    def is_close(self) -> bool:
        """Whether it may be the next word of one name: "Mall Group", not "a mall. Group"."""
        return bool(_CLOSE.fullmatch(self.gap)) and not _SENTENCE_END.search(self.gap)


@dataclass(frozen=True, slots=True)
class Compound:
    """A hashtag, handle or part of a domain, joined and folded; `count` words begin at `at`."""

    at: int
    text: str
    count: int


def words_of(text: str) -> tuple[list[Word], list[Compound]]:
    """The words of a text, and which of them are a tag, a handle or part of a domain."""
    text = _QUERY.sub(r"\1", text)  # what stands behind ? in a link is for programs
    hosts = [match.span() for match in _HOST.finditer(text)]
    words: list[Word] = []
    compounds: list[Compound] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        end = match.end()
        is_host = any(start <= match.start() < stop for start, stop in hosts)
        is_compound = bool(match["sign"]) or is_host
        parts = [part for part in _PART.split(match["word"]) if part]
        if not is_compound and "_" not in match["word"]:
            parts = [match["word"]]
        if is_compound:
            joined = "".join(map(fold, parts))
            compounds.append(Compound(len(words), joined, len(parts)))
        for part in parts:
            words.append(Word(part, fold(part), gap))
            gap = ""
    return words, compounds


def address_words(url: str) -> tuple[list[Word], list[Compound]]:
    """The words of an address' host and path; what stands behind `?` and `#` says nothing."""
    try:
        parts = urlsplit(url)
        text = f"{(parts.hostname or '').removeprefix('www.')} {unquote(parts.path)}"
    except ValueError:
        return [], []
    return words_of(text)
