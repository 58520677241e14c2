"""Small sentences that several parts of the configuration say."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'url'?` when a known word is near, else an empty string."""
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f"; did you mean {by_folded[near[0]]!r}?" if near else ""


def one_of(words: Iterable[object]) -> str:
    """`a, b or c`."""
    *head, last = [str(word) for word in words]
    return f"{', '.join(head)} or {last}" if head else last


def dotted(place: Iterable[str | int]) -> str:
    """`sources[2].url` from the keys and positions that lead there."""
    path = ""
    for step in place:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path
