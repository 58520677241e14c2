"""Kind `html`: any page whose items can be named by selectors."""

from __future__ import annotations

from typing import Any

from scrapy.http import Response

from spiders.base import Output, SourceSpider, content_type
from spiders.parse.addresses import same_site
from spiders.parse.mapped import PageContext
from spiders.parse.options import kind_option
from spiders.parse.paging import number_in, with_parameters
from spiders.parse.selected import SelectedPage, items_by_selectors, selectors_of
from spiders.seen import Seen


class HtmlSpider(SourceSpider):
    """Items of a page by the selectors in the options, and of the pages that follow it.

    Options: `item` and `fields` (selectors), `patterns` (what of a field counts), `kind`,
    `next` (selector of the link to the next page) or `page_parameter` (name of the query
    parameter that numbers the pages), `max_pages`, `max_seconds`.
    """

    name = "html"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._selectors = selectors_of(self.source.options)
        self._kind = kind_option(self.source.options, "review")
        self._seen = Seen()

    def parse(self, response: Response, **_: Any) -> Output:
        source = self.source
        context = PageContext(
            response.url, source.name, self.fetched_at(), self._kind, source.language
        )
        page = items_by_selectors(response.body, self._selectors, context, content_type(response))
        if not page.items:
            self.notice_wall(response)
            self.expect_again(response)
        following = self._following(response, page) if self._goes_on(page) else None
        if following:
            self.expect_again(response)
        yield from page.items
        yield from page.rejects
        if following:
            yield from self.ask(following, self.parse)

    def _goes_on(self, page: SelectedPage) -> bool:
        """Whether a page is neither an empty one nor one that only repeats earlier ones."""
        return bool(page.matched) and (not page.items or self._seen.has_news(page.items))

    def _following(self, response: Response, page: SelectedPage) -> str | None:
        """The next page on this site; numbered pages go on until one brings nothing new."""
        parameter = self.source.options.get("page_parameter")
        if parameter:
            number = number_in(response.url, str(parameter))
            return with_parameters(
                response.url, **{str(parameter): (1 if number is None else number) + 1}
            )
        address = page.following
        return address if address and same_site(address, response.url) else None
