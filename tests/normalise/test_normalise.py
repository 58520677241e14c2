"""From what a source wrote to what is stored: whole items, in order, with notes on what failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.normalise import SourceContext, identity_of, normalise, raw_digest
from monitor.records import Mention, Rating, RawItem, Reject

CONTEXT = SourceContext(
    source="shop", kind=None, language=None, timezone="Europe/Prague", pseudonym_key=b"secret"
)
ITEM = RawItem("shop", "2026-07-15T12:00:00Z", text="Dobrý obchod, rychlé dodání.")


class ByHint:
    """Says the hint, else `cs`, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []

    def __call__(
        self, texts: Sequence[str], hints: Sequence[str | None]
    ) -> Sequence[tuple[str, float]]:
        self.asked += zip(texts, hints, strict=True)
        return [(hint or "cs", 0.9) for hint in hints]


def read(item: RawItem, context: SourceContext = CONTEXT) -> Mention:
    first = normalise([item], context, ByHint())[0]
    assert isinstance(first, Mention)
    return first


def test_a_whole_review() -> None:
    item = RawItem(
        source="shop", fetched_at="2026-07-15T14:00:00+02:00", native_id="77",
        url="https://shop.example/p/7", title="Spokojenost &amp; klid",
        text="<p>Rychlé dodání.</p><p>Volejte 777 123 456!</p>", is_html=True,
        author="Jana Nováková", rating="4,5", sub_ratings={"delivery": "5", "price": "0"},
        published="12. března 2026", edited="13.3.2026 15:30", language="cs-CZ",
        reply_text="Děkujeme, pište na info@shop.example", reply_published="2026-03-14T10:00:00Z",
        reach={"likes": 3}, parent_id="70", location=" Brno\n", subject="Pračka&nbsp;X",
    )  # fmt: skip
    mention = read(item)
    assert mention == Mention(
        source="shop", identity=identity_of(item), raw_digest=raw_digest(item), kind="review",
        url="https://shop.example/p/7", title="Spokojenost & klid",
        text="Rychlé dodání.\n\nVolejte [phone]!", language="cs", language_confidence=0.9,
        author=mention.author, rating=Rating(4.5, "1-5", "4,5"),
        published_at=datetime(2026, 3, 11, 23, tzinfo=UTC),
        edited_at=datetime(2026, 3, 13, 14, 30, tzinfo=UTC),
        fetched_at=datetime(2026, 7, 15, 12, tzinfo=UTC), fingerprint=mention.fingerprint,
        search_text=mention.search_text, sub_ratings={"delivery": Rating(5, "1-5", "5")},
        reply_text="Děkujeme, pište na [e-mail]",
        reply_at=datetime(2026, 3, 14, 10, tzinfo=UTC), reach={"likes": 3},
        parent=identity_of(replace(item, native_id="70")), location="Brno", subject="Pračka X",
        masked=2,
    )  # fmt: skip
    assert mention.author not in (None, "Jana Nováková")
    assert "777" not in mention.search_text


def test_a_digikala_like_review_in_persian() -> None:
    item = RawItem(
        "shop", "2026-07-15T12:00:00Z", native_id="1", text="گوشي خوبي بود", rating="0",
        published="6 شهریور 1403", language="fa",
    )  # fmt: skip
    mention = read(item, replace(CONTEXT, timezone="Asia/Tehran"))
    assert mention.rating is None
    assert mention.published_at == datetime(2024, 8, 26, 20, 30, tzinfo=UTC)
    assert mention.text == "گوشي خوبي بود"


def test_a_rating_without_words_is_a_mention() -> None:
    identify = ByHint()
    found = normalise([replace(ITEM, text="", rating="5")], CONTEXT, identify)
    assert isinstance(found[0], Mention)
    assert (found[0].text, found[0].title, found[0].rating) == ("", None, Rating(5, "1-5", "5"))
    assert found[0].language == "other"
    assert found[0].fingerprint is None
    assert identify.asked == []


def test_a_title_alone_is_a_mention() -> None:
    mention = read(replace(ITEM, title="Výborné", text="<p></p>", is_html=True))
    assert (mention.title, mention.text) == ("Výborné", "")


@pytest.mark.parametrize("text", ["", "   ", "\u200b\x00", "\u202e"])
def test_an_item_that_says_nothing_is_rejected(text: str) -> None:
    found = normalise([replace(ITEM, text=text, url="https://shop.example/7")], CONTEXT, ByHint())
    assert found == [Reject("shop", "no text, title or rating", "https://shop.example/7: text")]


def test_an_unusable_rating_or_date_is_noted_and_the_words_are_kept() -> None:
    item = replace(ITEM, native_id="5", rating="7", published="once upon a time")
    mention, *notes = normalise([item], CONTEXT, ByHint())
    assert isinstance(mention, Mention)
    assert (mention.rating, mention.published_at) == (None, None)
    assert notes == [
        Reject("shop", "rating '7' is outside its scale 1-5", "5: rating", "7"),
        Reject("shop", "no believable date", "5: published", "once upon a time"),
    ]


def test_an_unusable_rating_without_words_is_rejected_for_the_rating() -> None:
    found = normalise([replace(ITEM, text="", rating="12 of 10")], CONTEXT, ByHint())
    assert [isinstance(one, Reject) and "outside its scale" in one.cause for one in found] == [True]


def test_the_order_of_items_is_kept() -> None:
    items = [replace(ITEM, text=text) for text in ("first", "", "second", "", "", "third")]
    found = normalise(items, CONTEXT, ByHint())
    words = [one.text if isinstance(one, Mention) else None for one in found]
    assert words == ["first", None, "second", None, None, "third"]


def test_nothing_gives_nothing() -> None:
    assert normalise([], CONTEXT, ByHint()) == []


@pytest.mark.parametrize(
    ("of_item", "of_source", "hint"),
    [
        ("ru-RU", None, "ru"), ("Czech", "ru", "cs"), (None, "fa", "fa"), ("russian", None, "ru"),
        ("fa_IR", "en", "fa"), ("per", None, "fa"), ("???", "cs", "cs"), (None, None, None),
        ("zh-Hans", None, "zh"),
    ],
)  # fmt: skip
def test_the_language_hint(of_item: str | None, of_source: str | None, hint: str | None) -> None:
    identify = ByHint()
    item = replace(ITEM, title="Titulek", language=of_item)
    normalise([item], replace(CONTEXT, language=of_source), identify)
    assert identify.asked == [(f"Titulek\n{ITEM.text}", hint)]


def test_languages_are_asked_for_in_one_batch() -> None:
    calls: list[int] = []

    def identify(texts: Sequence[str], hints: Sequence[str | None]) -> Sequence[tuple[str, float]]:
        calls.append(len(texts))
        return [("en", 1.0)] * len(texts)

    normalise([replace(ITEM, text=f"text {n}") for n in range(50)], CONTEXT, identify)
    assert calls == [50]


def test_what_to_keep_of_authors_is_configured() -> None:
    item = replace(ITEM, author="Jana  Nováková")
    assert read(item, replace(CONTEXT, authors="plain")).author == "Jana Nováková"
    assert read(item, replace(CONTEXT, authors="drop")).author is None
    hidden = read(item).author
    assert hidden != read(item, replace(CONTEXT, pseudonym_key=b"other")).author
    assert read(replace(item, author=None)).author is None


def test_masking_can_be_switched_off() -> None:
    item = replace(ITEM, text="Pište na jana@x.example")
    assert read(item, replace(CONTEXT, mask=())).text == "Pište na jana@x.example"
    assert read(item).masked == 1


def test_only_what_is_asked_for_is_masked() -> None:
    item = replace(ITEM, text="Pište na jana@x.example, volejte 777 123 456")
    assert read(item, replace(CONTEXT, mask=("email",))).text == (
        "Pište na [e-mail], volejte 777 123 456"
    )
    assert read(item, replace(CONTEXT, mask=("phone",))).text == (
        "Pište na jana@x.example, volejte [phone]"
    )


def test_titles_are_masked_too() -> None:
    mention = read(replace(ITEM, title="Volejte 777 123 456"))
    assert (mention.title, mention.masked) == ("Volejte [phone]", 1)


def test_the_configured_kind_wins_and_an_unknown_one_is_rejected() -> None:
    assert read(ITEM, replace(CONTEXT, kind="interview")).kind == "interview"
    found = normalise([replace(ITEM, kind="poem")], CONTEXT, ByHint())
    assert isinstance(found[0], Reject)
    assert "poem" in found[0].cause


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "ftp://x.example", "/relative",
     "https://a b.example", "https://x.example/\u202egnp", "https://x.example/" + "a" * 5000, ""],
)  # fmt: skip
def test_an_address_no_reader_should_follow_is_dropped(url: str) -> None:
    assert read(replace(ITEM, url=url)).url is None


def test_an_unreadable_time_of_fetching_is_rejected() -> None:
    found = normalise([replace(ITEM, fetched_at="soon")], CONTEXT, ByHint())
    assert isinstance(found[0], Reject)
    assert found[0].place.endswith("fetched_at")


def test_the_same_items_give_the_same_mentions() -> None:
    items = [replace(ITEM, native_id=str(n), published="2 days ago") for n in range(5)]
    assert normalise(items, CONTEXT, ByHint()) == normalise(items, CONTEXT, ByHint())


def test_an_edit_time_equal_to_the_publication_is_no_edit() -> None:
    item = replace(ITEM, published="2026-03-12T10:00:00Z", edited="2026-03-12T11:00:00+01:00")
    assert read(item).edited_at is None


def test_a_reply_that_is_only_markup_is_none() -> None:
    assert read(replace(ITEM, is_html=True, reply_text="<p> </p>")).reply_text is None
