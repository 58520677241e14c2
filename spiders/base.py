"""What every spider of ours shares: how it asks, how it counts, and how it notices a blockade."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from monitor.records import RawItem, Reject
from spiders.dates import all_older
from spiders.downloads import RefusedAddress, Stopped
from spiders.job import SourceJob
from spiders.open_requests import KEY, LEFT_OPEN, PageRead
from spiders.parse.wall import is_wall
from spiders.visit import Visit, now

Record = RawItem | Reject
Output = Iterator[Record | Request]

_BLOCKING_STATUSES = {401, 403, 429, 451, 507}


class SourceSpider(Spider):
    """A spider that collects one source of a job; subclasses set `name` (the kind) and `parse`.

    Subclasses yield RawItem and Reject records, and ask for pages only with `ask`.
    """

    needed_secrets: ClassVar[tuple[str, ...]] = ()
    """Names in `self.source.secrets` without which the kind cannot work."""
    not_masked: ClassVar[frozenset[str]] = frozenset()
    """Those of them that are no secret, as the name of an account: people may write them."""

    def __init__(self, visit: Visit, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.visit = visit
        self._pages_asked = 0
        for name in self.needed_secrets:
            if name not in self.source.secrets:
                raise ValueError(f"the secret {name!r} is missing: add it to the source's secrets")
        self.refused: list[Request] = []
        """Requests that the limit of pages did not let through, until a back-fill notes them."""
        self.session: dict[str, str] = {}
        """What a login gave for this visit only; a back-fill that goes on has another."""
        self.is_let_in = True
        """Whether anything can be asked for: not before a login, where one is needed."""

    @property
    def source(self) -> SourceJob:
        return self.visit.source

    async def start(self) -> AsyncIterator[Any]:
        for request in self.ask(self.source.url, self.parse):
            yield request

    def ask(
        self,
        url: str,
        callback: Callable[..., Any],
        headers: Mapping[str, str] | None = None,
        **meta: Any,
    ) -> Iterator[Request]:
        """A request for a page, or nothing once the source has used up its pages."""
        yield from self.let_through(
            Request(
                url, callback=callback, errback=self.failed, headers=dict(headers or {}), meta=meta
            )
        )

    def let_through(self, request: Request) -> Iterator[Request]:
        """The request, counted, as long as the source has pages left; else it is `refused`."""
        if self._pages_asked >= self.source.max_pages:
            self.visit.limit = self.visit.limit or "pages"
            self.refused.append(request)
            return
        self._pages_asked += 1
        yield request

    def take_back(self) -> None:
        """Uncounts what was asked for until now: none of it is sent."""
        self._pages_asked = 0
        self.refused = []
        if self.visit.limit == "pages":
            self.visit.limit = None

    def is_far_enough(self, items: Iterable[RawItem]) -> bool:
        """Whether a back-fill that reads the newest first has gone as far back as it is told."""
        return self.source.backfill and all_older(items, self.source.since)

    def meta_to_keep(self, meta: dict[str, Any]) -> dict[str, Any]:
        """A request's meta as plain data that a later process can use; see `meta_as_kept`."""
        return meta

    def meta_as_kept(self, kept: dict[str, Any]) -> dict[str, Any]:
        """What `meta_to_keep` gave, as the callbacks want it."""
        return kept

    def failed(self, failure: Failure) -> None:
        """Counts what went wrong with a request that brought no page."""
        error = failure.value
        request: Request = failure.request  # type: ignore[attr-defined]
        if not _is_for_good(error):
            request.meta[LEFT_OPEN] = True
        elif KEY in request.meta and not isinstance(error, HttpError):
            self.visit.page_read(PageRead(request.meta[KEY]))
        if isinstance(error, Stopped):
            return
        if isinstance(error, HttpError):
            self._refused(error.response)
            return
        self.visit.keep_known(request.url)
        text = str(error)
        if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in text:
            self.visit.limit = self.visit.limit or "body"
            self.visit.fail("BodyTooLarge", f"{request.url} is larger than allowed")
        elif isinstance(error, IgnoreRequest) and "robots.txt" in text:
            self.visit.block("robots.txt forbids this address")
        else:
            name = type(error).__name__
            if isinstance(error, IgnoreRequest) and not isinstance(error, RefusedAddress):
                name = "IgnoredRequest"
            self.visit.fail(name, f"{text.strip() or 'the answer broke off'} ({request.url})")

    def _refused(self, response: Response) -> None:
        self.visit.keep_known(response.url)
        if response.status == 304:
            self.visit.unchanged += 1
            return
        if response.status in _BLOCKING_STATUSES:
            self.visit.block(f"http {response.status}")
        self.visit.fail("HttpError", f"HTTP {response.status} from {response.url}")

    def expect_again(self, response: Response) -> None:
        """Asks for this page in full next time, even if it says that it has not changed."""
        response.meta["ask_again"] = True

    def notice_wall(self, response: Response) -> None:
        """Marks the visit as blocked if a page without content is a captcha or consent page."""
        if is_wall(response.body, response.url, content_type(response)):
            self.visit.block("captcha or consent page")

    def fetched_at(self) -> str:
        """The present, for `RawItem.fetched_at`."""
        return now()


def _is_for_good(error: BaseException) -> bool:
    """Whether a page will not come however often it is asked for: gone, private, too large."""
    if isinstance(error, HttpError):
        status = error.response.status
        return 400 <= status < 500 and status not in {*_BLOCKING_STATUSES, 408, 425}
    return isinstance(error, RefusedAddress | DownloadCancelledError)


def content_type(response: Response) -> str:
    """The response's Content-Type header, "" if it has none."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1")
