"""A review collected twice is one mention, an edited one a version, and two never become one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.normalise import identity_of, native_identity, raw_digest
from monitor.records import RawItem

ITEM = RawItem(
    source="shop",
    fetched_at="2026-07-15T12:00:00Z",
    url="https://shop.example/product/7/reviews",
    title="Fine",
    text="The delivery came two days late but the goods were as described.",
    author="Jana N.",
    rating="4",
    published="2026-07-01T15:31:07Z",
)
DAY_ONLY = replace(ITEM, published="2026-07-01")
RELATIVE = replace(ITEM, published="2 days ago")
ANONYMOUS = replace(ITEM, author=None)
PAGE = "https://shop.example/product/7/reviews"


@pytest.mark.parametrize("item", [ITEM, DAY_ONLY, RELATIVE, ANONYMOUS])
@pytest.mark.parametrize(
    "change",
    [
        {"fetched_at": "2026-07-20T00:00:00Z"},
        {"rating": "1"},
        {"reach": {"likes": 12}},
        {"reply_text": "Thank you"},
        {"url": PAGE + "?page=3"},
        {"url": PAGE + "?utm_source=mail&page=2"},
        {"url": PAGE + "/page/4"},
        {"author": " JANA  n."},
        {"text": ITEM.text + " UPDATE: they sent a gift, so all is well now. Thanks!"},
        {"text": "<p>" + ITEM.text.upper() + "</p>"},
    ],
)
def test_what_changes_around_a_review_leaves_it_the_same(
    item: RawItem, change: dict[str, object]
) -> None:
    if "author" in change and item.author is None:
        change = {}
    assert identity_of(replace(item, **change)) == identity_of(item)  # type: ignore[arg-type]


def test_a_rewritten_review_by_a_known_author_and_time_is_a_version() -> None:
    assert identity_of(replace(ITEM, text="Terrible after all", title="Bad")) == identity_of(ITEM)


def test_a_relative_date_moves_on_and_the_review_stays() -> None:
    later = replace(RELATIVE, published="3 days ago")
    assert identity_of(later) == identity_of(RELATIVE)


@pytest.mark.parametrize("item", [ITEM, DAY_ONLY, RELATIVE, ANONYMOUS])
@pytest.mark.parametrize(
    "change",
    [
        {"source": "other"},
        {"author": "Petr K."},
        {"url": "https://shop.example/product/8/reviews"},
        {"subject": "Another product"},
    ],
)
def test_another_author_page_source_or_product_is_another_review(
    item: RawItem, change: dict[str, str]
) -> None:
    assert identity_of(replace(item, **change)) != identity_of(item)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "published",
    ["2026-07-01", "1. 7. 2026", "2026-07-01T00:00:00Z", "2026-07-01T22:00:00Z", "2 days ago",
     "2026-07-01 12:00:00", "2026-07-01T20:30:00+00:00", None, "yesterday", "1782864000",
     "۱۰ تیر ۱۴۰۵", "12 марта 2026 г."],
)  # fmt: skip
@pytest.mark.parametrize("author", ["Verified customer", "Jana", None])
def test_two_texts_under_one_name_on_one_day_are_two_reviews(
    published: str | None, author: str | None
) -> None:
    one = replace(ITEM, published=published, author=author)
    other = replace(one, text="Something else entirely, by somebody of the same name.")
    assert identity_of(one) != identity_of(other)


def test_two_posts_without_author_in_one_thread_are_two() -> None:
    one = replace(ITEM, kind="post", author=None, published="2026-07-01")
    assert identity_of(one) != identity_of(replace(one, text="Another post of the thread"))


def test_an_article_may_be_rewritten() -> None:
    article = RawItem(
        "feed", "2026-07-15T12:00:00Z", kind="news", url="https://news.example/a-1",
        title="Shop fined", text="First report.", published="2026-07-01",
    )  # fmt: skip
    assert identity_of(replace(article, text="Whole new text")) == identity_of(article)


def test_a_review_with_its_own_anchor_may_be_rewritten() -> None:
    item = replace(ANONYMOUS, url=PAGE + "#review-77")
    assert identity_of(replace(item, text="New words")) == identity_of(item)
    assert identity_of(replace(item, url=PAGE + "#review-78")) != identity_of(item)


def test_a_native_id_decides_alone() -> None:
    one = replace(ITEM, native_id="77")
    edited = replace(one, text="x", author="y", url="https://z.example", published="2025-01-01")
    assert identity_of(one) == identity_of(edited) == native_identity("shop", "77")
    assert identity_of(one) != identity_of(replace(one, native_id="78"))


def test_a_bare_text_is_its_own_identity() -> None:
    one = RawItem("notes", "2026-07-15T12:00:00Z", text="Said on the phone: too dear.")
    assert identity_of(one) == identity_of(replace(one, fetched_at="2026-07-16T12:00:00Z"))
    assert identity_of(one) != identity_of(replace(one, text="Said on the phone: too slow."))


def test_without_author_and_day_the_whole_text_tells_reviews_apart() -> None:
    one = replace(ITEM, author=None, published=None, text="Klady: žádné. " * 20 + "Zápory: cena")
    assert identity_of(one) != identity_of(replace(one, text=one.text + " a obsluha"))


def test_ratings_without_words_are_told_apart() -> None:
    one = replace(DAY_ONLY, author=None, title=None, text="", rating="5")
    assert identity_of(one) != identity_of(replace(one, rating="1"))


def test_a_query_that_names_the_page_is_kept() -> None:
    one = replace(DAY_ONLY, url="https://blog.example/?p=12")
    assert identity_of(one) != identity_of(replace(one, url="https://blog.example/?p=13"))


def test_the_digest_sees_every_field_but_the_fetching() -> None:
    assert raw_digest(replace(ITEM, fetched_at="2027-01-01T00:00:00Z")) == raw_digest(ITEM)
    for name, value in {
        "text": "x", "rating": "5", "reply_text": "x", "title": None, "sub_ratings": {"a": "1"},
        "reach": {"likes": 1}, "edited": "2026-07-02", "location": "Brno", "is_html": True,
        "parent_id": "1", "author": None, "kind": "post", "subject": "x",
    }.items():  # fmt: skip
        assert raw_digest(replace(ITEM, **{name: value})) != raw_digest(ITEM), name  # type: ignore[arg-type]


def test_the_order_of_parts_does_not_count_as_a_change() -> None:
    one = replace(ITEM, sub_ratings={"a": "1", "b": "2"}, reach={"x": 1, "y": 2})
    other = replace(ITEM, sub_ratings={"b": "2", "a": "1"}, reach={"y": 2, "x": 1})
    assert raw_digest(one) == raw_digest(other)
