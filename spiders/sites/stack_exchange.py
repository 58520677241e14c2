"""Kind `stack_exchange`: questions of a Stack Exchange site, with their answers if wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response

from spiders.parse.paged import Page
from spiders.parse.stack_exchange import (
    answers_address,
    items_from_stack_exchange,
    questions_address,
    questions_on,
    search_at,
)
from spiders.service import ServiceSpider

_ERROR_STATUSES = [400, 403, 404, 406]
"""With these the API sends a JSON answer that says what is wrong."""


class StackExchangeSpider(ServiceSpider):
    """Questions with newest activity first, and with option `answers` also their answers.

    Waits as long as the service asks with `backoff`; stops when the day's quota is used up.
    """

    name = "stack_exchange"
    service: ClassVar[str] = "https://api.stackexchange.com"

    async def start(self) -> AsyncIterator[Any]:
        asked = (self._text("site"), self._text("query"), self._text("tags"))
        try:
            self._search = search_at(self.source.url, *asked)
        except ValueError as error:
            self.wrong_address(f"address of tags that can be read: {error}")
            return
        for request in self._questions(1):
            yield request

    def _text(self, option: str) -> str | None:
        return str(self.source.options.get(option) or "").strip() or None

    def _questions(self, number: int) -> Iterator[Request]:
        since = self.since
        active = int(since.timestamp()) if since else None
        address = questions_address(self.base, self._search, number, active, self._text("key"))
        return self._ask(address, None)

    def _answers(self, questions: dict[str, str | None], number: int) -> Iterator[Request]:
        ids = list(questions)
        address = answers_address(self.base, ids, self._search, number, self._text("key"))
        return self._ask(address, questions)

    def _ask(self, address: str, answers_to: dict[str, str | None] | None) -> Iterator[Request]:
        meta = {"ask_again": True, "handle_httpstatus_list": _ERROR_STATUSES}
        return self.ask(address, self.parse, answers_to=answers_to, **meta)

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        page = items_from_stack_exchange(
            response.body,
            response.url,
            self.source.name,
            self.fetched_at(),
            language=self.source.language or self._search.language,
            titles=response.meta["answers_to"],
        )
        if page.refusal and (response.status == 403 or page.refusal.startswith("throttled")):
            self.visit.block(f"http {response.status}, {page.refusal}"[:200])
        for record in self.records(page, response):
            yield record
        requests = list(self._further(page, response.meta["answers_to"]))
        if not requests:
            return
        if await self._was_patient(page.wait_seconds):
            for request in requests:
                yield request
        else:
            self.refused += requests

    def _further(self, page: Page, answers_to: dict[str, str | None] | None) -> Iterator[Request]:
        """The next page of the same, and the answers to the questions of this one."""
        questions = questions_on(page)
        if answers_to is None and self.source.options.get("answers") is True and questions:
            yield from self._answers(questions, 1)
        if not self.reads_on(page, by_age=False):
            return
        if answers_to is None:
            yield from self._questions(int(page.following or 1))
        else:
            yield from self._answers(answers_to, int(page.following or 1))

    async def _was_patient(self, seconds: float) -> bool:
        """Waits as long as the service wants; False if that is longer than we wait for anybody."""
        if seconds > self.settings.getfloat("RETRY_AFTER_MAX_SECONDS"):
            self.visit.block(f"asked to wait {seconds:.0f} s")
            return False
        if seconds:
            await self.visit.wait(seconds)
        return not self.visit.stopping.is_set()
