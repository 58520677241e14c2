"""Phrases that say the same are one theme: the clearest decides, the longest names it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.trends.changes import benjamini_hochberg
from monitor.trends.phrases import Phrases

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAME = 0.5
"""Jaccard's index of their mentions from which two phrases are one theme; for phrases that share a
word, the share of the smaller one's mentions that both have."""
INSIDE = 0.8
"""A phrase with so many of its mentions in a clearer theme tells nothing beside it."""
NAMING = 0.75
"""A longer phrase names the theme where it stands in so many of the mentions."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A theme: its phrases by their places, the clearest first, and which of them may name it.

    `names` are equally long and stand in most of its mentions.
    """

    places: tuple[int, ...]
    names: tuple[int, ...]
    p_value: float
    score: float


@dataclass(slots=True)
class _Theme:
    first: int
    mentions: frozenset[int]
    stems: set[str]
    places: list[int] = field(default_factory=list)


def merged(
    found: Phrases,
    in_period: NDArray[np.bool_],
    p: NDArray[np.float64],
    score: NDArray[np.float64],
    level: float,
    most: int,
) -> list[Merged]:
    """The themes among all phrases whose corrected p is at most `level`, the clearest first.

    The phrases of one theme are one finding: the correction is made for all phrases first, then
    once more with one p-value a theme, lest a theme of twenty phrases make way for a false one.
    """
    import numpy as np

    passed = np.flatnonzero(np.array(benjamini_hochberg(p.tolist())) <= level)
    passed = passed[np.argsort(-score[passed], kind="stable")][:most]
    themes: list[_Theme] = []
    for place in passed.tolist():
        texts = found.texts_of(place)
        mentions = frozenset(texts[in_period[texts]].tolist())
        stems = set(found.stems(place))
        for theme in themes:
            if _is_same(theme, mentions, stems):
                theme.places.append(place)
                break
        else:
            themes.append(_Theme(place, mentions, stems, [place]))
    least = [float(p[theme.places].min()) for theme in themes]
    adjusted = benjamini_hochberg(least + [1.0] * (len(p) - len(least)))
    return [
        _named(found, theme, in_period, value, float(score[theme.first]))
        for theme, value in zip(themes, adjusted, strict=False)
        if value <= level
    ]


def _is_same(theme: _Theme, mentions: frozenset[int], stems: set[str]) -> bool:
    shared = len(theme.mentions & mentions)
    if shared >= INSIDE * len(mentions):
        return True
    if theme.stems & stems:
        return shared >= SAME * min(len(theme.mentions), len(mentions))
    return shared >= SAME * len(theme.mentions | mentions)


def _named(
    found: Phrases, theme: _Theme, in_period: NDArray[np.bool_], p_value: float, score: float
) -> Merged:
    def counted(place: int) -> int:
        return int(in_period[found.texts_of(place)].sum())

    likely = [one for one in theme.places if counted(one) >= NAMING * len(theme.mentions)]
    longest = max(int(found.sizes[one]) for one in likely)
    names = tuple(one for one in likely if found.sizes[one] == longest)
    return Merged(tuple(theme.places), names, p_value, score)
