"""Which words this week's complaints share that earlier complaints did not: a first "why".

Pure, and careful: it names words only where many of this week's complaints hold them and chance
does not explain it, so that it stays silent in a usual week.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.trends.compare import share_change

MOST_WORDS = 3
LEAST_TEXTS = 5
LEAST_SHARE = 0.2
LEAST_EARLIER = 10
"""Without this many earlier complaints nothing can be called unusual."""

P_VALUE = 0.0005
"""A week holds hundreds of different words: at the usual 0.05 chance would name some every week."""

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|\u200c(?=[^\W\d_]))+")
_ROOT = 6
"""Letters that stand for all forms of a word: доставка, доставки; delivery, deliveries."""
_SHORTEST = {"fa": 3}
_SHORTEST_ELSE = 4


@dataclass(frozen=True, slots=True)
class Topic:
    """A word in the form most written this week, and how many of the complaints hold it."""

    word: str
    texts: int
    of: int


def distinctive(now: Sequence[tuple[str, str]], before: Sequence[tuple[str, str]]) -> list[Topic]:
    """At most three topics of (language, text) complaints, most frequent first.

    Languages are compared with themselves; texts of other languages say nothing about a word.
    """
    found: list[Topic] = []
    for language in sorted({language for language, _ in now}):
        shortest = _SHORTEST.get(language, _SHORTEST_ELSE)
        here = [_roots(text, shortest) for code, text in now if code == language]
        earlier = [_roots(text, shortest) for code, text in before if code == language]
        if len(here) >= LEAST_TEXTS and len(earlier) >= LEAST_EARLIER:
            found += _compare(here, earlier)
    found.sort(key=lambda topic: (-topic.texts, topic.word))
    return found[:MOST_WORDS]


def _compare(here: Sequence[dict[str, str]], earlier: Sequence[dict[str, str]]) -> list[Topic]:
    count_now = Counter(root for text in here for root in text)
    count_before = Counter(root for text in earlier for root in text)
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in here:
        for root, form in text.items():
            forms[root][form] += 1
    topics = []
    for root, texts in count_now.items():
        if texts < LEAST_TEXTS or texts < LEAST_SHARE * len(here):
            continue
        change = share_change((texts, len(here)), (count_before[root], len(earlier)))
        if change.value > 0 and change.p_value < P_VALUE:
            topics.append(Topic(forms[root].most_common(1)[0][0], texts, len(here)))
    return topics


def _roots(text: str, shortest: int) -> dict[str, str]:
    """Root -> the form first written in this text."""
    roots: dict[str, str] = {}
    for word in _words(text):
        if len(word) >= shortest:
            roots.setdefault(word[:_ROOT], word)
    return roots


def _words(text: str) -> Iterable[str]:
    return (match.group().casefold() for match in _WORD.finditer(text))
