"""Heureka's exports for a shop's owner to raw items: reviews of the shop, and of its products.

Any field of a review may be missing, the rating too. The number of the order is a key to a person
in the shop's own systems: it is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.answers import start_of
from spiders.parse.encoding import TooBig, unzipped
from spiders.parse.mapped import PageContext
from spiders.parse.paged import Page, instant, refused
from spiders.parse.points import with_points

LARGEST_BYTES = 50_000_000
"""A file holds all reviews of all years: some hundred thousand of them fit."""

_PARTS = ("delivery_time", "transport_quality", "web_usability", "communication")
_RECOMMENDS = {"1": "yes", "0": "no", "true": "yes", "false": "no", "yes": "yes", "no": "no"}


class _Review(NamedTuple):
    """One review's fields, and those of the product that it is about."""

    fields: dict[str, str]
    product: dict[str, str]


def reviews_from_xml(body: bytes, page: PageContext) -> Page:
    """The reviews of an export, the oldest first; a reject for each that says nothing at all.

    A review that was changed stands in a file twice: the newer one comes last, as it must be kept.
    A file that breaks off gives what comes before, and a refusal.
    """
    try:
        root, fault = _parsed(unzipped(body, LARGEST_BYTES))
    except TooBig as error:
        return refused(page.source, f"the file {error}", page.url, body[:300])
    if root is None or _name(root) not in ("reviews", "products"):
        return refused(
            page.source, f"not an export of reviews: {start_of(body)[:80]!r}", page.url, body
        )
    found = sorted(
        _reviews(root), key=lambda review: review.fields.get("unix_timestamp", "").zfill(12)
    )
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for review in found:
        item = _item(review, page)
        if item.text or item.rating or item.sub_ratings:
            items.append(item)
        else:
            where = f"review {item.native_id}"
            rejects.append(page.reject("review has neither text nor rating", where=where))
    if fault:
        rejects.append(page.reject(f"the file is broken: {fault}"))
    return Page(items, rejects, refusal=f"the file is broken: {fault}" if fault else None)


def _parsed(body: bytes) -> tuple[etree._Element | None, str | None]:
    """(root as far as it can be read, what is wrong and in which line)."""
    # Entities stay unresolved: an export has no business with other files.
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, None
    first = next(iter(parser.error_log), None)
    if root is not None and any(
        one.type_name == "ERR_TAG_NOT_FINISHED" for one in parser.error_log
    ):
        _drop_torn_end(root)
    return root, f"{first.message} (line {first.line})"[:150] if first is not None else None


def _drop_torn_end(root: etree._Element) -> None:
    """Takes out the review at which a file breaks off: its text is cut in the middle."""
    reviews = list(root.iter("review"))
    parent = reviews[-1].getparent() if reviews else None
    if parent is not None:
        parent.remove(reviews[-1])


def _reviews(root: etree._Element) -> Iterator[_Review]:
    if _name(root) == "reviews":
        yield from (_Review(_fields(one), {}) for one in root if _name(one) == "review")
        return
    for product in root:
        if _name(product) == "product":
            about = _fields(product)
            for one in product.iter("review"):
                yield _Review(_fields(one), about)


def _fields(element: etree._Element) -> dict[str, str]:
    """The texts of an element's children by name, without empty ones."""
    texts = {_name(child): (child.text or "").strip() for child in element}
    return {name: text for name, text in texts.items() if text}


def _item(review: _Review, page: PageContext) -> RawItem:
    fields, product = review
    sub_ratings = {name: fields[name] for name in _PARTS if name in fields}
    recommends = _RECOMMENDS.get(fields.get("recommends", "").lower())
    if recommends:
        sub_ratings["recommends"] = recommends
    rating = fields.get("total_rating") or fields.get("rating")
    return RawItem(
        source=page.source,
        fetched_at=page.fetched_at,
        native_id=fields.get("rating_id"),
        url=web_address(product.get("url"), page.url) if product.get("url") else None,
        text=with_points(
            fields.get("summary"),
            fields.get("pros", "").splitlines(),
            fields.get("cons", "").splitlines(),
        ),
        author=fields.get("name"),
        # Ten steps: from half a star to five.
        rating=rating,
        rating_best="5" if rating or sub_ratings else None,
        rating_worst="0.5" if rating or sub_ratings else None,
        sub_ratings=sub_ratings,
        published=instant(fields.get("unix_timestamp")),
        language=page.language,
        reply_text=fields.get("reaction"),
        subject=product.get("product_name"),
    )


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
