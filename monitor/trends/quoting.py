"""A phrase as people write it, and short quotes around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.trends.phrases import Words

MOST_QUOTES = 3
AROUND = 70
"""Characters shown on either side of the phrase."""
_MOST_READ = 500
"""Texts in which the usual form is looked for; more would not change it."""


class _Said(Protocol):
    @property
    def mention_id(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def author(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of a mention around the phrase, on one line."""

    mention_id: int
    text: str


def usual_form(words: Words, stems: Sequence[str], texts: Sequence[str]) -> str:
    """The phrase in the form that most of the texts write; a capital only where it is usual."""
    forms: Counter[str] = Counter()
    for text in texts[:_MOST_READ]:
        for start, end in words.places(text, stems)[:1]:
            written = " ".join(text[start:end].split())
            forms[_uncapitalised(written) if _begins(text, start) else written] += 1
    return max(forms, key=lambda form: (forms[form], -len(form), form))


def quotes(words: Words, stems: Sequence[str], said: Iterable[_Said]) -> tuple[Quote, ...]:
    """At most three, the newest first, each of another author."""
    found: list[Quote] = []
    authors: set[str] = set()
    for one in sorted(said, key=lambda one: -one.mention_id):
        if one.author in authors:
            continue
        if one.author is not None:
            authors.add(one.author)
        start, end = words.places(one.text, stems)[0]
        found.append(Quote(one.mention_id, _around(one.text, start, end)))
        if len(found) == MOST_QUOTES:
            break
    return tuple(found)


def _around(text: str, start: int, end: int) -> str:
    """The phrase with what stands beside it, cut between words."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    before, after = text[first:start], text[end:last]
    if first > 0:
        before = "…" + before[before.find(" ") + 1 :]
    if last < len(text):
        after = after[: after.rfind(" ")] + "…" if " " in after else "…"
    return " ".join(f"{before}{text[start:end]}{after}".split())


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins there, so that a capital says nothing."""
    before = text[:start].rstrip(" \t\"'«„“(")
    return not before or before[-1] in ".!?…\n"


def _uncapitalised(written: str) -> str:
    return written[0].lower() + written[1:] if written[1:2].islower() else written
