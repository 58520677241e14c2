"""robots.txt in any encoding: Scrapy reads UTF-8 only, and obeys nothing that it cannot read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.robotstxt import ProtegoRobotParser

from spiders.parse.encoding import marked_encoding

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class AnyEncodingParser(ProtegoRobotParser):
    """Scrapy's usual parser, given a file with a byte order mark (UTF-16, say) as UTF-8."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:
        encoding = marked_encoding(robotstxt_body)
        if encoding:
            robotstxt_body = robotstxt_body.decode(encoding, "replace").encode()
        parser: Self = super().from_crawler(crawler, robotstxt_body)
        return parser
