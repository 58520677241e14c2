"""Product reviews of a WooCommerce shop (Store API) to raw items."""

from __future__ import annotations

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.answers import Node, NotJson, json_answer, nodes, start_of, text
from spiders.parse.mapped import PageContext
from spiders.parse.wordpress import fault_in, plain, universal


def reviews_from_json(
    body: bytes, page: PageContext, *, verified_only: bool = False
) -> tuple[list[RawItem], list[Reject]]:
    """Reviews in the order of the answer; rejects for those without text and rating.

    With `verified_only` the reviews of people who did not buy in this shop are rejects too, so
    that what was left out can be counted.
    """
    try:
        answer = json_answer(body)
    except NotJson as error:
        return [], [page.reject(str(error), start_of(body))]
    if not isinstance(answer, list):
        return [], [page.reject(f"no list of reviews{fault_in(answer)}", start_of(body))]
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for review in nodes(answer):
        item = _review(review, page)
        where = f"review {item.native_id}"
        if not item.text and not item.rating:
            rejects.append(page.reject("review has neither text nor rating", where=where))
        elif verified_only and review.get("verified") is not True:
            rejects.append(page.reject("left out: not a verified buyer", "", where, True))
        else:
            items.append(item)
    return items, rejects


def _review(review: Node, page: PageContext) -> RawItem:
    number = text(review.get("id"))
    product = web_address(text(review.get("product_permalink")), page.url)
    rating = text(review.get("rating"))
    return RawItem(
        source=page.source,
        fetched_at=page.fetched_at,
        kind="review",
        native_id=number,
        # Every theme gives a review its number as an anchor: WordPress itself links it like this.
        url=f"{product.partition('#')[0]}#comment-{number}" if product and number else product,
        text=text(review.get("review")) or "",
        is_html=True,
        author=plain(review.get("reviewer")),
        # 0 is how a shop that asks for no stars, or a reviewer who gave none, is written.
        rating=rating if rating != "0" else None,
        rating_best="5",
        rating_worst="1",
        published=universal(review.get("date_created_gmt")) or text(review.get("date_created")),
        language=page.language,
        subject=plain(review.get("product_name")),
    )


def product_number(body: bytes) -> str | None:
    """Id of the only product in an answer to a search by slug; None if there is not just one."""
    try:
        products = nodes(json_answer(body))
    except NotJson:
        return None
    return text(products[0].get("id")) if len(products) == 1 else None
