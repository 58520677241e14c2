"""What this period's negatives are about and what is new in it, as readable phrases.

A phrase is a theme when (b) its share of the period's negatives is clearly larger than in the
negatives before (Fisher's exact test over all and Mantel and Haenszel's by source: the larger p,
corrected for looking at thousands of phrases) and by half at least, and (a) it is clearly larger than in the other mentions of the period: what everybody speaks
of is no complaint. Where there is no earlier negative to compare with, (a) decides alone. In a usual
week there is no theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from monitor.trends.copies import without_copies
from monitor.trends.merging import merged
from monitor.trends.phrases import Phrases, Words, phrases
from monitor.trends.quoting import Quote, quotes, usual_form
from monitor.trends.stand_out import fisher_more, log_odds_z, stratified_more

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_THEMES = 10
LEVEL = 0.01
"""Expected share of false themes among those named, per language: one false alarm in a hundred
usual weeks, where 0.05 would be one a season."""
LEVEL_OTHERS = 0.05
"""For the comparison with the period's other mentions, asked only of what grew clearly."""
LEAST_TEXTS = 5
"""Texts of the period that hold a theme, and negatives below which a language is not looked at."""
LEAST_COMPARED = 10
"""Fewer texts than these are no ground to call anything unusual."""
LEAST_AUTHORS = 2
LEAST_GROWTH = 1.5
"""Among ten thousand texts chance can be ruled out for a growth that nobody would act on."""
NEW_SHARE = 0.005
"""A theme is new where at most one in two hundred negatives before spoke of it."""
_MOST_MERGED = 400
"""Phrases looked at for being the same theme, the clearest first."""

Group = Literal["now", "others", "before"]
GROUPS: tuple[Group, ...] = ("now", "others", "before")
"""The period's mentions of the label asked for, its other mentions, those of the label before."""


@dataclass(frozen=True, slots=True)
class Said:
    """A mention to be compared; `week` is the first day of its week."""

    mention_id: int
    language: str
    group: Group
    text: str
    author: str | None = None
    source: str = ""
    week: date | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """In one week, the mentions of the label that hold the theme, of how many."""

    week: date
    mentions: int
    of: int


@dataclass(frozen=True, slots=True)
class Theme:
    """A phrase that stands out, in the form most often written.

    `growth` is share / share_before: None where nothing came before; `share_before` and `is_new` are
    None where there were too few negatives before to know. `others` are the period's other mentions
    with it. `p_value` is corrected for the number of phrases. `also` are the phrases that say the
    same.
    """

    language: str
    phrase: str
    mentions: int
    of: int
    authors: int
    share: float
    others: int
    of_others: int
    mentions_before: int
    of_before: int
    share_before: float | None
    growth: float | None
    is_new: bool | None
    p_value: float
    score: float
    aspect: str | None
    also: tuple[str, ...]
    stems: tuple[str, ...]
    mention_ids: tuple[int, ...]
    examples: tuple[Quote, ...]
    weeks: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at in a language; `silent` says why nothing can be said, "" where it can."""

    language: str
    mentions: int
    others: int
    before: int
    copies: int
    phrases: int
    silent: str


@dataclass(frozen=True, slots=True)
class Found:
    """Themes by language, the clearest first, and what was looked at."""

    themes: tuple[Theme, ...]
    languages: tuple[Looked, ...]


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
    sizes = tuple(int((group == place).sum()) for place in range(len(GROUPS)))
    silent = _why_silent(*sizes)
    looked = Looked(language, *sizes, len(said) - len(kept), 0, silent)
    if silent:
        return [], looked
    words = Words(language, names)
    found = phrases([one.text for one in kept], words, LEAST_TEXTS, group != GROUPS.index("others"))
    looked = replace(looked, phrases=len(found))
    return _Search(language, kept, group, sizes, found, weeks).themes()[:most], looked


def _why_silent(now: int, others: int, before: int) -> str:
    if now < LEAST_TEXTS:
        return f"{now} texts, at least {LEAST_TEXTS} are needed"
    if max(others, before) < LEAST_COMPARED:
        return f"nothing to compare with: {before} texts before, {others} others of the period"
    return ""


class _Search:
    """The phrases of one language compared, chosen and told."""

    def __init__(
        self,
        language: str,
        said: list[Said],
        group: NDArray[np.int64],
        sizes: tuple[int, int, int],
        found: Phrases,
        weeks: Sequence[date],
    ) -> None:
        import numpy as np

        self.language, self.said, self.group, self.found = language, said, group, found
        self.sizes, self.weeks = sizes, weeks
        self.now, self.others, self.before = (
            found.counts(group == place).astype(np.float64) for place in range(len(GROUPS))
        )

    def themes(self) -> list[Theme]:
        """All that stand out, the clearest first."""
        if not len(self.found):
            return []
        p, score = self._compared()
        chosen = merged(
            self.found, self.group == GROUPS.index("now"), p, score, LEVEL, _MOST_MERGED
        )
        return [self._told(one.place, one.also, one.p_value, one.score) for one in chosen]

    def _compared(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """p of each phrase, 1 where it cannot be a theme, and how clearly it stands out."""
        import numpy as np

        n_now, n_others, n_before = self.sizes
        prior = (self.now + self.others + self.before) / sum(self.sizes)
        p, scores = np.ones(len(self.found)), []
        if n_others >= LEAST_COMPARED:
            p = fisher_more(self.now, n_now, self.others, n_others)
            scores.append(log_odds_z(self.now, n_now, self.others, n_others, prior))
        if n_before >= LEAST_COMPARED:
            grown = fisher_more(self.now, n_now, self.before, n_before)
            grown = np.maximum(grown, self._grown_by_source())
            scores.append(log_odds_z(self.now, n_now, self.before, n_before, prior))
            fails = self.now * n_before < LEAST_GROWTH * self.before * n_now
            if n_others >= LEAST_COMPARED:
                fails |= p >= LEVEL_OTHERS
            p = np.where(fails, 1.0, grown)
        p[(self.now < LEAST_TEXTS) | self._are_names()] = 1.0
        for place in np.flatnonzero(p < LEVEL):
            if self._authors(self._now_of(int(place))) < LEAST_AUTHORS:
                p[place] = 1.0
        return p, np.sum(scores, axis=0) / np.sqrt(len(scores))

    def _grown_by_source(self) -> NDArray[np.float64]:
        """p of having grown in the same sources."""
        import numpy as np

        names = np.array([one.source for one in self.said])

        def strata() -> Iterator[tuple[NDArray[np.float64], int, NDArray[np.float64], int]]:
            for name in np.unique(names):
                now = (names == name) & (self.group == GROUPS.index("now"))
                before = (names == name) & (self.group == GROUPS.index("before"))
                here, there = self.found.counts(now), self.found.counts(before)
                yield here.astype(float), int(now.sum()), there.astype(float), int(before.sum())

        return stratified_more(strata())

    def _are_names(self) -> NDArray[np.bool_]:
        """Phrases made of the words of one brand's name alone."""
        import numpy as np

        are = np.zeros(len(self.found), np.bool_)
        for name in self.found.words.long_names:
            are |= np.isin(self.found.numbers, [0, *name]).all(axis=1)
        return are

    def _now_of(self, place: int) -> list[Said]:
        texts = self.found.texts_of(place)
        return [self.said[text] for text in texts if GROUPS[self.group[text]] == "now"]

    def _authors(self, said: Sequence[Said]) -> int:
        """How many wrote them; whose author is not known wrote but one."""
        named = {one.author for one in said if one.author is not None}
        return len(named) + sum(one.author is None for one in said)

    def _told(self, place: int, also: Sequence[int], p_value: float, score: float) -> Theme:
        here = self._now_of(place)
        n_now, n_others, n_before = self.sizes
        before = int(self.before[place])
        share = len(here) / n_now
        is_known = n_before >= LEAST_COMPARED
        share_before = before / n_before if is_known else None
        stems = self.found.stems(place)
        return Theme(
            language=self.language,
            phrase=self._form(place),
            mentions=len(here),
            of=n_now,
            authors=self._authors(here),
            share=share,
            others=int(self.others[place]),
            of_others=n_others,
            mentions_before=before,
            of_before=n_before,
            share_before=share_before,
            growth=share / share_before if share_before else None,
            is_new=before <= NEW_SHARE * n_before if is_known else None,
            p_value=p_value,
            score=score,
            aspect=None,
            also=tuple(self._form(other) for other in also),
            stems=stems,
            mention_ids=tuple(sorted(one.mention_id for one in here)),
            examples=quotes(self.found.words, stems, here),
            weeks=self._series(place),
        )

    def _form(self, place: int) -> str:
        texts = [one.text for one in self._now_of(place)]
        return usual_form(self.found.words, self.found.stems(place), texts)

    def _series(self, place: int) -> tuple[Point, ...]:
        holding = set(self.found.texts_of(place).tolist())
        counts = {week: [0, 0] for week in self.weeks}
        for number, one in enumerate(self.said):
            if one.group != "others" and one.week in counts:
                counts[one.week][0] += number in holding
                counts[one.week][1] += 1
        return tuple(Point(week, held, of) for week, (held, of) in counts.items())
