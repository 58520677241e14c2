"""What one visit has seen already: paging that goes round in circles ends here."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.records import RawItem


class Seen:
    """The items of earlier pages of one visit."""

    def __init__(self) -> None:
        self._keys: set[tuple[str | None, ...]] = set()

    def has_news(self, items: Iterable[RawItem]) -> bool:
        """False for a page that only repeats earlier ones; its items count as seen from now on."""
        keys = {(item.native_id, item.author, item.text, item.published) for item in items}
        news = keys - self._keys
        self._keys |= news
        return bool(news)
