"""Raw items become mentions once; bad ones become rejects; nothing in between is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support import NOW

from monitor import ingest as module
from monitor.ingest import Ingested, ingest, parse_line
from monitor.normalise import BrandWords, SourceContext
from monitor.records import RawItem, Reject
from monitor.store import Store
from monitor.store import sources as source_store
from monitor.store.erase import erase_author

CONTEXT = SourceContext("shop", None, "en", "Europe/Prague", b"key", authors="plain")


def english(texts: Sequence[str], hints: Sequence[str | None]) -> list[tuple[str, float]]:
    return [("en", 1.0) for _ in texts]


def item(native_id: str, text: str = "A parcel", **changes: Any) -> RawItem:
    values = {"published": "2026-11-10T09:15:00+01:00", "author": "Jana", **changes}
    return RawItem("shop", "2026-11-18T12:00:00Z", native_id=native_id, text=text, **values)


def take(
    store: Store,
    *lines: RawItem | Reject,
    source: str = "shop",
    context: SourceContext = CONTEXT,
) -> Ingested:
    stored = source_store.find(store, source)
    assert stored is not None
    return ingest(store, stored, lines, context, english, NOW)


def test_the_same_items_again_are_unchanged(store: Store) -> None:
    items = [item("1"), item("2", "Another parcel")]
    assert take(store, *items).as_dict() == {
        "items": 2, "new": 2, "changed": 0, "unchanged": 0, "rejects": 0, "left_out": 0,
        "duplicates": 0,
    }  # fmt: skip
    again = take(store, *items)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)


def test_an_edited_item_is_one_change(store: Store) -> None:
    take(store, item("1"))
    assert take(store, item("1", "A broken parcel")).changed == 1
    assert take(store, item("1", "A broken parcel")).unchanged == 1
    assert store.value("SELECT count(*) FROM mention_versions") == 2


def test_a_review_shown_in_two_wordings_is_not_edited_at_every_collection(store: Store) -> None:
    both = [item("1", "A parcel that …"), item("1", "A parcel that came broken")]
    take(store, *both)
    for _ in range(3):
        assert take(store, *both).changed == 0
    assert store.value("SELECT text FROM mention_versions") == "A parcel that came broken"


def test_a_bad_item_is_a_reject_with_its_cause_and_the_rest_goes_on(store: Store) -> None:
    bad = [item("1", ""), item("2", rating="eleventy", rating_best="5"), Reject("shop", "c", "p")]
    done = take(store, *bad, item("3"))
    assert (done.new, done.rejects) == (2, 3)  # the rating is dropped, its text is kept
    causes = store.rows("SELECT cause, place FROM rejects ORDER BY id")
    assert {row["cause"] for row in causes} >= {"c", "no text, title or rating"}
    assert all(row["place"] for row in causes)


def test_a_reject_seen_again_is_counted_and_not_repeated(store: Store) -> None:
    for _ in range(3):
        take(store, Reject("shop", "no date", "https://x.example.com/1", "soon"))
    row = store.rows("SELECT times_seen, excerpt FROM rejects")
    assert [tuple(one) for one in row] == [(3, "soon")]


def test_a_story_in_two_sources_is_linked(store: Store) -> None:
    story = "The new shop of Acme opened in Brno today and hundreds of people came to see it"
    take(store, item("1", story))
    other = RawItem("forum", "2026-11-18T12:00:00Z", native_id="9", text=story.upper() + "!",
                    published="2026-11-11T10:00:00Z")  # fmt: skip
    assert take(store, other, source="forum").duplicates == 1


def test_more_items_than_one_batch_holds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    done = take(store, *(item(str(number), f"parcel {number}") for number in range(10)))
    assert done.new == store.value("SELECT count(*) FROM mentions") == 10


def test_a_failure_in_the_middle_stores_nothing(store: Store) -> None:
    def lines() -> Any:
        yield item("1")
        raise OSError("the disk is gone")

    stored = source_store.find(store, "shop")
    assert stored is not None
    with pytest.raises(OSError, match="disk"):
        ingest(store, stored, lines(), CONTEXT, english, NOW)
    assert store.value("SELECT count(*) FROM mentions") == 0


def test_what_was_erased_does_not_come_back_when_collected_again(store: Store) -> None:
    take(store, item("1"), item("2", author="Petr"))
    assert erase_author(store, "Jana", None, NOW + timedelta(days=1)) == 1
    again = take(store, item("1"), item("2", author="Petr"), item("3", "More", author="Jana"))
    assert (again.new, again.unchanged) == (0, 1)
    assert store.value("SELECT group_concat(author) FROM mentions") == "Petr"


def test_a_line_of_a_foreign_spider_is_read_by_the_keys_we_know() -> None:
    line = {"type": "item", "source": "shop", "fetched_at": "2026", "text": "x", "stars": 5}
    assert parse_line(line) == RawItem("shop", "2026", text="x")
    assert parse_line({"type": "reject", "source": "shop", "cause": "c"}) == Reject("shop", "c", "")
    with pytest.raises(TypeError):
        parse_line({"text": "no source"})
    with pytest.raises(TypeError):
        parse_line(["a list"])  # type: ignore[arg-type]


SEARCH = replace(CONTEXT, about=BrandWords("Zelvano", exclude=("footballer",)))


def test_what_is_not_about_the_brand_is_a_countable_reject_without_its_words(store: Store) -> None:
    found = [
        item("1", "A kettle from <b>Zelvano</b>", is_html=True, url="https://a.example/1"),
        item("2", "A parcel", url="https://a.example/2?page=zelvano"),
        item("3", "Zelvano the footballer", url="https://a.example/3"),
        item("4", "Nothing", title="A headline", kind="news", url="https://a.example/4"),
        item("5", "So do I", subject="Zelvano kettles leak"),
        item("6", "Write to info@zelvano.example"),
    ]
    done = take(store, *found, context=SEARCH)
    assert (done.items, done.new, done.left_out, done.rejects) == (3, 3, 3, 0)
    rows = store.rows("SELECT cause, place, excerpt FROM rejects ORDER BY place")
    assert [tuple(row) for row in rows] == [
        ("not about Zelvano: no term", "https://a.example/2?page=zelvano", ""),
        ("not about Zelvano: excluded by 'footballer'", "https://a.example/3", ""),
        ("not about Zelvano: no term", "https://a.example/4", "A headline"),
    ]
    again = take(store, *found, context=SEARCH)
    assert (again.unchanged, again.left_out) == (3, 3)
    assert store.value("SELECT sum(times_seen) FROM rejects") == 6


def test_a_stored_mention_is_followed_when_an_edit_takes_the_brand_out(store: Store) -> None:
    take(store, item("1", "Zelvano leaks"), context=SEARCH)
    edited = take(store, item("1", "It leaks"), context=SEARCH)
    assert (edited.changed, edited.left_out) == (1, 0)
