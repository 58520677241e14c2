"""Kind `scrapy`: a third party's Scrapy spider, named in the configuration."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings

from spiders.base import SourceSpider
from spiders.filled import filled_option
from spiders.foreign import ForeignOutput, foreign_class

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from spiders.visit import Visit


class ScrapySpider(SourceSpider):
    """Lets a foreign spider choose and read the pages; its items become ours.

    Options: `spider` (`package.module:Class`), `arguments` (what it is made with, with the secrets
    that they name), `max_pages`, `max_seconds`. The source's address is the spider's `url`, and
    where to start for one that has no `start_urls` of its own.
    """

    name = "scrapy"

    def __init__(self, visit: Visit, foreign: Spider, **arguments: Any) -> None:
        super().__init__(visit=visit, **arguments)
        self._foreign = foreign
        self.allowed_domains = list(getattr(foreign, "allowed_domains", None) or [])

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        source = kwargs["visit"].source
        wanted = foreign_class(str(source.options.get("spider") or ""))
        given = filled_option(source.options, "arguments", source.secrets)
        foreign = wanted.from_crawler(crawler, **given)
        foreign.url = source.url  # type: ignore[attr-defined]
        if not foreign.start_urls:
            foreign.start_urls = [source.url]
        return super().from_crawler(crawler, *args, foreign=foreign, **kwargs)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        # First to see what the spider yields: behind it, everything is a request or a record.
        middlewares = {**settings.getdict("SPIDER_MIDDLEWARES"), ForeignOutput: 990}
        # With a priority of its own: the process merges its settings in once more.
        settings.set("SPIDER_MIDDLEWARES", middlewares, priority="spider")

    async def start(self) -> AsyncIterator[Any]:
        async for output in self._foreign.start():
            yield output

    def parse(self, response: Response, **arguments: Any) -> Any:
        """What the foreign spider makes of a page that it named no callback for."""
        return self._foreign._parse(response, **arguments)
