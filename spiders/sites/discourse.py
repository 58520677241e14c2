"""Kind `discourse`: a Discourse forum, one of its categories or tags, a topic, or a search."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scrapy import Request
from scrapy.http import Response

from monitor.records import Reject
from spiders.base import Output, SourceSpider
from spiders.parse.answers import start_of
from spiders.parse.discourse import (
    Topic,
    items_from_topic,
    read_list,
    read_search,
    read_topic,
)
from spiders.parse.discourse_addresses import (
    POSTS_A_REQUEST,
    forum_at,
    posts_address,
    search_address,
    topic_address,
)
from spiders.parse.paging import number_in

_USUAL_LISTS = 1
"""The thirty topics that were active last; a back-fill turns the pages of the list too."""

_GONE = [404, 410]


class DiscourseSpider(SourceSpider):
    """Topics of a list with all their posts, one topic, or the posts that a search finds.

    Option `max_pages` counts every request; a topic's newest posts are asked for first.
    """

    name = "discourse"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.forum = forum_at(self.source.url)
        self._lists = 0
        self._topics: set[str] = set()

    async def start(self) -> AsyncIterator[Any]:
        first = {
            "list": self.parse_list,
            "search": self.parse_search,
            "topic": self.parse,
        }[self.forum.kind]
        for request in self.ask(self.forum.start, first):
            yield request

    def parse_list(self, response: Response) -> Output:
        self._lists += 1
        self.expect_again(response)
        listed = read_list(response.body, self.forum.base)
        if listed.fault:
            yield self._not_expected(response, listed.fault)
            return
        new = [topic for topic in listed.topics if topic.id not in self._topics]
        self._topics |= {topic.id for topic in new}
        for topic in new:
            address = topic_address(self.forum.base, topic.id)
            yield from self.ask(address, self.parse, topic=topic, handle_httpstatus_list=_GONE)
        if new and listed.following and self._goes_on(listed.following):
            yield from self.ask(listed.following, self.parse_list)

    def meta_to_keep(self, meta: dict[str, Any]) -> dict[str, Any]:
        topic = meta.get("topic")
        return meta if topic is None else {**meta, "topic": asdict(topic)}

    def meta_as_kept(self, kept: dict[str, Any]) -> dict[str, Any]:
        if "topic" not in kept:
            return kept
        topic = dict(kept["topic"])
        topic["ids"] = {int(number): name for number, name in topic["ids"].items()}
        return {**kept, "topic": Topic(**topic)}

    def _goes_on(self, following: str) -> bool:
        """Whether the list's next page is for us: ours, and more than a usual visit reads."""
        is_here = urlsplit(following).netloc == urlsplit(self.forum.base).netloc
        return is_here and (self.source.backfill or self._lists < _USUAL_LISTS)

    def parse_search(self, response: Response) -> Output:
        self._lists += 1
        self.expect_again(response)
        found = read_search(response.body, self.forum.base)
        if found.fault:
            yield self._not_expected(response, found.fault)
            return
        for topic, ids in found.posts:
            yield from self._ask_posts(topic, list(ids))
        if found.more and (self.source.backfill or self._lists < _USUAL_LISTS):
            words = dict(parse_qsl(urlsplit(response.url).query)).get("q", "")
            number = (number_in(response.url, "page") or 1) + 1
            address = search_address(self.forum.base, words, number)
            yield from self.ask(address, self.parse_search)

    def parse(self, response: Response, **_: Any) -> Output:
        """A topic's first posts, and requests for the others."""
        if response.status in _GONE:
            yield Reject(self.source.name, "topic is gone", response.url, is_left_out=True)
            return
        topic = response.meta.get("topic")
        read = read_topic(response.body, self.forum.base)
        if read is not None:
            topic = read[0]
        yield from self._records(response, topic)
        if read is not None and read[1]:
            self.expect_again(response)
            yield from self._ask_posts(read[0], read[1])

    def parse_posts(self, response: Response) -> Output:
        yield from self._records(response, response.meta["topic"])

    def _records(self, response: Response, topic: Topic | None) -> Output:
        items, rejects = items_from_topic(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            topic=topic,
            language=self.source.language,
        )
        if not items and rejects:
            self.notice_wall(response)
            self.expect_again(response)
        yield from items
        yield from rejects

    def _ask_posts(self, topic: Topic, ids: list[str]) -> Iterator[Request]:
        for start in range(0, len(ids), POSTS_A_REQUEST):
            some = ids[start : start + POSTS_A_REQUEST]
            address = posts_address(self.forum.base, topic.id, some)
            yield from self.ask(address, self.parse_posts, topic=topic)

    def _not_expected(self, response: Response, fault: str) -> Reject:
        self.notice_wall(response)
        return Reject(self.source.name, fault, response.url, start_of(response.body))
