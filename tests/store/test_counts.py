"""Counts out of the rollups and listings by stretches, against all mentions gone through."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from support import NOW, make_mention, put, scheduled

from monitor.records import Brand
from monitor.store import Store, counts
from monitor.store import sources as source_store
from monitor.store.counts import MOMENT, Wanted
from monitor.web.queries import mentions
from monitor.web.queries.mentions import MentionFilter, Position


@pytest.fixture
def spread(store: Store) -> Store:
    """Two brands in zones half a world apart, and a source that fell silent."""
    brands = [
        Brand("Acme", "own", "Pacific/Auckland", 1),
        Brand("Zed", "competitor", "America/Los_Angeles", 0),
    ]
    names = {"shop": "Acme", "silent": "Acme", "theirs": "Zed"}
    source_store.sync(store, brands, [scheduled(name, of) for name, of in names.items()])
    chance = random.Random(5)
    for name, first, last in (("shop", 0, 60), ("theirs", 0, 60), ("silent", 300, 420)):
        made = [
            make_mention(
                f"{name} {i}",
                chance.choice(("good", "bad", "table", "das ist")),
                source=name,
                language=chance.choice(("en", "de", "fa")),
                stars=chance.choice((None, 2, 4)),
                published_at=chance.choice(
                    (NOW - timedelta(hours=chance.randint(24 * first, 24 * last)), None)
                    if i % 9 == 0 and name != "silent"
                    else (NOW - timedelta(hours=chance.randint(24 * first, 24 * last)),)
                ),
            )
            for i in range(70)
        ]
        put(store, *made, source=name)
    store.conn.execute("UPDATE mentions SET duplicate_of = 1 WHERE id % 11 = 5")
    store.conn.execute("UPDATE mentions SET deleted_at = '2026-11-18' WHERE id % 13 = 5")
    return store


def filters() -> list[MentionFilter]:
    chance = random.Random(3)
    pick = chance.choice
    week = (NOW - timedelta(days=16)).date()
    return [
        MentionFilter(
            brand=pick((None, "Acme", "Zed", "nobody")),
            source=pick((None, None, "shop", "silent")),
            language=pick((None, None, "fa")),
            label=pick((None, "negative", "neutral", "positive", "scored", "unscored")),
            scale=pick((None, None, "1-5", "0-10")),
            week=pick((None, None, week, week - timedelta(days=330))),
            with_duplicates=pick((False, True)),
        )
        for _ in range(150)
    ]


def gone_through(store: Store, wanted: MentionFilter) -> list[tuple[str, int]]:
    where, values = wanted.where()
    rows = store.rows(f"SELECT {MOMENT}, mention_id FROM current_scores c WHERE {where}", values)
    return sorted((tuple(row) for row in rows), reverse=True)


def test_every_filter_counts_and_lists_what_is_there(spread: Store) -> None:
    lengths = set()
    for wanted in filters():
        there = gone_through(spread, wanted)
        assert mentions.count(spread, wanted) == len(there), wanted
        after, listed = None, []
        while page := mentions.listed(spread, wanted, after, 7):
            listed += [(row["moment"], row["mention_id"]) for row in page]
            after = Position(page[-1]["moment"], page[-1]["mention_id"])
        assert listed == there, wanted
        lengths.add(len(there))
    assert len(lengths) > 20


def test_the_newest_are_the_newest(spread: Store) -> None:
    for wanted in filters():
        counted = wanted.counted()
        if counted is not None:
            there = [mention_id for _, mention_id in gone_through(spread, wanted)]
            for limit in (1, 5, 40, 1000):
                assert counts.newest(spread, counted, limit) == there[:limit], wanted


def test_a_listing_looks_at_little_of_the_store(spread: Store) -> None:
    place = counts.stretch(spread, Wanted(), 5)
    assert place is not None and place.low > (NOW - timedelta(days=12)).date().isoformat()
    silent = counts.stretch(spread, Wanted(source="silent"), 5)
    assert silent is not None and not silent.is_by_day  # nobody else is heard in that stretch
    assert silent.high < (NOW - timedelta(days=250)).date().isoformat()
    everything = counts.stretch(spread, Wanted(source="shop"), 1000)
    assert everything is not None and everything.is_by_day
    assert counts.stretch(spread, Wanted(brand="nobody"), 5) is None
    assert counts.stretch(spread, replace(Wanted(), end=NOW.date() - timedelta(999)), 5) is None


def test_ratings_and_complaints_that_wait(store: Store) -> None:
    put(
        store,
        make_mention("a", "bad", stars=1),
        make_mention("b", "bad", stars=2.5, reply_text="Sorry"),
        make_mention("c", "good", stars=5),
        make_mention("late", "bad", stars=1, published_at=NOW + timedelta(days=7)),
    )
    week = (NOW.date() - timedelta(days=2), NOW.date() + timedelta(days=5))
    assert counts.ratings(store, "Acme", *week) == (3, 8.5, 1 + 6.25 + 25)
    assert counts.unanswered(store, "Acme", *week) == 1
    assert counts.stored(store) == 4
