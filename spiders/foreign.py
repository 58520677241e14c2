"""Somebody else's Scrapy spider, run with our manners and with records as its items.

Its code decides which pages are read and what is in them. How they are asked for is not its to
decide: robots.txt, pauses, limits and the refusal of private addresses are ours, its
`custom_settings` are not read, and no page can switch them off.
"""

from __future__ import annotations

import dataclasses
import importlib
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itemadapter import ItemAdapter
from scrapy import Request, Spider
from twisted.python.failure import Failure

from monitor.records import RawItem, Reject
from spiders.parse.mapped import PageContext, mapped_item

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from spiders.base import SourceSpider

_NOT_THEIRS = (
    "dont_obey_robotstxt", "proxy", "handle_httpstatus_all", "handle_httpstatus_list",
    "download_maxsize", "download_timeout", "download_slot", "max_retry_times", "bindaddress",
)  # fmt: skip
"""Keys of a request's meta that would change our manners, or hide that a site refuses us."""


def foreign_class(reference: str) -> type[Spider]:
    """The spider that `package.module:Class` names. Raises ValueError that says what is wrong.

    Modules are looked for among the installed packages and in the working folder.
    """
    module_name, colon, class_name = reference.strip().partition(":")
    if not (colon and module_name and class_name.isidentifier()):
        raise ValueError(f"option spider: {reference!r} is not of the form package.module:Class")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        found = getattr(importlib.import_module(module_name), class_name, None)
    except ImportError as error:
        raise ValueError(f"option spider: {module_name} cannot be imported ({error})") from None
    if not (isinstance(found, type) and issubclass(found, Spider)):
        raise ValueError(f"option spider: {module_name} has no spider of the name {class_name}")
    return found


class ForeignOutput:
    """A spider middleware that makes records of a foreign spider's items and counts its pages."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _spider(self) -> SourceSpider:
        return self._crawler.spider  # type: ignore[return-value]

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for output in start:
            for one in self._ours(output, self._spider.source.url, 0):
                yield one

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        number, is_silent = 0, True
        async for output in result:
            is_silent = False
            number += not isinstance(output, Request)
            if isinstance(output, Request):
                # What it leads on to may have changed although this page has not.
                self._spider.expect_again(response)
            for one in self._ours(output, response.url, number):
                yield one
        if is_silent:
            self._spider.notice_wall(response)

    def _ours(self, output: Any, url: str, number: int) -> list[Any]:
        if isinstance(output, Request):
            return self._polite(output)
        return [] if output is None else [self._record(output, url, number)]

    def _polite(self, request: Request) -> list[Request]:
        """The request as one of ours, counted; nothing once the source has used up its pages."""
        spider = self._spider
        callback = request.callback or spider.parse
        original = request.errback

        def failed(failure: Failure) -> Any:
            spider.failed(failure)
            return original(failure) if original else None

        meta = {key: value for key, value in request.meta.items() if key not in _NOT_THEIRS}
        headers = request.headers.copy()
        headers.pop("User-Agent", None)  # Sites are told who asks: the operator, and nobody else.
        ours = request.replace(callback=callback, errback=failed, meta=meta, headers=headers)
        return [ours for _ in spider.ask(request.url, callback)]

    def _record(self, item: Any, url: str, number: int) -> RawItem | Reject:
        """The item as a record of this source, whatever it says of where it belongs."""
        source = self._spider.source
        if isinstance(item, Reject):
            return dataclasses.replace(item, source=source.name)
        page = PageContext(url, source.name, self._spider.fetched_at(), language=source.language)
        where = f"item {number}"
        if isinstance(item, RawItem):
            values: Mapping[str, Any] = item.as_dict()
        elif ItemAdapter.is_item(item):
            values = ItemAdapter(item).asdict()
        else:
            cause = f"the spider yielded a {type(item).__name__}, which is no item"
            return page.reject(cause, str(item), where)
        kept = {name: value for name, value in values.items() if name not in ("source", "type")}
        kept.pop("fetched_at", None)
        return mapped_item(kept, page, where)
