"""A news page to raw items: the article itself, and the comments that the page marks up.

The words are found by trafilatura; who wrote them and when is taken from what the page declares
(schema.org, Open Graph), and from trafilatura's reading only where it declares nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from monitor.records import RawItem, Reject
from spiders.parse import json_ld
from spiders.parse.addresses import same_site, web_address
from spiders.parse.comments import comments_in
from spiders.parse.encoding import TooBig
from spiders.parse.mapped import PageContext
from spiders.parse.nodes import Node, first, from_microdata, index_by_id, text_of, types_of, walk
from spiders.parse.review_fields import names_of
from spiders.parse.reviews import own_address, parse_page

_ARTICLE_ENDINGS = ("Article", "BlogPosting", "Posting", "Report")
_PUBLISHED = ("article:published_time", "datePublished", "date", "dc.date", "pubdate")
_EDITED = ("article:modified_time", "og:updated_time", "dateModified")
_DATES = {"original_date": True, "extensive_search": False, "outputformat": "%Y-%m-%d"}
"""Only what is marked as a date: a guess among all numbers of a page is none."""
_JOINERS = {"\u200c": "\ua78f", "\u200d": "\ua78e"}
"""trafilatura drops zero-width joiners, which Persian words need: they pass as rare letters."""
_HAS_COMMENTS = etree.XPath("boolean(//*[@itemscope and contains(@itemtype, 'Comment')])")


def article_from_html(
    body: bytes | str, page: PageContext, content_type: str = ""
) -> tuple[list[RawItem], list[Reject]]:
    """The article (always first) and its comments; a reject for a page without an article.

    Its comments are items of the kind `comment` that name the article as their parent. Items are
    known by the page's address, so that an edited article is a version and not another article.
    """
    try:
        tree = parse_page(body, content_type)
    except TooBig as error:
        return [], [page.reject(f"page {error}")]
    if tree is None:
        return [], [page.reject("page is empty")]
    documents = _documents(tree, page.url)
    index = index_by_id(documents)
    address = _address(tree, page.url)
    declared = _declared(documents)
    # trafilatura takes the tree apart: everything else is read before.
    marked = _Marks(tree)
    comments, rejects = comments_in(documents, index, replace(page, url=address, kind="comment"))
    item = _article(tree, declared, index, marked, replace(page, url=address))
    if item is None:
        return [], [page.reject("no article found on the page", marked.window_title or "")]
    return [item, *comments], rejects


class _Marks:
    """What a page says of itself in its head."""

    def __init__(self, tree: etree._Element) -> None:
        named = tree.xpath("//meta[@content and (@name or @property or @itemprop)]")
        self._meta: dict[str, str] = {}
        for element in named:
            name = element.get("property") or element.get("name") or element.get("itemprop")
            self._meta.setdefault(name.strip().lower(), element.get("content").strip())
        self.language: str | None = (tree.xpath("string(/html/@lang)") or "").strip() or None
        self.time: str | None = (
            tree.xpath("string((//article//time|//main//time)[1]/@datetime)") or ""
        ).strip() or None
        self.title = self.first("og:title")
        self.window_title: str | None = tree.xpath("normalize-space(//title)") or None

    def first(self, *names: str) -> str | None:
        """The first of these marks that says something."""
        return next((self._meta[n.lower()] for n in names if self._meta.get(n.lower())), None)


def _article(
    tree: etree._Element, declared: Node, index: dict[str, Node], marks: _Marks, page: PageContext
) -> RawItem | None:
    # A tenth of a second to import: only those who read articles pay for it.
    from trafilatura import bare_extraction

    _change_letters(tree, _JOINERS)
    found: Any = bare_extraction(
        tree,
        url=page.url,
        include_comments=False,
        with_metadata=True,
        date_extraction_params=_DATES,
    )
    text = _with_joiners(found.text) if found is not None else None
    if not text:
        return None
    title = text_of(declared.get("headline")) or marks.title or _with_joiners(found.title)
    title = title or marks.window_title
    published = text_of(declared.get("datePublished")) or text_of(declared.get("dateCreated"))
    published = published or marks.first(*_PUBLISHED) or marks.time or found.date
    edited = text_of(declared.get("dateModified")) or marks.first(*_EDITED)
    comments = text_of(declared.get("commentCount"))
    return RawItem(
        source=page.source,
        fetched_at=page.fetched_at,
        kind=page.kind,
        native_id=page.url,
        url=page.url,
        title=title,
        text=_without_heading(text, title),
        author=names_of(declared.get("author"), index) or found.author,
        published=published,
        edited=edited if edited != published else None,
        language=text_of(declared.get("inLanguage")) or marks.language or page.language,
        reach={"comments": int(comments)} if comments and comments.isdecimal() else {},
    )


def _change_letters(tree: etree._Element, letters: dict[str, str]) -> None:
    """Puts other letters in the place of some, in every text of the tree."""
    table = str.maketrans(letters)
    for element in tree.iter(etree.Element):
        if element.text:
            element.text = element.text.translate(table)
        if element.tail:
            element.tail = element.tail.translate(table)


def _with_joiners(text: str | None) -> str | None:
    back = str.maketrans({letter: joiner for joiner, letter in _JOINERS.items()})
    return text.translate(back).strip() or None if text else None


def _without_heading(text: str, title: str | None) -> str:
    """The text without a first line that only repeats the title, unless that is all there is."""
    heading, _, rest = text.partition("\n")
    return rest.strip() or text if title and heading.strip() == title else text


def _documents(tree: etree._Element, url: str) -> list[Any]:
    """Everything that the page marks up; a broken block costs only itself."""
    documents: list[Any] = []
    for block in json_ld.blocks(tree):
        try:
            documents += json_ld.loads(block)
        except json_ld.BrokenJson:
            continue
    if _HAS_COMMENTS(tree):
        from extruct.w3cmicrodata import MicrodataExtractor

        # A property of nothing: blog themes close the article before its comments begin.
        for orphan in tree.xpath("//*[@itemscope and @itemprop and not(ancestor::*[@itemscope])]"):
            del orphan.attrib["itemprop"]
        documents += [_node(item) for item in MicrodataExtractor().extract_items(tree, url)]
    return documents


def _node(item: Any) -> Any:
    """A microdata item as a node; one without any property keeps at least its type."""
    return from_microdata(item) if "properties" in item else {"@type": item.get("type")}


def _declared(documents: list[Any]) -> Node:
    """The node of the article itself: the first of such a type with a headline; {} if none."""
    for node, _, name in walk(documents):
        is_article = any(kind.endswith(_ARTICLE_ENDINGS) for kind in types_of(node))
        if is_article and name in ("", "@graph", "mainEntity") and first(node.get("headline")):
            return node
    return {}


def _address(tree: etree._Element, url: str) -> str:
    """The page's own canonical address if that is one of this site's inner pages, else `url`."""
    own = own_address(tree)
    is_inner = urlsplit(own).path.strip("/") != "" if own else False
    if own and is_inner and (not url or same_site(own, url)):
        return own
    return web_address(url, "") or own
