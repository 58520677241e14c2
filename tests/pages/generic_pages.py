"""How the cases of the generic kinds, of shops and of articles are read.

`given.options` are the source's options, as they would stand in config.yaml.
"""

from __future__ import annotations

from typing import Any

from monitor.records import RawItem, Reject
from spiders.parse import digikala, json_mapped, selected, woocommerce, wordpress
from spiders.parse.article import article_from_html
from spiders.parse.mapped import PageContext

Read = tuple[list[RawItem], list[Reject]]


def _page(url: str, given: dict[str, Any], kind: str = "review") -> PageContext:
    kind = given.get("options", {}).get("kind", kind)
    return PageContext(url, "case", "2026-03-01T00:00:00Z", kind, given.get("language"))


def _html(body: bytes, url: str, given: dict[str, Any]) -> Read:
    selectors = selected.selectors_of(given["options"])
    page = selected.items_by_selectors(
        body, selectors, _page(url, given), given.get("content_type", "")
    )
    assert page.following == given.get("next")
    return page.items, page.rejects


def _json_api(body: bytes, url: str, given: dict[str, Any]) -> Read:
    expressions = json_mapped.expressions_of(given["options"])
    page = json_mapped.items_by_expressions(body, expressions, _page(url, given))
    assert page.cursor == given.get("cursor")
    return page.items, page.rejects


def _wordpress(body: bytes, url: str, given: dict[str, Any]) -> Read:
    page = _page(url, given, "comment")
    if given.get("content_type"):
        return wordpress.comments_from_feed(body, given["content_type"], page)
    return wordpress.comments_from_json(body, page)


def _woocommerce(body: bytes, url: str, given: dict[str, Any]) -> Read:
    verified_only = given.get("options", {}).get("verified_only", False)
    return woocommerce.reviews_from_json(body, _page(url, given), verified_only=verified_only)


def _digikala(body: bytes, url: str, given: dict[str, Any]) -> Read:
    page = digikala.reviews_from_json(body, _page(url, given))
    assert page.pages == given.get("pages")
    return page.items, page.rejects


def _article(body: bytes, url: str, given: dict[str, Any]) -> Read:
    return article_from_html(body, _page(url, given, "news"), given.get("content_type", ""))


READERS = {
    "html": _html,
    "json_api": _json_api,
    "wordpress": _wordpress,
    "woocommerce": _woocommerce,
    "digikala": _digikala,
    "article": _article,
}
