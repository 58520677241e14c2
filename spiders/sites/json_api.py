"""Kind `json_api`: any JSON answer whose items can be named by JMESPath expressions."""

from __future__ import annotations

from typing import Any

from scrapy.http import Response

from spiders.base import Output, SourceSpider
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
    that is true while there is more), `max_pages`, `max_seconds`.
    """

    name = "json_api"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        options = self.source.options
        self._wanted = expressions_of(options)
        self._kind = kind_option(options, "review")
        if self._wanted.cursor and not options.get("cursor_parameter"):
            raise ValueError("option cursor_parameter is needed beside cursor: where it is sent")
        self._seen = Seen()
        self._cursors: set[str] = set()

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
        following = self._following(response, page) if self._goes_on(page) else None
        if following:
            self.expect_again(response)
        yield from page.items
        yield from page.rejects
        if following:
            yield from self.ask(following, self.parse)

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

    def _on_this_site(self, address: str | None, response: Response) -> str | None:
        return address if address and same_site(address, response.url) else None
