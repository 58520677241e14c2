"""Kind `telegram`: a public channel, through the preview that Telegram shows without a login."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from spiders.base import Output, SourceSpider, content_type
from spiders.parse.telegram import (
    items_from_preview,
    older_messages,
    preview_address,
    shows_a_channel,
)

_USUAL_PAGES = 5
"""A hundred messages: what a visit reads again to see edits; a back-fill reads up to max_pages."""


class TelegramSpider(SourceSpider):
    """A channel's messages page by page, newest first. Option `max_pages`: so many on any visit."""

    name = "telegram"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._pages = 0

    async def start(self) -> AsyncIterator[Any]:
        address = preview_address(self.source.url)
        if address is None:
            words = "is no public channel's address, such as https://t.me/NAME"
            self.visit.fail("WrongAddress", f"{self.source.url} {words}")
            return
        for request in self._page(address):
            yield request

    def _page(self, address: str) -> Iterator[Request]:
        self._pages += 1
        return self.ask(address, self.parse)

    def parse(self, response: Response, **_: Any) -> Output:
        if self._is_turned_away(response):
            self.expect_again(response)
            self.visit.block("no preview: the channel is private, closed to the web, or gone")
            return
        items, rejects = items_from_preview(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            content_type=content_type(response),
            language=self.source.language,
        )
        if not items:
            self.notice_wall(response)
            self.expect_again(response)
        yield from items
        yield from rejects
        older = older_messages(response.body, response.url, content_type(response))
        if older is None or not (items or rejects) or self.is_far_enough(items):
            return
        self.expect_again(response)
        is_deep = self.source.backfill or "max_pages" in self.source.options
        if is_deep or self._pages < _USUAL_PAGES:
            yield from self._page(older)

    def _is_turned_away(self, response: Response) -> bool:
        """True for the page about a channel, where Telegram leads to if there is no preview."""
        is_preview = urlsplit(response.url).path.startswith("/s/")
        return not is_preview and not shows_a_channel(response.body, content_type(response))
