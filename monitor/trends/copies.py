"""Texts without their copies: what was pasted ten times was said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol, TypeVar

from monitor.normalise.near_duplicates import bands, fingerprints, is_near
from monitor.normalise.text import fold


class _Text(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def author(self) -> str | None: ...


Text = TypeVar("Text", bound=_Text)


def without_copies(texts: Sequence[Text]) -> list[Text]:
    """The texts in their order, of near-duplicates the first.

    Short texts are alike by chance ("late again"): copies only where one author wrote them.
    """
    kept: list[Text] = []
    by_band: defaultdict[int, list[int]] = defaultdict(list)
    short: set[tuple[str, str]] = set()
    for one, print_ in zip(texts, fingerprints([one.text for one in texts]), strict=True):
        if print_ is None:
            written = (one.author or "", fold(one.text))
            if one.author is not None and written in short:
                continue
            short.add(written)
        else:
            keys = bands(print_)
            if any(is_near(print_, other) for key in keys for other in by_band[key]):
                continue
            for key in keys:
                by_band[key].append(print_)
        kept.append(one)
    return kept
