"""Mentions in the store: once each, edits as versions, nothing moved in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support import NOW, put
from support import make_mention as m

from monitor.normalise.near_duplicates import bands, fingerprint, is_near
from monitor.normalise.search_terms import search_query, search_text
from monitor.records import Brand, Source
from monitor.store import Store, duplicates
from monitor.store import mentions as mention_store
from monitor.store import sources as source_store
from monitor.store.erase import erase_author


def test_the_same_mention_twice_is_one(store: Store) -> None:
    put(store, m("one"), m("two"))
    put(store, m("one"), m("two"), at=NOW + timedelta(days=1))
    assert store.value("SELECT count(*) FROM mentions") == 2
    assert store.value("SELECT count(*) FROM mention_versions") == 2


def test_a_mention_twice_in_one_batch_is_one(store: Store) -> None:
    source = source_store.find(store, "shop")
    assert source is not None
    saved = mention_store.save(store, source, [m("one", "first"), m("one", "second")], NOW)
    assert (saved.new, saved.changed) == (1, 0)
    assert store.value("SELECT text FROM mention_versions") == "second"


def test_equal_identities_of_two_sources_are_two_mentions(store: Store) -> None:
    put(store, m("one"))
    put(store, m("one", source="forum"), source="forum")
    assert store.value("SELECT count(*) FROM mentions") == 2


def test_an_edit_adds_one_version_and_moves_nothing_in_time(store: Store) -> None:
    put(store, m("one", "good", stars=5))
    before = store.rows("SELECT published_at, local_day, first_seen_at FROM mentions")[0]
    later = NOW + timedelta(days=9)
    edited = m("one", "bad", stars=1, published_at=later, edited_at=later)
    for _ in range(2):
        put(store, edited, at=later)
    assert [tuple(row) for row in store.rows("SELECT number, text FROM mention_versions")] == [
        (1, "good"),
        (2, "bad"),
    ]
    after = store.rows("SELECT published_at, local_day, first_seen_at FROM mentions")[0]
    assert tuple(after) == tuple(before)
    current = store.rows("SELECT version, label, rating_value, local_day FROM current_scores")
    assert [tuple(row) for row in current] == [(2, "negative", 1.0, "2026-11-18")]


def test_a_new_reply_or_more_likes_are_no_edit(store: Store) -> None:
    put(store, m("one", "good"))
    put(store, m("one", "good", reply_text="Thank you", reply_at=NOW, reach={"likes": 7}))
    assert store.value("SELECT count(*) FROM mention_versions") == 1
    assert tuple(store.rows("SELECT reply_text, reach FROM mentions")[0]) == (
        "Thank you",
        '{"likes": 7}',
    )


def test_a_mention_without_a_date_is_counted_on_the_day_it_was_seen(store: Store) -> None:
    put(store, m("one", published_at=None))
    assert store.value("SELECT local_day FROM mentions") == "2026-11-18"


def test_half_past_eleven_at_night_in_utc_is_the_next_day_in_prague(store: Store) -> None:
    put(store, m("one", published_at=NOW.replace(hour=23, minute=30)))
    assert store.value("SELECT local_day FROM mentions") == "2026-11-19"


def test_a_brand_that_moves_takes_its_days_along(store: Store) -> None:
    put(store, m("one", published_at=NOW.replace(hour=23, minute=30)))
    sources = [Source(name, "reviews_page", "Acme", None, None, 60) for name in ("shop", "forum")]
    source_store.sync(store, [Brand("Acme", "own", "America/New_York", 1)], sources)
    assert store.value("SELECT local_day FROM mentions") == "2026-11-18"


def test_a_source_given_to_a_brand_in_another_zone_takes_its_days_along(store: Store) -> None:
    put(store, m("one", published_at=NOW.replace(hour=23, minute=30)))
    brands = [
        Brand("Acme", "own", "Europe/Prague", 1),
        Brand("Zed", "competitor", "America/New_York", 1),
    ]
    source_store.sync(store, brands, [Source("shop", "reviews_page", "Zed", None, None, 60)])
    assert store.value("SELECT local_day FROM mentions") == "2026-11-18"


def test_a_configuration_that_did_not_change_waits_for_no_writer(store: Store) -> None:
    brands = [Brand("Acme", "own", "Europe/Prague", 1)]
    sources = [Source("shop", "feed", "Acme", "https://x.example.com/", "cs", 60)]
    source_store.sync(store, brands, sources)
    before = store.conn.total_changes
    source_store.sync(store, brands, sources)
    assert store.conn.total_changes == before
    rows = store.rows("SELECT name, enabled FROM sources ORDER BY name")
    assert [tuple(row) for row in rows] == [("forum", 0), ("shop", 1)]


STORY = "The new shop of Acme opened in Brno today and hundreds of people came to see it"


def test_a_story_in_two_feeds_is_linked_and_counted_once(store: Store) -> None:
    value = fingerprint(STORY)
    first = put(store, m("a", STORY, fingerprint=value))
    second = put(store, m("b", STORY, fingerprint=value), source="forum")
    assert duplicates.link(store, [first["a"]], bands, is_near) == 0
    assert duplicates.link(store, [second["b"]], bands, is_near) == 1
    assert store.value("SELECT duplicate_of FROM mentions WHERE identity = 'b'") == first["a"]
    assert store.value("SELECT mentions FROM reputation_weekly") == 1
    assert store.value("SELECT count(*) FROM current_scores") == 2


def test_equal_words_a_year_later_or_of_the_same_source_are_no_duplicates(store: Store) -> None:
    value = fingerprint(STORY)
    first = put(store, m("a", STORY, fingerprint=value), m("same", STORY, fingerprint=value))
    late = m("late", STORY, fingerprint=value, published_at=NOW - timedelta(days=365))
    second = put(store, late, source="forum")
    assert duplicates.link(store, [*first.values(), *second.values()], bands, is_near) == 0


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("ru", "Доставка опоздала на три дня", "доставку"),
        ("ru", "Отвратительные курьеры", "курьер"),
        ("cs", "Zásilka přišla poškozená", "zásilky"),
        ("cs", "Pomalé doručení, ochotní prodavači", "prodavač"),
        ("fa", "کتاب‌ها دیر رسیدند", "کتاب"),
        ("fa", "ارسال كالا خيلی كند بود", "کالا"),
        ("en", "The deliveries were late", "delivery"),
        ("en", "She was complaining about it", "complained"),
    ],
)
def test_search_finds_inflected_forms(store: Store, language: str, text: str, query: str) -> None:
    words = search_text(None, text, language)
    found = put(store, m("it", text, language=language, search_text=words), m("other", "elephant"))
    rows = store.rows(
        "SELECT rowid FROM mention_search WHERE mention_search MATCH ?", (search_query(query),)
    )
    assert [row[0] for row in rows] == [found["it"]]


def test_search_finds_what_an_edit_says_now(store: Store) -> None:
    for text in ("late parcel", "broken parcel"):
        put(store, m("it", text, search_text=search_text(None, text, "en")))
    found = {
        word: store.value(
            "SELECT count(*) FROM mention_search WHERE mention_search MATCH ?",
            (search_query(word),),
        )
        for word in ("late", "broken", "parcels")
    }
    assert found == {"late": 0, "broken": 1, "parcels": 1}


def test_an_erased_author_is_gone_everywhere_and_does_not_come_back(store: Store) -> None:
    hers = m("hers", "unrepeatable words", author="k7", search_text="unrepeatable words")
    put(store, hers, m("his", "good", author="k8"))
    assert erase_author(store, "k7", "asked by mail", NOW) == 1
    put(store, hers)
    assert store.value("SELECT group_concat(identity) FROM mentions") == "his"
    for table in ("mention_versions", "scores", "mention_search"):
        assert store.value(f"SELECT count(*) FROM {table}") == 1, table
    assert store.value("SELECT reason FROM tombstones WHERE key = 'k7'") == "asked by mail"
    dump = "\n".join(store.conn.iterdump())
    assert "unrepeatable" not in dump
    for file in store.path.parent.iterdir():  # nor in the free pages of the file, nor in the log
        assert b"unrepeatable" not in file.read_bytes(), file.name


def test_what_is_erased_leaves_its_number_to_nobody(store: Store) -> None:
    first = put(store, m("hers", author="k7"))
    erase_author(store, "k7", None, NOW)
    second = put(store, m("his", author="k8"))
    assert second["his"] > first["hers"]
