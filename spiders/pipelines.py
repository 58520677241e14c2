"""Where the spiders' items go: the spool file of their visit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.records import RawItem, Reject
from spiders.open_requests import PageRead

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class SpoolPipeline:
    """Appends every RawItem and Reject that a spider yields to the spool."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        if isinstance(item, PageRead):
            self._crawler.spider.visit.page_read(item)  # type: ignore[union-attr]
            return item
        if not isinstance(item, RawItem | Reject):
            raise TypeError(f"a spider yielded a {type(item).__name__}, not a RawItem or a Reject")
        self._crawler.spider.visit.write(item)  # type: ignore[union-attr]
        return item
