"""Kind `json_api`: any JSON answer whose items can be named by JMESPath expressions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from spiders.base import Output, SourceSpider
from spiders.downloads import is_home, place_of
from spiders.filled import filled_option
from spiders.parse.addresses import same_site, web_address
from spiders.parse.json_mapped import JsonPage, expressions_of, items_by_expressions
from spiders.parse.mapped import PageContext
from spiders.parse.options import kind_option
from spiders.parse.paging import next_in_link_header, number_in, with_parameters
from spiders.seen import Seen


class JsonApiSpider(SourceSpider):
    """Items of an answer by the expressions in the options, and of the answers that follow it.

    Options: `items`, `fields`, `page_fields` (expressions), `patterns` (what of a field counts),
    `kind`; one way of paging: `next` (expression of the next address), `cursor` with
    `cursor_parameter`, `page_parameter`, `offset_parameter` or `link_header`; `more` (expression
    that is true while there is more), `max_pages`, `max_seconds`. `headers` and `parameters` (of
    the query) are sent with every request, with the secrets that they name; they go to the
    source's own server and to no other.
    """

    name = "json_api"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        options = self.source.options
        self._wanted = expressions_of(options)
        self._kind = kind_option(options, "review")
        if self._wanted.cursor and not options.get("cursor_parameter"):
            raise ValueError("option cursor_parameter is needed beside cursor: where it is sent")
        self._headers = self._sent_along("headers")
        self._parameters = self._sent_along("parameters")
        self._seen = Seen()
        self._cursors: set[str] = set()

    def _sent_along(self, name: str) -> dict[str, str]:
        given = filled_option(self.source.options, name, self.source.secrets)
        return {
            key: str(value).lower() if isinstance(value, bool) else str(value)
            for key, value in given.items()
        }

    async def start(self) -> AsyncIterator[Any]:
        for request in self._page(self.source.url):
            yield request

    def _page(self, url: str) -> Iterator[Request]:
        if self._parameters:
            url = with_parameters(url, **self._parameters)
        return self.ask(url, self.parse, self._headers)

    def parse(self, response: Response, **_: Any) -> Output:
        source = self.source
        context = PageContext(
            response.url, source.name, self.fetched_at(), self._kind, source.language
        )
        page = items_by_expressions(response.body, self._wanted, context)
        if not page.items:
            self.notice_wall(response)
            if page.rejects:
                self.expect_again(response)
        following = self._at_home(self._following(response, page)) if self._goes_on(page) else None
        if following:
            self.expect_again(response)
        yield from page.items
        yield from page.rejects
        if following:
            yield from self._page(following)

    def _goes_on(self, page: JsonPage) -> bool:
        """Whether an answer is neither the last, nor empty, nor repeats only earlier ones."""
        if page.is_last or not page.found:
            return False
        return not page.items or self._seen.has_news(page.items)

    def _following(self, response: Response, page: JsonPage) -> str | None:
        """Address of the next answer by the one way of paging that the options name."""
        options = self.source.options
        if self._wanted.next:
            return self._on_this_site(web_address(page.next, response.url), response)
        if self._wanted.cursor:
            return self._at_cursor(response.url, page.cursor)
        if options.get("link_header"):
            header = b", ".join(response.headers.getlist("Link")).decode("latin-1")
            return self._on_this_site(next_in_link_header(header, response.url), response)
        if parameter := options.get("page_parameter"):
            number = number_in(response.url, str(parameter))
            following = (1 if number is None else number) + 1
            return with_parameters(response.url, **{str(parameter): following})
        if parameter := options.get("offset_parameter"):
            offset = number_in(response.url, str(parameter)) or 0
            return with_parameters(response.url, **{str(parameter): offset + page.found})
        return None

    def _at_cursor(self, url: str, cursor: str | None) -> str | None:
        # Some services end by giving the last cursor again, and answer it with the last page.
        if not cursor or cursor in self._cursors:
            return None
        self._cursors.add(cursor)
        return with_parameters(url, **{str(self.source.options["cursor_parameter"]): cursor})

    def _at_home(self, address: str | None) -> str | None:
        """An address that may be asked with a secret of this source, if there is one."""
        source = self.source
        if not address or not source.secrets:
            return address
        if not is_home(address, source.url) and source.url.startswith("https:"):
            # Services behind a proxy do not know that they were asked through TLS.
            address = address.replace("http:", "https:", 1) if address[:5] == "http:" else address
        if is_home(address, source.url):
            return address
        host = place_of(address)[0]
        self.visit.fail("RefusedAddress", f"the next page is on {host}, which is told no secret")
        return None

    def _on_this_site(self, address: str | None, response: Response) -> str | None:
        return address if address and same_site(address, response.url) else None
