"""The phrases of one language compared with the others and the past, chosen and told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from monitor.trends.merging import Merged, merged
from monitor.trends.phrases import Phrases
from monitor.trends.quoting import quotes, usual_form
from monitor.trends.stand_out import fisher_more, log_odds_z, stratified_more
from monitor.trends.theme_model import GROUPS, Point, Said, Theme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
MOST_ALSO = 5


class Search:
    """The phrases of one language; `group` is each text's place in GROUPS, `sizes` their sizes."""

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
        return [self._told(one) for one in chosen]

    def _compared(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """p of each phrase, 1 where it cannot be a theme, and how clearly it stands out."""
        import numpy as np

        n_now, n_others, n_before = self.sizes
        # Half a text more with it and half a text without: no share is 0 or 1.
        prior = (self.now + self.others + self.before + 0.5) / (sum(self.sizes) + 1)
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

    def _told(self, theme: Merged) -> Theme:
        forms = {place: self._form(place) for place in theme.names}
        # Of equally long ones the one with fewer stop words: "november sale", not "bought in the
        # november".
        place = min(forms, key=lambda one: len(forms[one].split()))
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
            p_value=theme.p_value,
            score=theme.score,
            aspect=None,
            also=self._also(theme.places, set(stems)),
            stems=stems,
            mention_ids=tuple(sorted(one.mention_id for one in here)),
            examples=quotes(self.found.words, stems, here),
            weeks=self._series(place),
        )

    def _also(self, places: Sequence[int], stems: set[str]) -> tuple[str, ...]:
        """Phrases of the theme that add something to its name: no parts of it."""
        more = [one for one in places if not set(self.found.stems(one)) <= stems]
        return tuple(self._form(one) for one in more[:MOST_ALSO])

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
