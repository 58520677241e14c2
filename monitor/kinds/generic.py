"""Kinds that read what many sites have: markup, feeds, files."""

from __future__ import annotations

from monitor.kinds.model import Kind, Option

FIELDS = (
    "id", "text", "title", "author", "rating", "rating_best", "rating_worst", "rating_scale",
    "published", "edited", "url", "language", "reply", "reply_published", "parent", "location",
    "subject", "kind", "is_html", "reach.", "sub_ratings.",
)  # fmt: skip
"""What a field of `html` and `json_api` may be called; a name follows the dot of the last two."""

KIND_OF_ITEM = Option("what an item is", choices=("review", "post", "comment", "news"))
MAX_PAGES = Option("stop after this many pages; 50 if not said", "number")
READ_TERMS = "Many sites forbid copying in their terms although robots.txt allows it: read them."

KINDS = (
    Kind(
        name="reviews_page",
        what="Reviews in the markup of a web page (schema.org Review, JSON-LD or microdata)",
        needs="the address of a page that shows reviews: a shop, a product, a place",
        gives="text, title, author, rating with its scale, dates, reply where the page marks it",
        example_url="https://reviews.example.com/zelvano",
        options={
            "next": Option("CSS selector of the link to the next page, such as `a.next`"),
            "max_pages": MAX_PAGES,
            "sitemap": Option("address of a sitemap that lists the pages to read", "address"),
            "match": Option("regular expression that a page's address must match", "pattern"),
        },
        terms=READ_TERMS,
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
        name="html",
        what="Any web page whose reviews or posts can be named by selectors",
        needs="the page's address and, in the options, a CSS selector or an XPath for an item and"
        " for each of its fields",
        gives="every field that you name; pages that follow, by link or by number",
        example_url="https://shop.example.com/zelvano/reviews",
        options={
            "item": Option("selector of one item, such as `.review`", "selector", required=True),
            "fields": Option(
                "a selector for each field, read inside of the item: `.author`,"
                " `time::attr(datetime)`, `count(.star.full)`, `//h1` for the whole page, `=10` for"
                " the text itself",
                "mapping",
                of="selector",
                keys=FIELDS,
                required=True,
            ),
            "patterns": Option(
                "a regular expression for a field of which only a part counts; its first group",
                "mapping",
                of="pattern",
                keys=FIELDS,
            ),
            "kind": KIND_OF_ITEM,
            "next": Option("selector of the link to the next page, such as `a.next`", "selector"),
            "page_parameter": Option("query parameter that numbers the pages, such as `page`"),
            "max_pages": MAX_PAGES,
        },
        terms=READ_TERMS,
    ),
    Kind(
        name="json_api",
        what="Any JSON answer whose reviews or posts can be named by JMESPath expressions",
        needs="the address that answers with JSON and, in the options, where its items are and"
        " what their fields are called",
        gives="every field that you name; answers that follow, by address, cursor, page or offset",
        example_url="https://api.shop.example.com/reviews?product=4711",
        any_secret="keys and tokens of the service, by names of your own; `{secrets.NAME}` in"
        " `headers` or `parameters` says where they are sent",
        options={
            "headers": Option(
                'headers that are sent along, such as `Authorization: "Bearer {secrets.key}"`',
                "mapping",
                of="header",
                takes_secrets=True,
            ),
            "parameters": Option(
                'query parameters that are sent along, such as `api_key: "{secrets.key}"`',
                "mapping",
                of="parameter",
                takes_secrets=True,
            ),
            "items": Option(
                "expression that gives the list of items, such as `data.reviews`; if not said, the"
                " answer itself is the list",
                "expression",
            ),
            "fields": Option(
                "an expression for each field, read inside of the item: `user.name`,"
                " `replies[0].text`, `=10` for the text itself",
                "mapping",
                of="expression",
                keys=FIELDS,
                required=True,
            ),
            "page_fields": Option(
                "an expression for fields that the answer says once for all its items",
                "mapping",
                of="expression",
                keys=FIELDS,
            ),
            "patterns": Option(
                "a regular expression for a field of which only a part counts; its first group",
                "mapping",
                of="pattern",
                keys=FIELDS,
            ),
            "kind": KIND_OF_ITEM,
            "next": Option("expression of the next answer's address", "expression"),
            "cursor": Option("expression of the cursor that leads on", "expression"),
            "cursor_parameter": Option("query parameter that takes the cursor"),
            "page_parameter": Option(
                "query parameter that numbers the pages; counting starts at what the address has,"
                " else at 1"
            ),
            "offset_parameter": Option("query parameter that says how many items to skip"),
            "link_header": Option("follow the rel=next of the Link header", "flag"),
            "more": Option("expression that is true while there is more", "expression"),
            "max_pages": MAX_PAGES,
        },
        terms="An API has terms of its own, and often a limit of requests: read both. An address"
        " that only a site's own page calls is not an invitation.",
    ),
    Kind(
        name="article",
        what="News pages: one, or those that a page, a feed or a sitemap lists",
        needs="the address of an article, of a feed or a sitemap, or of a page with links to"
        " articles and the option `links` or `match`",
        gives="title, author, text, times, language; the comments that the page marks up",
        example_url="https://news.example.com/tag/zelvano",
        options={
            "links": Option("selector of the links to articles, such as `h2 a`", "selector"),
            "match": Option("regular expression that an article's address must match", "pattern"),
            "max_pages": MAX_PAGES,
        },
        terms="The text of an article belongs to its publisher: keep it for reading and quote it"
        " with a link; do not show it in full to others.",
    ),
    Kind(
        name="scrapy",
        what="A Scrapy spider of yours or of a third party",
        needs="a Python class that can be imported, in an installed package or in the folder that"
        " the monitor runs in",
        gives="what it yields: dicts, items or records with the fields of a mention; others are"
        " rejects",
        example_url="https://reviews.example.com/zelvano",
        any_secret="keys and tokens that the spider needs, by names of your own;"
        " `{secrets.NAME}` in `arguments` hands them over",
        options={
            "spider": Option("the class, as `package.module:Class`", required=True),
            "arguments": Option(
                "what the spider is made with, by name; `{secrets.NAME}` stands for a secret",
                "mapping",
                takes_secrets=True,
            ),
            "max_pages": MAX_PAGES,
        },
        terms="It runs as code of yours, with your rights on this machine: read it before. It is"
        " held to our robots.txt, pauses and limits; its own settings are not read.",
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
