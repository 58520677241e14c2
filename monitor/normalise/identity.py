"""Which mention an item is, however often and from whichever page it is collected.

Two mistakes are possible: one review kept as two, and two reviews kept as versions of one. The
second loses what somebody said, so where an item carries too little to be sure, its text takes
part. From the strongest:

1. A native id: the id alone. Edits are versions.
2. A post or article, or an address with a numbered `#fragment`, and a time of day: address,
   author, time. An article without a time: address, author, date, title. Edits are versions.
3. A review on a page of many, by a named author at a time of day: page, author, time, subject.
   Edits are versions: two people of one name do not write in the same minute on one page.
4. A review on a page of many where the date is only a day, or relative ("2 days ago"), or the
   author is missing: as 3, with the title and the opening of the text, because several "Jana" or
   "verified customer" write on one day. An edit of the opening is a new mention; an addition at
   the end is a version. With neither author nor day, the whole text takes part, and a review
   without any words is told apart by its rating.

Likes, replies and the number of the page in the address never take part: they change.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b
from operator import attrgetter

from monitor.normalise.text import ascii_digits
from monitor.records import RawItem

_OPENING_LETTERS = 40
"""Seven words or so: enough to tell two people apart, few enough to survive an added sentence."""

_OPENING_WINDOW = 1_000

_TRACKING = re.compile(
    r"(?<=[?&])(?:utm_\w+|fbclid|gclid|yclid|page|strana|offset|cursor|sort|order)=[^&#]*&?", re.I
)
_PAGE_IN_PATH = re.compile(r"/(?:page|strana|stranka)[/-]\d+(?=/|$|\?)", re.I)
_DAY = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{8,}|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2}(?!\d)")
_CLOCK = re.compile(r"(?:T\d\d:?|(?<!\d)\d{1,2}:)(\d\d)(?::?(\d\d))?(?!\d)")
_EPOCH = re.compile(r"(\d{9,10})(\d{3})?")
_NUMBERED_FRAGMENT = re.compile(r"#.*\d")
_TAG = re.compile(r"<[^<>]*>")
_LETTERS = re.compile(r"\w+")

_CONTENT: Callable[[RawItem], tuple[object, ...]] = attrgetter(
    "source", "kind", "native_id", "url", "title", "text", "is_html", "author", "rating",
    "rating_best", "rating_worst", "rating_scale", "published", "edited", "language",
    "reply_text", "reply_published", "parent_id", "location", "subject",
)  # fmt: skip


def raw_digest(item: RawItem) -> str:
    """32 hex characters over everything in the item but `fetched_at`: equal means unchanged."""
    content = _CONTENT(item)
    if item.sub_ratings or item.reach:
        content += (sorted(item.sub_ratings.items()), sorted(item.reach.items()))
    return _digest(repr(content))


def identity_of(item: RawItem) -> str:
    """32 hex characters that stay the same over edits and repeated collection of one mention."""
    if item.native_id:
        return native_identity(item.source, item.native_id)
    author = " ".join(item.author.casefold().split()) if item.author else ""
    published = _absolute(item.published)
    url = _page(item.url) if item.url else ""
    parts = [item.source, url, author, published, item.subject or "", item.location or ""]
    is_timed = _is_timed(published)
    is_own_address = item.kind in ("post", "news") or bool(_NUMBERED_FRAGMENT.search(url))
    if is_timed and (author or (url and is_own_address)):
        return _digest("\x1f".join(parts))
    letters = _OPENING_LETTERS if author or published else None
    title, text = _opening(item.title or "", letters), _opening(item.text, letters)
    parts.append(title)
    if not (item.kind == "news" and url and title):
        parts.append(text)
    if not title and not text:
        parts.append(item.rating or "")
    return _digest("\x1f".join(parts))


def native_identity(source: str, native_id: str) -> str:
    """The identity of the mention that a source knows under this id."""
    return _digest(f"{source}\x1fid\x1f{native_id}")


def _absolute(published: str | None) -> str:
    """The date as written where it names a day for good; "" for "2 days ago" and "12 March"."""
    if not published:
        return ""
    written = ascii_digits(published.strip())
    return written if _DAY.search(written) else ""


def _is_timed(published: str) -> bool:
    """Whether a date names a minute that somebody wrote in.

    A full or half hour does not count: midnight in some zone is how sites write a mere day.
    """
    if epoch := _EPOCH.fullmatch(published):
        return int(epoch[1]) % 1800 != 0
    clock = _CLOCK.search(published)
    if clock is None:
        return False
    return clock[1] not in ("00", "30") or clock[2] not in (None, "00")


def _page(url: str) -> str:
    """The address without tracking parameters, sorting and the number of a page of reviews."""
    if "?" in url:
        url = _TRACKING.sub("", url).rstrip("?&")
    return _PAGE_IN_PATH.sub("", url.strip())


def _opening(text: str, letters: int | None) -> str:
    """The first letters of a text (None: all), without markup, case and punctuation."""
    window = text[:_OPENING_WINDOW] if letters else text
    if "<" in window:
        window = _TAG.sub(" ", window)
    if letters:
        window = window[: letters * 8]
    return "".join(_LETTERS.findall(window.casefold()))[:letters]


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
