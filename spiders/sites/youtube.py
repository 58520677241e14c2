"""Kind `youtube`: comments to a video or a channel, or to the videos that a search finds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from monitor.records import Reject
from spiders.base import Output
from spiders.open_requests import LEFT_OPEN
from spiders.parse.answers import text
from spiders.parse.paged import Page
from spiders.parse.youtube import (
    COMMENTS_OFF,
    Answer,
    Thread,
    answer_in,
    channel_of,
    error_in,
    item_of_video,
    items_of_thread,
    refused,
    thread_of,
)
from spiders.parse.youtube_calls import (
    LIST_UNITS,
    SEARCH_UNITS,
    channel_address,
    replies_address,
    search_address,
    target_at,
    threads_address,
)
from spiders.service import REDIRECTS, ServiceSpider

_USUAL_UNITS = 1000
"""A tenth of what a project has a day: ten visits of ten sources, or one that goes deep."""
_Video = Sequence[str | None]
"""Id of a video, id of its channel, its title."""
_STATUSES = [400, 401, 403, 404, *REDIRECTS]
"""With the errors among these the API sends a JSON answer that says what is wrong."""


class YoutubeSpider(ServiceSpider):
    """Newest comments first, every thread whole; the API's quota is counted and kept to.

    Option `max_units`: what one visit may spend of it. A thread whose replies cannot be paid for
    is given with those that came with it.
    """

    name = "youtube"
    needed_secrets: ClassVar[tuple[str, ...]] = ("key",)
    service: ClassVar[str] = "https://www.googleapis.com"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        most = self.source.options.get("max_units")
        self._units_left = most if isinstance(most, int) and most > 0 else _USUAL_UNITS
        self._units_spent = 0
        self._seen: set[str | None] = set()
        self._words = text(self.source.options.get("comments_with"))

    async def start(self) -> AsyncIterator[Any]:
        target = target_at(self.source.url)
        if target is None:
            self.wrong_address("video, channel or search (.../results?search_query=WORDS)")
            return
        if target.words:
            requests = self._search(target.words, None)
        elif target.is_named_channel:
            address = channel_address(self.base, target)
            requests = self._call(address, self.parse_channel, LIST_UNITS)
        else:
            requests = self._threads((target.video, target.channel, None))
        for request in requests:
            yield request

    def _call(
        self, address: str, callback: Callable[..., Any], units: int, **meta: Any
    ) -> Iterator[Request]:
        """A request that is paid for, or nothing once the units of this visit are used up.

        A back-fill asks the next time for what it could not pay.
        """
        if self.visit.blocked:
            return
        # In a header: an address is written down in many places.
        headers = {"X-Goog-Api-Key": self.source.secrets["key"]}
        meta |= {"ask_again": True, "handle_httpstatus_list": _STATUSES, "dont_redirect": True}
        if units > self._units_left:
            spent, left = self._units_spent, self._units_left
            words = f"{spent} units of the API's quota are spent, {left} left, {units} needed"
            self.visit.fail("UnitsUsedUp", f"{words}; option max_units allows more")
            self.refused.append(Request(address, callback, headers=headers, meta=meta))
            return
        for request in self.ask(address, callback, headers, **meta):
            self._units_left -= units
            self._units_spent += units
            yield request

    def meta_to_keep(self, meta: dict[str, Any]) -> dict[str, Any]:
        return {**meta, "thread": asdict(meta["thread"])} if "thread" in meta else meta

    def meta_as_kept(self, kept: dict[str, Any]) -> dict[str, Any]:
        if "thread" not in kept:
            return kept
        thread = Thread(**{**kept["thread"], "replies": tuple(kept["thread"]["replies"])})
        return {**kept, "thread": thread}

    def _search(self, words: str, token: str | None) -> Iterator[Request]:
        address = search_address(self.base, words, self.since, token)
        return self._call(address, self.parse_search, SEARCH_UNITS, words=words)

    def _threads(
        self, of: _Video, token: str | None = None, further: Sequence[_Video] = ()
    ) -> Iterator[Request]:
        """A page of the comments to a video; behind them come those to the `further` ones.

        One after the other, so that nothing is asked for once the quota is used up.
        """
        video, channel, _ = of
        address = threads_address(self.base, video, channel, self._words, token)
        meta = {"of": list(of), "further": [list(one) for one in further]}
        for request in self._call(address, self.parse, LIST_UNITS, **meta):
            yield request.replace(errback=self.failed_threads)

    def _next_video(self, videos: Sequence[_Video]) -> Iterator[Request]:
        if videos:
            yield from self._threads(videos[0], further=videos[1:])

    def failed_threads(self, failure: Failure) -> Output:
        self.failed(failure)
        request: Request = failure.request  # type: ignore[attr-defined]
        # A back-fill asks for this one again, and then for those behind it.
        if not (self.source.backfill and request.meta.get(LEFT_OPEN)):
            yield from self._next_video(request.meta["further"])

    def parse_channel(self, response: Response) -> Output:
        answer = self._answer(response)
        channel = next((text(one.get("id")) for one in answer.listed), None)
        if channel:
            yield from self._threads((None, channel, None))
        elif answer.fault:
            yield self._no_answer(response, answer.fault)
        elif not self._has_failed():
            self.visit.fail("NotFound", f"no channel at {self.source.url}")

    def parse_search(self, response: Response) -> Output:
        answer = self._answer(response)
        if answer.fault:
            yield self._no_answer(response, answer.fault)
        whose = (self.source.name, self.fetched_at(), self.source.language)
        found = [(one, item_of_video(one, *whose)) for one in answer.listed]
        page = Page([item for _, item in found if item], following=answer.following)
        yield from self.records(page, response)
        videos = [(item.native_id, channel_of(one), item.title) for one, item in found if item]
        yield from self._next_video(videos)
        # A further page costs as much as a hundred pages of comments.
        if self.source.backfill and self.reads_on(page, "search", by_age=False):
            yield from self._search(response.meta["words"], answer.following)

    def parse(self, response: Response, **_: Any) -> Output:
        """Threads of comments; those that came without all of their replies are asked about."""
        of, further = response.meta["of"], response.meta["further"]
        video, channel, subject = of
        answer = self._answer(response)
        if answer.closed and subject:
            # One video of many: named and counted, and no reason for a state.
            place = f"https://www.youtube.com/watch?v={video}"
            yield Reject(self.source.name, COMMENTS_OFF, place, is_left_out=True)
        elif answer.closed:
            self.visit.nothing_to_read(COMMENTS_OFF)
        if answer.fault:
            yield self._no_answer(response, answer.fault)
        threads = [thread_of(one, channel, subject) for one in answer.listed]
        for thread in filter(self._is_new, threads):
            requests = [] if thread.is_whole else list(self._replies(thread, None))
            yield from requests or self._records(thread, response.url)
        items = [self._items(thread, response.url)[0] for thread in threads]
        page = Page([item for some in items for item in some], following=answer.following)
        if self.reads_on(page, video or channel):
            yield from self._threads(of, answer.following, further)
        else:
            yield from self._next_video(further)

    def _replies(self, thread: Thread, token: str | None) -> Iterator[Request]:
        address = replies_address(self.base, thread.id or "", token)
        for request in self._call(address, self.parse_replies, LIST_UNITS, thread=thread):
            yield request.replace(errback=self.failed_replies)

    def parse_replies(self, response: Response) -> Output:
        """A thread with the replies of this answer added to it."""
        thread: Thread = response.meta["thread"]
        answer = self._answer(response)
        if answer.fault:
            yield self._no_answer(response, answer.fault)
        known = {text(one.get("id")): one for one in (*thread.replies, *answer.listed)}
        thread = replace(thread, replies=tuple(known.values()))
        further = list(self._replies(thread, answer.following)) if answer.following else []
        yield from further or self._records(thread, response.url)

    def failed_replies(self, failure: Failure) -> Output:
        """The thread with those replies that it came with: better than nothing of it."""
        self.failed(failure)
        request: Request = failure.request  # type: ignore[attr-defined]
        yield from self._records(request.meta["thread"], request.url)

    def _is_new(self, thread: Thread) -> bool:
        """False for a thread that an earlier page had: pages move on while they are read."""
        is_new = thread.id is None or thread.id not in self._seen
        self._seen.add(thread.id)
        return is_new

    def _items(self, thread: Thread, url: str) -> tuple[list[Any], list[Reject]]:
        whose = (self.source.name, self.fetched_at(), self.source.language)
        return items_of_thread(thread, url, *whose)

    def _records(self, thread: Thread, url: str) -> Output:
        items, rejects = self._items(thread, url)
        yield from items
        yield from rejects

    def _answer(self, response: Response) -> Answer:
        """What the API answered; its errors are noted, and answer nothing."""
        error = error_in(response.body)
        if error is None:
            return answer_in(response.body)
        if error.comments_are_off:
            return Answer(closed=True)
        if response.status == 404 or error.is_gone:
            self.visit.fail("NotFound", f"{error} ({response.url})")
        else:
            self.visit.block(str(error))
        return Answer()

    def _no_answer(self, response: Response, fault: str) -> Reject:
        self.notice_wall(response)
        if response.status in (401, 403):
            self.visit.block(f"http {response.status}")
        if not self.visit.blocked:
            self.visit.fail("ServiceRefused", f"{fault} ({response.url})")
        return refused(self.source.name, fault, response.url, response.body)

    def _has_failed(self) -> bool:
        return bool(self.visit.blocked or self.visit.errors)
