"""What this period's negatives are about and what is new in it, as readable phrases.

A phrase is a theme when (b) its share of the period's negatives is clearly larger than in the
negatives before, and by half at least, and (a) larger than in the other mentions of the period:
what everybody speaks of is no complaint. For (b) the larger of two p-values counts, of Fisher's
exact test over all and of Mantel and Haenszel's source by source, corrected for looking at
thousands of phrases. Where no earlier negative is there to compare with, (a) decides alone. In a
usual week there is no theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from monitor.trends.copies import without_copies
from monitor.trends.phrases import Words, phrases
from monitor.trends.theme_model import GROUPS, Found, Looked, Said, Theme
from monitor.trends.theme_search import LEAST_COMPARED, LEAST_TEXTS, Search

MOST_THEMES = 10


def themes(
    said: Iterable[Said],
    names: Iterable[str] = (),
    weeks: Sequence[date] = (),
    most: int = MOST_THEMES,
) -> Found:
    """At most `most` themes a language; `names` of brands are none, `weeks` make the series."""
    by_language: dict[str, list[Said]] = {}
    for one in said:
        by_language.setdefault(one.language, []).append(one)
    names = tuple(names)
    found: list[Theme] = []
    looked = []
    for language in sorted(by_language):
        here, about = _of_language(language, by_language.pop(language), names, weeks, most)
        found += here
        looked.append(about)
    return Found(tuple(found), tuple(looked))


def with_aspects(
    found: Found, clauses: Mapping[int, Sequence[tuple[str, str]]], names: Iterable[str] = ()
) -> Found:
    """The themes with the aspect whose clauses hold the phrase most often, in two mentions or more.

    `clauses` has (aspect, clause) of each mention; None stays where no aspect is tied to a theme.
    """
    names = tuple(names)
    words = {one.language: Words(one.language, names) for one in found.languages}
    told = []
    for theme in found.themes:
        tied: dict[str, int] = {}
        for mention_id in theme.mention_ids:
            spoken = {
                aspect
                for aspect, clause in clauses.get(mention_id, ())
                if words[theme.language].holds(clause, theme.stems)
            }
            for aspect in spoken:
                tied[aspect] = tied.get(aspect, 0) + 1
        best = max(tied, key=lambda one: (tied[one], one), default=None)
        told.append(replace(theme, aspect=best if best and tied[best] >= 2 else None))
    return replace(found, themes=tuple(told))


def _of_language(
    language: str, said: list[Said], names: tuple[str, ...], weeks: Sequence[date], most: int
) -> tuple[list[Theme], Looked]:
    import numpy as np

    # The earlier of two copies stays, so that an old text written again is no news.
    said.sort(key=lambda one: (one.group != "before", one.mention_id))
    kept = without_copies(said)
    group = np.array([GROUPS.index(one.group) for one in kept])
    now, others, before = (int((group == place).sum()) for place in range(len(GROUPS)))
    silent = _why_silent(now, others, before)
    looked = Looked(language, now, others, before, len(said) - len(kept), 0, silent)
    if silent:
        return [], looked
    words = Words(language, names)
    found = phrases([one.text for one in kept], words, LEAST_TEXTS, group != GROUPS.index("others"))
    looked = replace(looked, phrases=len(found))
    return Search(language, kept, group, (now, others, before), found, weeks).themes()[
        :most
    ], looked


def _why_silent(now: int, others: int, before: int) -> str:
    if now < LEAST_TEXTS:
        return f"{now} texts, at least {LEAST_TEXTS} are needed"
    if max(others, before) < LEAST_COMPARED:
        return f"nothing to compare with: {before} texts before, {others} others of the period"
    return ""
