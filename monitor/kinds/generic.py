"""Kinds that read what many sites have: markup, feeds, files."""

from __future__ import annotations

from monitor.kinds.model import Kind, Option

KINDS = (
    Kind(
        name="reviews_page",
        what="Reviews in the markup of a web page (schema.org Review, JSON-LD or microdata)",
        needs="the address of a page that shows reviews: a shop, a product, a place",
        gives="text, title, author, rating with its scale, dates, reply where the page marks it",
        example_url="https://reviews.example.com/zelvano",
        options={
            "next": Option("CSS selector of the link to the next page, such as `a.next`"),
            "max_pages": Option("stop after this many pages; 50 if not said", "number"),
            "sitemap": Option("address of a sitemap that lists the pages to read", "address"),
            "match": Option("regular expression that a page's address must match", "pattern"),
        },
        terms="Many sites forbid copying in their terms although robots.txt allows it: read them.",
    ),
    Kind(
        name="feed",
        what="An RSS or Atom feed: comments, forum posts, news, search results",
        needs="the address of the feed",
        gives="title, text or summary, author, link, times; ratings where the feed has them",
        example_url="https://forum.example.com/zelvano.atom",
        options={
            "kind": Option("what an entry is", choices=("review", "post", "comment", "news")),
        },
        terms="A feed is published to be read; quote with a link, and keep to its licence.",
    ),
    Kind(
        name="import",
        what="Files that you bring: CSV, XLSX, JSON lines or a saved page",
        needs="a file; `monitor import FILE --source NAME` reads it",
        gives="whatever its columns hold: text, author, rating, dates, location",
        example_url=None,
        terms="Make sure that you may keep what the file says about people.",
    ),
)
