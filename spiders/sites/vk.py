"""Kind `vk`: a wall on VK, the comments below its posts if wanted, or a search in everybody's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from typing import Any, ClassVar
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from spiders.open_requests import LEFT_OPEN
from spiders.parse.paged import Page
from spiders.parse.paging import with_parameters
from spiders.parse.vk import (
    Below,
    commented_posts,
    cut_threads,
    entries_in,
    is_list,
    items_from_vk,
    next_offset,
)
from spiders.parse.vk_calls import (
    VERSION,
    Parameters,
    answers_call,
    comments_call,
    search_call,
    target_at,
    wall_call,
)
from spiders.parse.vk_errors import ApiError, error_in
from spiders.service import REDIRECTS, ServiceSpider

_FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}
_SECONDS_OF_REST = 1.1
_TIMES_IN_HASTE = 3
"""So often the same is asked again when VK says that it was asked too often within a second."""


class VkSpider(ServiceSpider):
    """Posts of a wall or of a search, newest first; with option `comments` what is said to them.

    VK sends its errors with HTTP status 200: closed walls and refused tokens become `blocked`.
    """

    name = "vk"
    needed_secrets: ClassVar[tuple[str, ...]] = ("token",)
    service: ClassVar[str] = "https://api.vk.com"

    async def start(self) -> AsyncIterator[Any]:
        target = target_at(self.source.url, str(self.source.options.get("query") or "") or None)
        if target is None:
            self.wrong_address("wall (vk.com/NAME), post (.../wall-1_2) or search (...?q=WORDS)")
            return
        self._target = target
        if target.owner is not None and target.post is not None:
            requests = self._comments(Below(target.owner, target.post), 0)
        else:
            requests = self._posts("0")
        for request in requests:
            yield request

    def _posts(self, following: str) -> Iterator[Request]:
        """A page of posts: a search goes on with a word of VK's, a wall with a count of posts."""
        if self._target.words:
            call = search_call(self._target.words, self.since, following.removeprefix("0") or None)
        else:
            call = wall_call(self._target, int(following))
        return self._call(*call, of=None)

    def _comments(self, below: Below, offset: int) -> Iterator[Request]:
        return self._call(*comments_call(below.owner, below.post, offset), of=below)

    def _call(self, method: str, parameters: Parameters, **meta: Any) -> Iterator[Request]:
        """A POST: what stands in it is not written down, while an address is in many places."""
        meta |= {"ask_again": True, "asked": parameters, "dont_redirect": True}
        meta["handle_httpstatus_list"] = REDIRECTS
        for request in self.ask(f"{self.base}/method/{method}", self.parse, _FORM, **meta):
            yield request.replace(method="POST", body=self._form(parameters))

    def _form(self, parameters: Parameters) -> str:
        token = self.source.secrets["token"]
        return urlencode(parameters | {"access_token": token, "v": VERSION})

    def meta_to_keep(self, meta: dict[str, Any]) -> dict[str, Any]:
        return meta if meta.get("of") is None else {**meta, "of": asdict(meta["of"])}

    def meta_as_kept(self, kept: dict[str, Any]) -> dict[str, Any]:
        return kept if kept.get("of") is None else {**kept, "of": Below(**kept["of"])}

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        below: Below | None = response.meta["of"]
        error = error_in(response.body)
        if error and error.is_haste and (again := await self._once_more(response)):
            yield again
            return
        page = items_from_vk(
            response.body,
            # The address with what was asked, but for the token: a reject's place.
            with_parameters(response.url, **response.meta["asked"]),
            self.source.name,
            self.fetched_at(),
            below=below,
            threads=await self._threads(response, below) if below else {},
            language=self.source.language,
        )
        if error:
            page = self._refused_page(page, error, below)
        for record in self.records(page, response):
            yield record
        for request in self._further(page, response, below):
            yield request

    async def _once_more(self, response: Response) -> Request | None:
        """The same request a moment later; None when that was tried often enough."""
        tries = response.meta.get("haste", 0)
        if tries >= _TIMES_IN_HASTE:
            return None
        await self.visit.wait(_SECONDS_OF_REST)
        request: Request = response.request.replace(dont_filter=True)  # type: ignore[union-attr]
        request.meta["haste"] = tries + 1
        return None if self.visit.stopping.is_set() else request

    async def _threads(self, response: Response, below: Below) -> dict[int, list[bytes]]:
        """All answers to the comments of a page that have more than came along, page by page.

        They are read in the middle of it, since what the wall's owner says belongs to the comment.
        They are not counted among the source's pages; where time runs out meanwhile, a back-fill
        reads the page once more.
        """
        threads: dict[int, list[bytes]] = {}
        for comment in cut_threads(response.body):
            if self.visit.blocked or self.visit.stopping.is_set():
                response.meta[LEFT_OPEN] = True
                break
            pages: list[bytes] = []
            offset: str | None = "0"
            while offset is not None and len(pages) < self.source.max_pages:
                body = await self._answers(below, comment, int(offset), response)
                offset = None if body is None else next_offset(body, int(offset))
                if body is None:
                    pages = []  # those that came with it are more than nothing
                else:
                    pages.append(body)
            if offset is not None:
                self.visit.fail("ThreadCut", f"comment {below.owner}_{comment} has more answers")
            if pages:
                threads[comment] = pages
        return threads

    async def _answers(
        self, below: Below, comment: int, offset: int, response: Response
    ) -> bytes | None:
        """A page of the answers to a comment; None, with the cause noted, if there is none."""
        method, parameters = answers_call(below.owner, below.post, comment, offset)
        request = Request(f"{self.base}/method/{method}", method="POST", headers=_FORM)
        request = request.replace(body=self._form(parameters), meta={"dont_redirect": True})
        for _ in range(_TIMES_IN_HASTE + 1):
            answer = await self.answer_to(request)
            if answer is None or answer.status != 200:
                response.meta[LEFT_OPEN] = True
                if answer is not None:
                    self._refused(answer)
                return None
            error = error_in(answer.body)
            if error is None or not error.is_haste:
                break
            await self.visit.wait(_SECONDS_OF_REST)
        if error is None and is_list(answer.body):
            return answer.body
        words = error.words if error else "no answer of the API"
        self.visit.fail("ThreadNotRead", f"answers to {below.owner}_{comment}: {words}")
        if error and error.is_closed and not error.is_about_one_post:
            self.visit.block(words)
        return None

    def _refused_page(self, page: Page, error: ApiError, below: Below | None) -> Page:
        """What an error leaves of a page: a source that is closed has no faulty posts."""
        if below and self._target.post is None and error.is_about_one_post:
            return Page(rejects=page.rejects)
        if error.is_closed:
            self.visit.block(error.words)
            return Page()
        return page

    def _further(self, page: Page, response: Response, below: Below | None) -> Iterator[Request]:
        """The next page of the same, and the comments below the posts of this one."""
        if below is None and self.source.options.get("comments") is True:
            for post in commented_posts(entries_in(response.body)):
                yield from self._comments(post, 0)
        is_search = below is None and self._target.words
        if not is_search:
            offset = int(response.meta["asked"].get("offset", 0))
            page = Page(page.items, following=next_offset(response.body, offset))
        if not self.reads_on(page, below, by_age=not is_search):
            return
        following = page.following or "0"
        yield from self._comments(below, int(following)) if below else self._posts(following)
