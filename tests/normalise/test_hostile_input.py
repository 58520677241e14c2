"""Whatever a site sends, normalising ends, stores valid text, and stays within its limits."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from monitor.normalise import SourceContext, normalise
from monitor.records import Mention, RawItem, Reject

CONTEXT = SourceContext(
    source="s", kind=None, language=None, timezone="Asia/Tehran", pseudonym_key=b""
)
HOSTILE = {
    "one letter": "a" * 100_000,
    "one digit": "1" * 100_000,
    "lonely digits": "1 " * 50_000,
    "nulls": "a\x00" * 10_000,
    "overrides": "\u202ea\u2066" * 10_000,
    "surrogates": "a\ud800b\udfff",
    "stacked marks": "a" + "\u0301" * 50_000,
    "emoji families": "👨\u200d👩\u200d👧\u200d👦" * 5_000,
    "flags": "🇨🇿" * 20_000,
    "joiners": "\u200c\u200d" * 50_000,
    "ligatures": "ﷺ" * 30_000,
    "blanks": " \n\t\u00a0" * 30_000,
    "nested tags": "<div>" * 50_000 + "x" + "</div>" * 50_000,
    "unclosed tags": "<a <b <i " * 20_000,
    "opening brackets": "<" * 100_000,
    "ampersands": "&a" * 50_000,
    "escaped escapes": "&amp;" * 20_000 + "lt;",
    "impossible entities": "&#0;&#x110000;&#xd800;&#99999999;",
    "scripts": "<script>" * 20_000 + "alert(1)",
    "comments": "<!--" * 20_000,
    "almost addresses": "a@" * 50_000,
    "almost hidden addresses": "a (at" * 20_000,
    "almost phones": "+1-" * 30_000,
    "quotes": "\"'`;--" * 10_000,
    "persian joiners": "می\u200c" * 30_000,
}


def identify(texts: Sequence[str], hints: Sequence[str | None]) -> Sequence[tuple[str, float]]:
    return [("fa", 0.5)] * len(texts)


@pytest.mark.parametrize("is_html", [False, True], ids=["plain", "html"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_ends_as_a_mention_or_a_reject(name: str, is_html: bool) -> None:
    value = HOSTILE[name]
    item = RawItem(
        source="s", fetched_at="2026-07-15T12:00:00Z", url=value, title=value, text=value,
        is_html=is_html, author=value, rating=value, rating_best=value, published=value,
        edited=value, language=value, reply_text=value, reply_published=value, location=value,
        subject=value, sub_ratings={value[:50]: value}, parent_id=value,
    )  # fmt: skip
    for found in normalise([item], CONTEXT, identify):
        if isinstance(found, Reject):
            texts = [found.cause, found.place, found.excerpt]
            assert max(map(len, texts)) < 400
        else:
            assert isinstance(found, Mention)
            texts = [found.text, found.title or "", found.reply_text or "", found.search_text]
            assert len(found.text) <= CONTEXT.max_text_chars
            assert len(found.title or "") <= 500
            assert found.url is None
            assert "<script" not in found.text
        for text in texts:
            text.encode()
            assert not set(text) & set("\x00\u202e\u2066\ufeff")


def test_one_hostile_item_leaves_its_neighbours_alone() -> None:
    good = RawItem("s", "2026-07-15T12:00:00Z", native_id="1", text="خوب بود")
    bad = RawItem("s", "2026-07-15T12:00:00Z", text="<div>" * 9_000 + "x", is_html=True)
    found = normalise([good, bad, good], CONTEXT, identify)
    assert [one.text for one in found if isinstance(one, Mention)] == ["خوب بود", "x", "خوب بود"]
