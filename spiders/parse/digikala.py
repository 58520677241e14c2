"""Product reviews of Digikala to raw items.

Dates are passed on as written ("6 شهریور 1403"), letters too: Arabic yeh and kaf among Persian ones
are what people really type. Both are the normaliser's to read.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.answers import Node, NotJson, counts, json_answer, node, nodes, start_of, text
from spiders.parse.mapped import PageContext
from spiders.parse.points import with_points


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of reviews; `pages` is how many there are, None if the answer does not say."""

    items: list[RawItem]
    rejects: list[Reject]
    found: int = 0
    pages: int | None = None


def reviews_from_json(body: bytes, page: PageContext, subject: str | None = None) -> ReviewPage:
    """Reviews in the order of the answer; a reject for each without text, title and rating.

    `page.url` is the product's page for people, which is where the reviews stand.
    """
    try:
        answer = node(json_answer(body))
    except NotJson as error:
        return ReviewPage([], [page.reject(str(error), start_of(body))])
    data = node(answer.get("data"))
    if not isinstance(data.get("comments"), list):
        words = text(answer.get("message")) or text(answer.get("status")) or "another shape"
        return ReviewPage([], [page.reject(f"no list of reviews: {words}", start_of(body))])
    reviews = nodes(data["comments"])
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for review in reviews:
        item = _review(review, page, subject)
        if item.text or item.title or item.rating:
            items.append(item)
        else:
            where = f"review {item.native_id}"
            rejects.append(page.reject("review has neither text nor rating", where=where))
    pages = node(data.get("pager")).get("total_pages")
    is_number = isinstance(pages, int) and not isinstance(pages, bool)
    return ReviewPage(items, rejects, len(reviews), pages if is_number else None)


def _review(review: Node, page: PageContext, subject: str | None) -> RawItem:
    reactions = node(review.get("reactions"))
    rating = text(review.get("rate"))
    return RawItem(
        source=page.source,
        fetched_at=page.fetched_at,
        kind="review",
        native_id=text(review.get("id")),
        url=web_address(page.url, ""),
        title=text(review.get("title")),
        text=_text(review),
        author=text(review.get("user_name")),
        # Whoever has not bought the product cannot give stars; that is written as 0.
        rating=rating if rating not in ("0", "0.0") else None,
        rating_best="5",
        rating_worst="1",
        published=text(review.get("created_at")),
        language=page.language or "fa",
        reach=counts(likes=reactions.get("likes"), dislikes=reactions.get("dislikes")),
        subject=subject,
    )


def _text(review: Node) -> str:
    """What was written, with the points for and against that the form asks for, a line each."""
    good, bad = (_points(review.get(name)) for name in ("advantages", "disadvantages"))
    return with_points(text(review.get("body")), good, bad)


def _points(value: object) -> list[str]:
    return [point for point in map(text, value) if point] if isinstance(value, list) else []
