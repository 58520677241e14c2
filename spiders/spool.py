"""Where the spiders' items go: the spool file of their visit."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from scrapy import Request

from monitor.records import RawItem, Reject
from spiders.open_requests import PageRead

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from spiders.visit import Visit

_log = logging.getLogger(__name__)


class Spooled:
    """Appends every RawItem and Reject that a spider yields to the spool; requests go on.

    A middleware next to the spider, not an item pipeline: Scrapy carries each item through six
    generators and a task of its own to a pipeline, which costs more than to write it.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.spider.visit)  # type: ignore[union-attr]

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for output in start:
            if not self.take(output):
                yield output

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        async for output in result:
            if not self.take(output):
                yield output

    def take(self, output: Any) -> bool:
        """Whether this was for us: a record is written, and one that cannot be fails alone."""
        if isinstance(output, Request):
            return False
        try:
            if isinstance(output, PageRead):
                self._visit.page_read(output)
                return True
            if not isinstance(output, RawItem | Reject):
                kind = type(output).__name__
                raise TypeError(f"a spider yielded a {kind}, not a RawItem or a Reject")
            self._visit.write(output)
        except Exception as error:
            self._visit.fail(type(error).__name__, str(error))
            _log.error("One item could not be written (%s)", type(error).__name__)
        return True


class SpooledLate:
    """Appends what a spider yields about a page that never came: Scrapy brings that only here."""

    def __init__(self, crawler: Crawler) -> None:
        self._spooled = Spooled.from_crawler(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        self._spooled.take(item)
        return item
