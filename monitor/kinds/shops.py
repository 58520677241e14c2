"""Kinds that read what shops and blogs offer to everybody: comments and product reviews."""

from __future__ import annotations

from monitor.kinds.model import Kind, Option

_MAX_PAGES = Option("stop after this many pages; 50 if not said", "number")

KINDS = (
    Kind(
        name="wordpress",
        what="Comments of a WordPress site, through its public API or else its comments feed",
        needs="the site's address, or that of its comments feed",
        gives="text, author, time, link, the post, the comment that is answered",
        example_url="https://blog.example.com/",
        options={
            "post": Option("number of a post, for its comments only", "number"),
            "max_pages": _MAX_PAGES,
        },
        terms="What people write below a post is theirs: quote it with a link. Some sites close"
        " the API to readers; then only the newest comments are there.",
    ),
    Kind(
        name="woocommerce",
        what="Product reviews of a WooCommerce shop, through its public Store API",
        needs="the shop's address, or that of a product's page",
        gives="text, stars, author, time, product and its page",
        example_url="https://shop.example.com/",
        options={
            "product": Option("number of a product, for its reviews only", "number"),
            "verified_only": Option("leave out who did not buy in this shop; counted", "flag"),
            "max_pages": _MAX_PAGES,
        },
        terms="Made for a shop's own pages: ask a shop that is not yours before you read it often.",
    ),
    Kind(
        name="digikala",
        what="Reviews of a product on Digikala",
        needs="the address of the product's page",
        gives="text, title, points for and against, stars, author, day, likes and dislikes",
        example_url="https://www.digikala.com/product/dkp-1234567/",
        options={"max_pages": _MAX_PAGES},
        terms="Not an official interface: it has changed before, and Digikala's terms may forbid"
        " reading it by program. It is for you to decide.",
    ),
)
