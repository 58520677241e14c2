"""Reviews of a place on Google Maps, from the Business Profile API for its owner, to raw items."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from monitor.records import RawItem, Reject
from spiders.parse.answers import Node, NotJson, json_answer, node, nodes, text
from spiders.parse.mapped import PageContext
from spiders.parse.paged import Page, refused

_LOCATION = re.compile(r"(?:/v4)?/(accounts/[^/]+/locations/[^/]+?)(?:/reviews)?/?")
_STARS = {"ONE": "1", "TWO": "2", "THREE": "3", "FOUR": "4", "FIVE": "5"}
_TRANSLATED = re.compile(r"\s*\(Translated by Google\)\s*", re.IGNORECASE)
_ORIGINAL = re.compile(r"\s*\(Original\)\s*", re.IGNORECASE)


def location_at(url: str) -> str | None:
    """`accounts/1/locations/2` of an address; None if it is that of no place."""
    found = _LOCATION.fullmatch(urlsplit(url).path)
    return found.group(1) if found else None


def reviews_from_json(body: bytes, page: PageContext, *, place: str | None = None) -> Page:
    """Reviews of one answer; `following` is the token of the next page.

    An answer without reviews is that of a place which has none.
    """
    try:
        answer = node(json_answer(body))
    except NotJson as error:
        return refused(page.source, str(error), page.url, body)
    if "error" in answer or not isinstance(answer.get("reviews", []), list):
        cause = f"no list of reviews{refusal_in(body)}"
        return refused(page.source, cause, page.url, body)
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for review in nodes(answer.get("reviews")):
        item = _item(review, page, place)
        if item.text or item.rating:
            items.append(item)
        else:
            where = f"review {item.native_id}"
            rejects.append(page.reject("review has neither text nor rating", where=where))
    return Page(items, rejects, text(answer.get("nextPageToken")))


def refusal_in(body: bytes) -> str:
    """ ": STATUS: what the service says" of an error's answer; "" if it says nothing."""
    try:
        error = node(node(json_answer(body)).get("error"))
    except NotJson:
        return ""
    said = [text(error.get("status")), text(error.get("message"))]
    return "".join(f": {word[:150]}" for word in said if word)


def grant_refusal_in(body: bytes) -> tuple[str | None, str]:
    """(OAuth's code of an error, ": CODE: what it says"); (None, "") if the answer is no error."""
    try:
        answer = node(json_answer(body))
    except NotJson:
        return None, ""
    code = answer.get("error")
    if not isinstance(code, str):
        return None, ""
    said = [code, text(answer.get("error_description"))]
    return code, "".join(f": {word[:150]}" for word in said if word)


def original_of(comment: str | None) -> str | None:
    """What was written, without the translation that Google puts before or behind it.

    Where only the translation is left it is given, without the mark.
    """
    if comment is None or not (mark := _TRANSLATED.search(comment)):
        return comment
    before, behind = comment[: mark.start()], comment[mark.end() :]
    if before.strip():
        return _ORIGINAL.sub("", before, count=1).strip()
    parts = _ORIGINAL.split(behind, maxsplit=1)
    return parts[-1].strip() or parts[0].strip() or None


def _item(review: Node, page: PageContext, place: str | None) -> RawItem:
    reviewer, reply = node(review.get("reviewer")), node(review.get("reviewReply"))
    name = text(review.get("name")) or ""
    rating = _STARS.get(text(review.get("starRating")) or "")
    published, edited = text(review.get("createTime")), text(review.get("updateTime"))
    return RawItem(
        source=page.source,
        fetched_at=page.fetched_at,
        native_id=text(review.get("reviewId")) or name.rpartition("/")[2] or None,
        text=original_of(text(review.get("comment"))) or "",
        author=None if reviewer.get("isAnonymous") is True else text(reviewer.get("displayName")),
        rating=rating,
        rating_best="5" if rating else None,
        rating_worst="1" if rating else None,
        published=published,
        edited=edited if edited != published else None,
        language=page.language,
        reply_text=original_of(text(reply.get("comment"))),
        reply_published=text(reply.get("updateTime")),
        location=place,
    )
