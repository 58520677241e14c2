"""Reviews of a shop on Zboží.cz, from the Sklik API for its owner, to raw items.

Satisfaction has three steps: `yes`, `yes_but`, `no`; its parts have the first and the last. The
number of the order is a key to a person in the shop's own systems: it is not read.
"""

from __future__ import annotations

from typing import Any

from monitor.records import RawItem, Reject
from spiders.parse.answers import Node, NotJson, json_answer, node, nodes, start_of, text
from spiders.parse.mapped import PageContext
from spiders.parse.paged import Page, instant, refused
from spiders.parse.paging import number_in
from spiders.parse.points import with_points

REVIEWS_A_PAGE = 100
"""The most that the service gives at once."""

_PARTS = {
    "deliveryDate": "delivery_time",
    "deliveryQuality": "transport_quality",
    "communication": "communication",
}
"""The service's names of the parts, and those they have in the store: as Heureka calls them."""


def shop_at(url: str) -> str | None:
    """The shop's number in an address (`premiseId`); None if there is none."""
    number = number_in(url, "premiseId")
    return str(number) if number else None


def reviews_from_json(body: bytes, page: PageContext, *, is_partial: bool = False) -> Page:
    """Reviews of one answer; `following` is the offset of those that follow.

    There are more when the answer says so by its status (206, `is_partial`), by its count of all,
    or, where it has none, by being full.
    """
    try:
        answer = node(json_answer(body))
    except NotJson as error:
        return refused(page.source, str(error), page.url, body)
    listed = answer.get("items", answer.get("data"))
    if not isinstance(listed, list):
        cause = f"no list of reviews{_fault(answer)}"
        return refused(page.source, cause, page.url, body)
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for review in nodes(listed):
        item = _item(review, page)
        if item.text or item.rating or item.sub_ratings:
            items.append(item)
        else:
            where = f"review {item.native_id}"
            rejects.append(page.reject("review has neither text nor rating", where=where))
    return Page(items, rejects, _following(answer, len(listed), page.url, is_partial))


def _following(answer: Node, found: int, url: str, is_partial: bool) -> str | None:
    reached = (number_in(url, "offset") or 0) + found
    total = node(answer.get("meta")).get("count")
    if isinstance(total, int):
        is_partial = is_partial or reached < total
    else:
        is_partial = is_partial or found >= REVIEWS_A_PAGE
    return str(reached) if found and is_partial else None


def _item(review: Node, page: PageContext) -> RawItem:
    satisfaction = node(review.get("satisfaction"))
    given = {name: text(satisfaction.get(key)) for key, name in _PARTS.items()}
    sub_ratings = {name: value for name, value in given.items() if value}
    overall = text(satisfaction.get("overall"))
    # A reply that Zboží.cz refused is seen by nobody.
    is_denied = review.get("shopReactionState") == "denied"
    return RawItem(
        source=page.source,
        fetched_at=page.fetched_at,
        native_id=text(review.get("shopReviewId")),
        text=with_points(None, _lines(review, "positive"), _lines(review, "negative")),
        author=text(review.get("userName")),
        rating=overall,
        rating_scale="three-step" if overall or sub_ratings else None,
        sub_ratings=sub_ratings,
        published=text(review.get("createDatetime")) or instant(review.get("createTimestamp")),
        language=page.language,
        reply_text=None if is_denied else text(review.get("shopReaction")),
    )


def _lines(review: Node, side: str) -> list[str]:
    return (text(review.get(f"{side}Comment")) or "").splitlines()


def refusal_in(body: bytes) -> str:
    """ ": what the service says" of an answer that is an error; "" if it says nothing."""
    try:
        return _fault(node(json_answer(body)))
    except NotJson:
        return ""


def _fault(answer: Node) -> str:
    said: list[Any] = [answer.get("error_description"), answer.get("message"), answer.get("detail")]
    for error in nodes(answer.get("errors")):
        messages = error.get("messages")
        said += messages if isinstance(messages, list) else [error.get("message")]
    words = next((found for found in map(text, said) if found), None)
    return f": {words[:150]}" if words else f" in {start_of(str(answer).encode())[:80]!r}"
