"""What this week's complaints share that earlier complaints did not: a first "why".

Careful: of the themes that stand out it takes only those that a good part of the week's complaints
hold, and those that are known to be new. In a usual week it stays silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.trends.theme_model import Said
from monitor.trends.themes import themes

MOST_TOPICS = 3
LEAST_SHARE = 0.2
"""Of the week's complaints in that language: less explains no fall."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A phrase in the form most written this week, and how many of the complaints hold it."""

    words: str
    texts: int
    of: int


def distinctive(said: Iterable[Said], names: Iterable[str]) -> list[Topic]:
    """At most three topics of the week, most frequent first; `names` of brands are none.

    Languages are compared with themselves; texts of other languages say nothing about a phrase.
    """
    found = [
        Topic(theme.phrase, theme.mentions, theme.of)
        for theme in themes(said, names).themes
        if theme.share_before is not None and theme.share >= LEAST_SHARE
    ]
    found.sort(key=lambda topic: (-topic.texts, topic.words))
    return found[:MOST_TOPICS]
