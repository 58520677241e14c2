"""What a spider yields goes to the spool at once; what cannot be written fails alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request

from monitor.records import RawItem
from spiders.job import SourceJob
from spiders.spool import Spooled
from spiders.visit import Visit


def item(text: str, **more: Any) -> RawItem:
    return RawItem(source="shop", fetched_at="2026-11-18T12:00:00Z", text=text, **more)


def test_requests_go_on_records_are_written_and_a_bad_one_costs_no_other(tmp_path: Path) -> None:
    spool = tmp_path / "shop.jsonl"
    job = SourceJob("shop", "feed", "https://shop.example.com/", spool, tmp_path / "stats.json")
    visit = Visit(job)
    request = Request("https://shop.example.com/2")

    async def yielded() -> AsyncIterator[Any]:
        yield item("first", sub_ratings={"delivery": "4"})
        yield item("no JSON", reach={"likes": object()})
        yield "no record"
        yield request
        yield item("last \u2028 line")

    async def passed() -> list[Any]:
        return [one async for one in Spooled(visit).process_spider_output(None, yielded())]  # type: ignore[arg-type]

    visit.open()
    assert asyncio.run(passed()) == [request]
    assert (visit.items, visit.errors) == (2, {"TypeError": 2})
    visit.close()
    lines = spool.read_text("utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["first", "last \u2028 line"]
    assert json.loads(lines[0])["sub_ratings"] == {"delivery": "4"}
