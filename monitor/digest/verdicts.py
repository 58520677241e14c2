"""One word for many rows, without the false alarms that many tests bring along."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from monitor.trends.measures import CONFIDENCE, Difference, Word

Key = TypeVar("Key", bound=Hashable)


def cautious(changes: Mapping[Key, Difference]) -> dict[Key, Word]:
    """Each row's word, after Holm's correction over all rows that were tested.

    Twenty rows at 0.05 would show a false "worse" in two digests of three. Holm's step-down keeps
    the chance of any false word in a digest's tables at 0.05. Equal to statsmodels
    `multipletests(method="holm")`.
    """
    words: dict[Key, Word] = {key: change.word for key, change in changes.items()}
    tested = [key for key, word in words.items() if word != "too few"]
    tested.sort(key=lambda key: changes[key].p_value)
    is_clear = True
    for rank, key in enumerate(tested):
        is_clear = is_clear and changes[key].p_value * (len(tested) - rank) < 1 - CONFIDENCE
        if not is_clear:
            words[key] = "no clear change"
    return words
