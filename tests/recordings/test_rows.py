"""A row of the table says what is wrong with it; the crawl that fills it is the real one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from tests.recordings.overview import LeftOut, Line, Overview
from tests.recordings.printed import as_document, print_overview
from tests.recordings.rows import Row, crawl
from tests.recordings.serving import Answering, serving

FINE: dict[str, Any] = {
    "finish_reason": "finished",
    "errors": {},
    "blocked": None,
    "first_error": None,
}
ITEM = {"type": "item", "text": "Good"}
REJECT = {"type": "reject", "cause": "no text"}
ROW = Row("shop/one.xml", "feed", 2, 2, (ITEM, REJECT, ITEM), FINE)
LINE = Line("shop/one.xml", "feed", ("shop/one.xml",), 2, 2, 2, Counter(["no text"]), "", None)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"expected": 3, "note": "n"}, "2 items, expected 3"),
        ({"listed": 5}, "5 by INDEX.md, 2 expected, and nothing says why"),
        ({"listed": 5, "note": "three are empty"}, None),
        ({"listed": None}, "None by INDEX.md, 2 expected, and nothing says why"),
        ({"stats": FINE | {"finish_reason": "shutdown"}}, "ended with shutdown"),
        ({"stats": FINE | {"errors": {"X": 1}, "first_error": "X: no"}}, "X: no"),
        ({"stats": FINE | {"errors": {"BodyTooLarge": 1}}}, None),
        ({"is_refusal": True}, "was to be refused and was not"),
        ({"is_refusal": True, "stats": FINE | {"blocked": "http 403"}}, None),
        ({"is_refusal": True, "expected": 0, "stats": FINE | {"blocked": "b"}}, "2 items, exp"),
    ],
)
def test_a_row_says_what_is_wrong_with_it(changes: dict[str, Any], fault: str | None) -> None:
    found = replace(ROW, **changes).fault
    assert found == fault or (fault and found and found.startswith(fault))


def test_items_and_causes_are_those_of_the_spool() -> None:
    assert (ROW.items, ROW.causes) == (2, ("no text",))


class _OneFeed(Answering):
    def do_GET(self) -> None:
        is_there = self.path != "/gone"
        feed = b"<rss version='2.0'><channel><item><guid>1</guid><title>Leaks</title></item>"
        feed += b"</channel></rss>"
        if self.path == "/robots.txt":
            self.answer(b"", "text/plain")
        else:
            self.answer(feed if is_there else b"", "text/xml", 200 if is_there else 403)


def test_one_process_crawls_every_source_into_a_record_of_its_own() -> None:
    with serving(_OneFeed) as here:
        there, gone = crawl(
            [
                {"name": "there", "kind": "feed", "url": f"{here}/there"},
                {"name": "gone", "kind": "feed", "url": f"{here}/gone"},
            ]
        )
    assert [line["title"] for line in there.lines] == ["Leaks"]
    assert (there.stats["blocked"], gone.stats["blocked"]) == (None, "http 403")
    assert gone.lines == ()


def test_what_is_wrong_is_printed_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = replace(LINE, name="shop/two.xml", files=("shop/two.xml",), stored=1, fault="1 stored")
    explained = replace(LINE, spider="html", listed=3, note="one is empty")
    unsaid = LeftOut("shop", ("shop/three.xml",), "NOT AS EXPECTED: nothing says why")
    found = Overview([LINE, wrong, explained], [unsaid], {"zbozi": "no recording"}, [])
    print_overview(found)
    text = capsys.readouterr().out
    assert "feed            shop                   2        4      3  1 NOT AS EXPECTED" in text
    assert "    shop/two.xml: 1 stored" in text
    assert "    2 x reject: no text" in text
    assert "    1 x explained: one is empty" in text
    assert "in no row:   1 of shop: NOT AS EXPECTED" in text
    assert "not in the table: zbozi: no recording" in text
    document = as_document(found, {})
    assert document["faults"] == 2
    verdicts = ["equal", "NOT AS EXPECTED: 1 stored", "one is empty"]
    assert [row["verdict"] for row in document["rows"]] == verdicts
