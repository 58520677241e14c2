"""Raw items become mentions in the store: skipped when unchanged, normalised, saved, linked.

One transaction a batch of rows, so that a spool file is stored wholly or not at all, and every
step may be repeated: the second time nothing is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from monitor.normalise import (
    Identify,
    SourceContext,
    identity_of,
    normalise,
    raw_digest,
)
from monitor.normalise.near_duplicates import bands, is_near
from monitor.records import Mention, RawItem, Reject
from monitor.store import Store, duplicates
from monitor.store import mentions as mention_store
from monitor.store import sources as source_store
from monitor.store.sources import StoredSource

BATCH = 2000
"""Items held in memory at once; an import of a million rows needs no more memory than this."""


@dataclass(slots=True)
class Ingested:
    """What became of the items of one file or one crawl."""

    items: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejects: int = 0
    left_out: int = 0
    """Not about the brand, or not to be taken; counted neither as items nor as rejects."""
    duplicates: int = 0
    oldest: datetime | None = None
    """When the oldest of them was published, stored or not."""

    def as_dict(self) -> dict[str, int]:
        """The counts."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "oldest"}

    def note_oldest(self, moments: Iterable[datetime | None]) -> None:
        known = [moment for moment in (self.oldest, *moments) if moment]
        self.oldest = min(known, default=None)


def ingest(
    store: Store,
    source: StoredSource,
    lines: Iterable[RawItem | Reject],
    context: SourceContext,
    identify: Identify,
    now: datetime,
    progress: Callable[[int], None] = lambda count: None,
    since: datetime | None = None,
) -> Ingested:
    """Stores what `lines` hold in one transaction, or in the caller's; what became of it.

    With `since`, mentions that were published earlier are left out.
    """
    total = Ingested()
    with store.write():
        for batch in _batches(lines):
            _ingest_batch(store, source, batch, context, identify, now, since, total)
            progress(len(batch))
    return total


def _ingest_batch(
    store: Store,
    source: StoredSource,
    batch: Sequence[RawItem | Reject],
    context: SourceContext,
    identify: Identify,
    now: datetime,
    since: datetime | None,
    total: Ingested,
) -> None:
    items = [line for line in batch if isinstance(line, RawItem)]
    unwanted = [line for line in batch if isinstance(line, Reject)]
    found = len(items)
    new, edited, seen_again = _split_unchanged(store, source, items)
    mention_store.touch(store, source.id, seen_again, now)
    total.note_oldest([mention_store.oldest(store, source.id, seen_again)])
    mentions: list[Mention] = []
    # What is stored already is followed whatever an edit makes of it.
    follow = replace(context, about=None)
    for result in (*normalise(new, context, identify), *normalise(edited, follow, identify)):
        if isinstance(result, Reject):
            unwanted.append(result)
            found -= result.is_left_out
            continue
        total.note_oldest([result.published_at])
        if since is None or result.published_at is None or result.published_at >= since:
            mentions.append(result)
    saved = mention_store.save(store, source, mentions, now)
    source_store.keep_rejects(store, unwanted, now)
    left_out = sum(one.is_left_out for one in unwanted)
    total.items += found
    total.left_out += left_out
    total.new += saved.new
    total.changed += saved.changed
    total.unchanged += saved.unchanged + len(seen_again)
    total.rejects += len(unwanted) - left_out
    total.duplicates += duplicates.link(store, list(saved.new_ids.values()), bands, is_near)


def _split_unchanged(
    store: Store, source: StoredSource, items: Sequence[RawItem]
) -> tuple[list[RawItem], list[RawItem], list[str]]:
    """Items not stored yet, items that differ, and identities of those stored just like this."""
    # A mention may stand on two pages in two wordings: the last one counts. Both in turn would
    # be an edit at every collection.
    latest = {identity_of(item): item for item in items}
    known = mention_store.known_digests(store, source.id, list(latest))
    new: list[RawItem] = []
    edited: list[RawItem] = []
    seen_again: list[str] = []
    for identity, item in latest.items():
        if identity in known and known[identity] == raw_digest(item):
            seen_again.append(identity)
        else:
            (edited if identity in known else new).append(item)
    return new, edited, seen_again


def parse_line(line: Mapping[str, Any]) -> RawItem | Reject:
    """One line of a spool file as a record; unknown keys of a third party's spider are dropped.

    Raises `TypeError` for what is no record at all.
    """
    if not isinstance(line, Mapping):
        raise TypeError("a line of a spool is a JSON object")
    if line.get("type") == "reject":
        words = {key: str(line.get(key) or "") for key in ("source", "cause", "place", "excerpt")}
        return Reject(**words, is_left_out=line.get("is_left_out") is True)
    return RawItem(**{key: line[key] for key in RawItem.__slots__ if line.get(key) is not None})


def _batches(lines: Iterable[RawItem | Reject]) -> Iterator[list[RawItem | Reject]]:
    lines = iter(lines)
    while batch := list(islice(lines, BATCH)):
        yield batch
