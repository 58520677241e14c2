"""One schema.org review node to one raw item: every field as the page writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from monitor.records import RawItem
from spiders.parse.addresses import web_address
from spiders.parse.mapped import MARKUP
from spiders.parse.nodes import Node, first, nodes_in, resolved, text_of, types_of

_REVIEW_TYPES = {"Review", "UserReview", "CriticReview", "EmployerReview"}
"""Not ClaimReview and MediaReview, which judge statements and pictures, nor AggregateRating."""

_OWN_VOICE = {"Organization", "LocalBusiness", "Store", "OnlineStore", "Corporation", "Brand"}


@dataclass(frozen=True, slots=True)
class Page:
    """What every item of one page shares."""

    url: str
    source: str
    fetched_at: str
    language: str | None = None


def is_review(node: Node, property_name: str) -> bool:
    """True for a review, also for one that forgot its type but hangs where reviews hang."""
    types = types_of(node)
    if types:
        return bool(_REVIEW_TYPES.intersection(types))
    untyped = property_name in ("review", "reviews")
    return untyped and ("reviewBody" in node or "reviewRating" in node)


def raw_item(node: Node, subject: Node | None, index: dict[str, Node], page: Page) -> RawItem:
    """The review as an item; what it does not say stays None."""
    text, text_language = _body(node, index)
    reviewed = first(nodes_in(node.get("itemReviewed"), index)) or subject or {}
    rating, subs = _ratings(node, index)
    reply = _reply(node, index)
    published = _any_text(node, "datePublished", "dateCreated", "uploadDate", "dtreviewed")
    edited = _any_text(node, "dateModified")
    return RawItem(
        source=page.source,
        fetched_at=page.fetched_at,
        kind="review",
        native_id=_native_id(node, page.url, index),
        url=_address(node, page.url),
        title=_any_text(node, "name", "headline", "summary"),
        text=text,
        is_html=bool(MARKUP.search(text)),
        author=names_of(_value(node, "author", "reviewer", "creator"), index),
        rating=text_of(rating.get("ratingValue")),
        rating_best=text_of(rating.get("bestRating")),
        rating_worst=text_of(rating.get("worstRating")),
        sub_ratings=subs,
        published=published,
        edited=edited if edited != published else None,
        language=_language(node, index) or text_language or page.language,
        reply_text=_any_text(reply, "text", "description"),
        reply_published=_any_text(reply, "datePublished", "dateCreated"),
        reach=_reach(node, index),
        location=_location(node, reviewed, index),
        subject=names_of(reviewed or node.get("itemReviewed"), index),
    )


def _value(node: Node, *names: str) -> Any:
    return next((node[name] for name in names if node.get(name) not in (None, "", [])), None)


def _any_text(node: Node, *names: str) -> str | None:
    return next((text for text in (text_of(node.get(name)) for name in names) if text), None)


def _body(node: Node, index: dict[str, Node]) -> tuple[str, str | None]:
    """(text, its language): the body and, where they are marked up apart, pros and cons."""
    value = _value(node, "reviewBody", "description", "text")
    literal = first(value)
    language = literal.get("@language") if isinstance(literal, dict) else None
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        # Microdata gives one value a paragraph; JSON-LD writers repeat a value by mistake.
        text = "\n".join(dict.fromkeys(part.strip() for part in value if part.strip()))
    else:
        text = text_of(value) or ""
    lines = [text]
    for sign, name in (("+", "positiveNotes"), ("-", "negativeNotes")):
        lines += [f"{sign} {note}" for note in _notes(node.get(name), index)]
    return "\n".join(line for line in lines if line), language


def _notes(value: Any, index: dict[str, Node]) -> list[str]:
    notes: list[str] = []
    for part in value if isinstance(value, list) else [value]:
        node = resolved(part, index)
        if isinstance(node, dict) and "itemListElement" in node:
            notes += _notes(node["itemListElement"], index)
        elif isinstance(node, dict):
            notes += [text for text in [_any_text(node, "name", "item", "text")] if text]
        elif isinstance(node, str) and node.strip():
            notes.append(node.strip())
    return notes


def _ratings(node: Node, index: dict[str, Node]) -> tuple[Node, dict[str, str]]:
    """(the rating of the whole, sub-ratings by aspect).

    A sub-rating on another scale than the whole is written "8/10".
    """
    value = _value(node, "reviewRating", "rating")
    plain = text_of(value)
    ratings: list[Node] = [{"ratingValue": plain}] if plain else nodes_in(value, index)
    whole: Node = {}
    parts: list[tuple[str, Node]] = []
    for rating in ratings:
        aspect = _any_text(rating, "reviewAspect") or (_any_text(rating, "name") if whole else None)
        if aspect:
            parts.append((aspect, rating))
        elif not whole:
            whole = rating
    best = text_of(whole.get("bestRating"))
    return whole, {
        aspect: _sub_rating(rating, best)
        for aspect, rating in parts
        if text_of(rating.get("ratingValue"))
    }


def _sub_rating(rating: Node, best_of_whole: str | None) -> str:
    value, best = text_of(rating.get("ratingValue")) or "", text_of(rating.get("bestRating"))
    return f"{value}/{best}" if best and best != (best_of_whole or "5") else value


def names_of(value: Any, index: dict[str, Node]) -> str | None:
    """The name of a person or thing given as text, as a node, as a reference or as a list."""
    names: list[str] = []
    for part in value if isinstance(value, list) else [value]:
        node = resolved(part, index)
        if isinstance(node, dict) and "@value" not in node:
            parts = [_any_text(node, "givenName"), _any_text(node, "familyName")]
            full = " ".join(name for name in parts if name)
            name = _any_text(node, "name") or full or _any_text(node, "alternateName")
        else:
            name = text_of(node)
        if name and name not in names:
            names.append(name)
    return ", ".join(names) or None


def _native_id(node: Node, page_url: str, index: dict[str, Node]) -> str | None:
    """`identifier`, else `@id`, else the fragment of the review's own address.

    A relative `@id` is joined with the page: "#review-1" exists on every page of a shop.
    """
    identifier = resolved(first(node.get("identifier")), index)
    if isinstance(identifier, dict):
        identifier = _any_text(identifier, "value", "@value")
    written = text_of(identifier)
    if written:
        return written
    at_id = node.get("@id")
    if isinstance(at_id, str) and at_id.strip() and not at_id.startswith("_:"):
        return _joined(page_url, at_id.strip())
    address = text_of(node.get("url"))
    return _joined(page_url, address) if address and "#" in address else None


def _joined(page_url: str, identifier: str) -> str:
    try:
        return urljoin(page_url, identifier)
    except ValueError:  # "http://[" is no address, but an id all the same
        return identifier


def _address(node: Node, page_url: str) -> str | None:
    return web_address(text_of(node.get("url")), page_url) or web_address(page_url, "")


def _language(node: Node, index: dict[str, Node]) -> str | None:
    language = resolved(first(node.get("inLanguage")), index)
    if isinstance(language, dict):
        return _any_text(language, "alternateName", "name", "@value")
    return text_of(language)


def _reply(node: Node, index: dict[str, Node]) -> Node:
    """The comment of the reviewed company: one by an organization, else the first; {} if none."""
    comments = nodes_in(node.get("comment"), index)
    for comment in comments:
        authors = nodes_in(comment.get("author"), index)
        if any(_OWN_VOICE.intersection(types_of(author)) for author in authors):
            return comment
    return comments[0] if comments else {}


def _reach(node: Node, index: dict[str, Node]) -> dict[str, int]:
    counts = {
        "likes": text_of(node.get("upvoteCount")),
        "dislikes": text_of(node.get("downvoteCount")),
        "comments": text_of(node.get("commentCount")),
    }
    for counter in nodes_in(node.get("interactionStatistic"), index):
        action = str(first(counter.get("interactionType")))
        if "LikeAction" in action and "DislikeAction" not in action:
            counts["likes"] = counts["likes"] or text_of(counter.get("userInteractionCount"))
    return {name: int(count) for name, count in counts.items() if count and count.isdigit()}


def _location(node: Node, reviewed: Node, index: dict[str, Node]) -> str | None:
    """Where it was written or what town the reviewed place is in."""
    for value in (node.get("locationCreated"), node.get("contentLocation")):
        name = names_of(value, index)
        if name:
            return name
    address = resolved(first(reviewed.get("address")), index)
    if isinstance(address, dict):
        return _any_text(address, "addressLocality", "addressRegion", "addressCountry")
    return text_of(address)
