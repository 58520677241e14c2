"""What a back-fill has asked for and not yet read, so that the next one goes on there.

Each page that was read leaves one line in the spool, behind its items: which request it answered,
and which requests it led to. What was asked for and never answered is thereby known at any moment,
also to whoever finds the spool after a kill. A page is read again rather than lost.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from scrapy import Request

from monitor.records import RawItem, Reject
from spiders.redact import without_secrets_within

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from spiders.base import SourceSpider

KEY = "open_request"
"""In a request's meta: its key in the spool; it survives redirects and retries."""

LEFT_OPEN = "left_open"
"""In a request's meta: its page was not got, and is to be asked for again by the next back-fill."""

_NOT_KEPT = {KEY, LEFT_OPEN, "depth"}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page was read to its end; yielded behind its items, so that it is written behind them."""

    done: str | None
    """Key of the request that it answered; None for what a visit begins with."""
    led_to: tuple[Row, ...] = ()

    def as_line(self) -> str:
        """A line of the spool."""
        line = {"type": "page", "done": self.done, "led_to": self.led_to}
        return json.dumps(without_secrets_within(line), ensure_ascii=False) + "\n"


class OpenRequests:
    """A spider middleware that notes what is asked for and what is read, in back-fills only.

    Where an earlier back-fill left open requests, the visit begins with them in place of its own
    first requests.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._asked: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _spider(self) -> SourceSpider:
        return self._crawler.spider  # type: ignore[return-value]

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        if not self._spider.visit.is_backfill:
            async for output in start:
                yield output
            return
        # All of it before any of it is asked: a kill must not lose what was not yet asked for.
        first = [output async for output in start]
        if not self._spider.is_let_in:
            pass  # nothing was begun: what was open stays open
        elif rows := self._spider.source.open_requests:
            # The start also prepared the spider, so it ran; what it would read is read already.
            first = [output for output in first if not isinstance(output, Request)]
            self._spider.take_back()
            first += self._continued(rows)
        else:
            noted = [row for output in first for row in self._noted(output)]
            yield PageRead(None, (*noted, *self._refused()))
        for output in first:
            yield output

    async def process_spider_output(
        self, response: Response, result: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        rows: list[Row] = []
        is_silent = True
        async for output in result:
            is_silent &= not isinstance(output, RawItem | Reject)
            rows += self._noted(output)
            yield output
        if not self._spider.visit.is_backfill or KEY not in response.meta:
            return
        rows += self._refused()
        is_walled = is_silent and not rows and self._spider.visit.blocked
        if not is_walled and not response.meta.get(LEFT_OPEN):
            yield PageRead(response.meta[KEY], tuple(rows))

    def _noted(self, output: Any) -> list[Row]:
        """The request as a row, once: Scrapy drops what was asked for before."""
        if not isinstance(output, Request) or not self._spider.visit.is_backfill:
            return []
        row = as_row(output, self._spider, self._key(output))
        if row is None or row["key"] in self._asked:
            return []
        self._asked.add(row["key"])
        output.meta[KEY] = row["key"]
        return [row]

    def _refused(self) -> list[Row]:
        """Rows of the requests that a limit of pages did not let through."""
        requests, self._spider.refused = self._spider.refused, []
        rows = [as_row(request, self._spider, self._key(request)) for request in requests]
        return [row for row in rows if row is not None]

    def _continued(self, rows: tuple[Row, ...]) -> Iterator[Request]:
        for row in rows:
            request = as_request(row, self._spider)
            if request is None:
                words = f"{row['callback']}: begin anew with --from-start"
                self._spider.visit.fail("CannotGoOn", f"nobody reads a page with {words}")
                continue
            self._asked.add(row["key"])
            request.meta[KEY] = row["key"]
            yield from self._spider.let_through(request)
        self._spider.refused = []  # they are open already, nothing to note

    def _key(self, request: Request) -> str:
        assert self._crawler.request_fingerprinter is not None
        return self._crawler.request_fingerprinter.fingerprint(request).hex()


def as_row(request: Request, spider: SourceSpider, key: str) -> Row | None:
    """The request as plain data; None for one that cannot be asked again by another process.

    A secret of the source or a token of the visit that stands in it is written as its name.
    """
    callback = request.callback or spider.parse
    if getattr(callback, "__self__", None) is not spider:
        return None
    row = {
        "key": key,
        "url": request.url,
        "method": request.method,
        "body": request.body.decode("latin-1"),
        "headers": request.headers.to_unicode_dict(),
        "callback": callback.__name__,
        "errback": getattr(request.errback, "__name__", "failed"),
        "priority": request.priority,
        "meta": spider.meta_to_keep({k: v for k, v in request.meta.items() if k not in _NOT_KEPT}),
    }
    try:
        text = json.dumps({**row, "headers": dict(row["headers"])}, ensure_ascii=False)
    except TypeError:
        return None
    for written, name in _spellings(spider):
        text = text.replace(written, name)
    kept: Row = json.loads(text)
    return kept


def as_request(row: Row, spider: SourceSpider) -> Request | None:
    """The request of a row; None when this version of the spider does not know its callback."""
    text = json.dumps(row, ensure_ascii=False)
    for written, name in _spellings(spider):
        text = text.replace(name, written)
    row = json.loads(text)
    callback = getattr(spider, row["callback"], None)
    if callback is None:
        return None
    return Request(
        row["url"],
        callback=callback,
        errback=getattr(spider, row.get("errback", ""), spider.failed),
        method=row["method"],
        body=row["body"].encode("latin-1"),
        headers=row["headers"],
        meta=spider.meta_as_kept(row["meta"]),
        priority=row["priority"],
    )


def _spellings(spider: SourceSpider) -> Iterator[tuple[str, str]]:
    """(how a secret of the source may stand in a request, what is written in its place)."""
    for name, secret in (*spider.source.secrets.items(), *spider.session.items()):
        spelt = {"quoted": quote(secret, safe=""), "plus": quote_plus(secret)}
        spelt |= {"path": quote(secret), "plain": json.dumps(secret, ensure_ascii=False)[1:-1]}
        for way, written in spelt.items():
            if written:
                yield written, f"{{secret {name} {way}}}"
