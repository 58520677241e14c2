"""A third party's spiders, as the tests configure them: good ones, careless ones, rude ones."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

from scrapy import Field, Item, Request, Spider
from scrapy.http import Response

from monitor.records import RawItem, Reject


class Scraped(Item):
    text = Field()
    rating = Field()


@dataclass
class Opinion:
    text: str
    stars: int


class AllShapes(Spider):
    """Yields a review in every shape an item can have, and some that are none."""

    name = "all-shapes"

    def parse(self, response: Response) -> Any:
        yield {"text": "a dict", "rating": 4, "reach": {"likes": 3}, "source": "somebody-else"}
        yield Scraped(text="a Scrapy item", rating="3")
        yield RawItem("somebody-else", "long ago", kind="comment", text="a record", native_id="r9")
        yield Opinion(text="a dataclass", stars=5)  # `stars` is no field of ours
        yield {"rating": None, "text": "  "}
        yield {"text": {"html": "<p>nested</p>"}}
        yield Reject("somebody-else", "its own reject", "page 1")
        yield "only a text"


class Wandering(Spider):
    """Follows pages without end, by an argument; has its own start and an async callback."""

    name = "wandering"

    def __init__(self, prefix: str = "", **arguments: Any) -> None:
        super().__init__(**arguments)
        self.prefix = prefix

    async def start(self) -> AsyncIterator[Any]:
        yield Request(f"{self.url}/page/1", self.read)  # type: ignore[attr-defined]

    async def read(self, response: Response) -> AsyncIterator[Any]:
        number = int(response.url.rpartition("/")[2])
        yield {"text": f"{self.prefix} {number}", "id": number}
        yield response.follow(f"/page/{number + 1}", self.read)


class Rude(Spider):
    """Would disguise itself, ignore robots.txt, flood the site and read a file."""

    name = "rude"
    custom_settings: ClassVar[dict[str, Any]] = {
        "ROBOTSTXT_OBEY": False,
        "USER_AGENT": "Mozilla/5.0 (disguise)",
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 64,
    }

    def parse(self, response: Response) -> Any:
        disguise = {"User-Agent": "Mozilla/5.0 (disguise)"}
        yield Request(response.urljoin("/public"), self.read, headers=disguise)
        meta = {"dont_obey_robotstxt": True, "handle_httpstatus_all": True}
        yield Request(response.urljoin("/private/x"), self.read, meta=meta)
        yield Request("http://127.0.0.1:9/internal", self.read)
        yield Request("file:///etc/passwd", self.read)

    def read(self, response: Response) -> Any:
        yield {"text": f"read {response.url}"}


class Failing(Spider):
    """Breaks in its callback, after one item."""

    name = "failing"

    def parse(self, response: Response) -> Any:
        yield {"text": "before it broke"}
        raise KeyError("layout")


NOT_A_SPIDER = "text"


class Careless(Spider):
    """Puts what a page says wherever a text can go, and then fails over it."""

    name = "careless"

    def parse(self, response: Response) -> Any:
        said = response.text
        self.logger.error("the page says %s", said)
        print(f"the page says {said}", file=sys.stderr)
        yield {"text": f"It says {said}", "url": response.url, "author": said, "rating": 3}
        yield {"text": "an item", "url": f"{response.urljoin('/at/')}{said}", "reply": said}
        yield {"surprise": said}
        yield {"text": f"{'HEUREKA_TEST_KEY' in os.environ} of the environment"}
        raise RuntimeError(f"cannot go on with {said}")


class WithHeader(Spider):
    """Asks for a page with what another one says in a header of its own."""

    name = "with-header"

    def parse(self, response: Response) -> Any:
        address = response.urljoin("/v4/x")
        yield Request(address, self.parse_page, headers={"X-Token": response.text})

    def parse_page(self, response: Response) -> Any:
        yield {"text": "a page"}


class Keyed(Spider):
    """Asks with a key that it is made with, from its start and from a callback."""

    name = "keyed"

    def __init__(self, key: str, size: int, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.headers = {"Authorization": key}
        self.size = size

    async def start(self) -> AsyncIterator[Any]:
        yield Request(self.start_urls[0], headers=self.headers)

    def parse(self, response: Response) -> Any:
        yield from self.parse_again(response)
        again = {"headers": self.headers, "dont_filter": True}
        yield Request(response.url, self.parse_again, **again)

    def parse_again(self, response: Response) -> Any:
        text = response.json()["found"][0]["text"]  # type: ignore[attr-defined]
        yield {"text": f"{self.size}: {text}"}


class Crashing(Spider):
    """Takes the whole process with it, with the page's text as last words."""

    name = "crashing"

    def parse(self, response: Response) -> NoReturn:
        sys.stderr.write(f"fatal: {response.text}\n")
        sys.stderr.flush()
        os._exit(3)
