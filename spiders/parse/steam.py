"""Steam's user reviews to raw items; a review is a thumb and a text, there are no stars."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from monitor.records import RawItem, Reject
from spiders.parse.answers import Node, NotJson, counts, json_answer, node, nodes, text
from spiders.parse.encoding import TooBig, unzipped
from spiders.parse.paged import Page, instant, refused

FIRST_CURSOR = "*"
ORDERS = {"recent": 1, "updated": 2}
"""By time of writing, by time of the last edit: the two orders that can be read to their end."""

_REVIEWS_A_PAGE = 100
_ALL_REVIEWS = 0
_ALL_PURCHASES = 1
"""The service's own default shows only who bought on Steam itself."""
_OVERFLOWN = 2_000_000_000
"""Some vote counts have gone below zero and come back as four milliards."""
_APP = re.compile(r"/(?:app|appreviews|agecheck/app)/(\d{1,10})(?!\d)")
_LANGUAGES = {
    "arabic": "ar", "brazilian": "pt", "bulgarian": "bg", "czech": "cs", "danish": "da",
    "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr", "german": "de",
    "greek": "el", "hungarian": "hu", "indonesian": "id", "italian": "it", "japanese": "ja",
    "koreana": "ko", "latam": "es", "norwegian": "no", "polish": "pl", "portuguese": "pt",
    "romanian": "ro", "russian": "ru", "schinese": "zh", "spanish": "es", "swedish": "sv",
    "tchinese": "zh", "thai": "th", "turkish": "tr", "ukrainian": "uk", "vietnamese": "vi",
}  # fmt: skip


def app_at(url: str) -> str | None:
    """The number in the address of an app's page; None if there is none."""
    found = _APP.search(url)
    return found[1] if found else None


def language_names(wanted: list[str]) -> list[str]:
    """Steam's names of languages, from its names or from codes: "cs" is "czech"."""
    names = [name for one in wanted for name, code in _LANGUAGES.items() if code == one]
    return names + [one for one in wanted if one not in _LANGUAGES.values()]


def reviews_address(base: str, app: str, cursor: str, languages: list[str], order: str) -> str:
    """The address of a page of reviews, those that Steam takes for off-topic bombs included."""
    asked = {
        "appid": int(app),
        "filter": ORDERS.get(order, ORDERS["recent"]),
        "languages": languages,
        "review_type": _ALL_REVIEWS,
        "purchase_type": _ALL_PURCHASES,
        "filter_offtopic_activity": False,
        "num_per_page": _REVIEWS_A_PAGE,
        "cursor": cursor,
    }
    query = quote(json.dumps(asked, separators=(",", ":")), safe="")
    return f"{base}/IUserReviewsService/GetAppReviews/v1/?input_json={query}"


def items_from_steam(
    body: bytes, url: str, source: str, fetched_at: str, *, app: str, language: str | None = None
) -> Page:
    """Reviews of one answer; `following` is the cursor it gives, also after a short page.

    Only an empty page is the end: then, as in an app without reviews, nothing follows.
    """
    try:
        document = json_answer(unzipped(body))
    except (NotJson, TooBig) as error:
        return refused(source, f"not an answer with reviews: {error}", url, body)
    answer = node(document)
    answer = node(answer.get("response")) or answer
    if not _is_answer(answer):
        return refused(source, "not an answer with reviews: JSON without reviews", url, body)
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for review in nodes(answer.get("reviews")):
        item = _item(review, source, fetched_at, app, language)
        if item.text or item.rating:
            items.append(item)
        else:
            place = f"{url} review {item.native_id}"
            rejects.append(Reject(source, "review without text and thumb", place, str(review)))
    is_end = not items and not rejects
    return Page(items, rejects, None if is_end else text(answer.get("cursor")))


def _is_answer(answer: Node) -> bool:
    """True for an answer with reviews, and for one that says that there are none."""
    if isinstance(answer.get("reviews"), list):
        return answer.get("success", 1) in (1, True)
    return isinstance(answer.get("query_summary"), dict)


def _item(review: Node, source: str, fetched_at: str, app: str, language: str | None) -> RawItem:
    author = node(review.get("author"))
    person = text(author.get("steamid"))
    thumb = review.get("voted_up")
    created = instant(review.get("timestamp_created"))
    updated = instant(review.get("timestamp_updated"))
    name = text(review.get("language")) or ""
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        native_id=text(review.get("recommendationid")),
        url=f"https://steamcommunity.com/profiles/{person}/recommended/{app}/" if person else None,
        text=text(review.get("review")) or "",
        author=person,
        rating=("up" if thumb else "down") if isinstance(thumb, bool) else None,
        rating_scale="thumb" if isinstance(thumb, bool) else None,
        published=created,
        edited=updated if updated != created else None,
        # What the reviewer's Steam is set to, which is not always what the text is written in.
        language=_LANGUAGES.get(name) or language,
        reply_text=text(review.get("developer_response")),
        reply_published=instant(review.get("timestamp_dev_responded")),
        reach=counts(
            likes=_count(review.get("votes_up")),
            funny=_count(review.get("votes_funny")),
            comments=_count(review.get("comment_count")),
        ),
    )


def _count(value: Any) -> Any:
    return value if isinstance(value, int) and value < _OVERFLOWN else None
