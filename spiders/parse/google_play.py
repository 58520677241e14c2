"""Google Play's public reviews to raw items: nested lists in JSON in a framed answer.

Nothing of it is documented. What stands where was read in recorded answers; an answer that has
something else there gives a reject, never a wrong item.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from monitor.records import RawItem, Reject
from spiders.parse.answers import counts, text
from spiders.parse.encoding import TooBig, unzipped
from spiders.parse.paged import Page, instant, refused

REVIEWS_A_PAGE = 150
"""What the shop's own page asks for; the service gives 199 at most."""

_METHOD = "UsvDTd"
_NEWEST_FIRST = 2
_APP = re.compile(r"[A-Za-z]\w*(?:\.\w+)+")
_FRAME = re.compile(r"\s*(?:\d+(?=\s*\[))?\s*")
"""Between the frames of an answer stand their lengths."""
_DECODER = json.JSONDecoder(strict=False)


def app_at(url: str) -> tuple[str, str | None, str | None] | None:
    """(package, language, country) that an app's page names; None if it names no package."""
    query = dict(parse_qsl(urlsplit(url).query))
    if not _APP.fullmatch(query.get("id", "")):
        return None
    return query["id"], query.get("hl"), query.get("gl")


def request_body(app: str, token: str | None) -> bytes:
    """The form that asks for an app's newest reviews, or for those behind a token."""
    call = [None, None, [2, _NEWEST_FIRST, [REVIEWS_A_PAGE, None, token], None, []], [app, 7]]
    inner = json.dumps(call, separators=(",", ":"))
    frame = [[[_METHOD, inner, None, "generic"]]]
    return urlencode({"f.req": json.dumps(frame, separators=(",", ":"))}).encode("ascii")


def items_from_google_play(
    body: bytes,
    url: str,
    source: str,
    fetched_at: str,
    *,
    app: str,
    country: str | None = None,
    language: str | None = None,
) -> Page:
    """Reviews of one answer; `following` is the token of the next page.

    An answer without content is how the service says that something is wrong: a refusal, which
    other clients take for an app without reviews.
    """
    try:
        content = _content(unzipped(body).decode("utf-8", "replace"))
    except (ValueError, RecursionError, TooBig) as error:
        return refused(source, f"not an answer with reviews: {error}"[:300], url, body)
    rows = _at(content, 0)
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for number, row in enumerate(rows if isinstance(rows, list) else (), 1):
        item = _item(row, source, fetched_at, app, country, language)
        if item.native_id and (item.text or item.rating):
            items.append(item)
            continue
        place = f"{url} review {number}"
        rejects.append(Reject(source, "review without id, text and rating", place, str(row)[:300]))
    return Page(items, rejects, _token(content))


def _content(answer: str) -> list[Any]:
    """What the method returned. Raises ValueError with the reason when it returned nothing."""
    if answer.lstrip().startswith("<"):
        raise ValueError("a page")
    calls = [call for frame in _frames(answer) for call in _calls(frame)]
    if not calls:
        raise ValueError("no reviews in it")
    for call in calls:
        content = json.loads(call[2], strict=False) if isinstance(_at(call, 2), str) else None
        if isinstance(content, list):
            return content
    raise ValueError(f"the service gave an error instead{_error(calls[0])}")


def _frames(answer: str) -> Iterator[Any]:
    """The JSON documents of an answer, after its guard against being run as a script."""
    position = 4 if answer.startswith(")]}'") else 0
    while True:
        between = _FRAME.match(answer, position)
        position = between.end() if between else position
        if position >= len(answer):
            return
        frame, position = _DECODER.raw_decode(answer, position)
        yield frame


def _calls(frame: Any) -> list[Any]:
    found = frame if isinstance(frame, list) else []
    return [one for one in found if _at(one, 0) == "wrb.fr" and _at(one, 1) == _METHOD]


def _error(call: Any) -> str:
    """ " (name of the error)" if the answer names one."""
    name = re.search(r"\.(\w*Error)\b", json.dumps(call))
    return f" ({name[1]})" if name else ""


def _token(content: list[Any]) -> str | None:
    """The token stands last in the list that follows the reviews."""
    for part in reversed(content[1:]):
        token = part[-1] if isinstance(part, list) and part else None
        if isinstance(token, str) and token:
            return token
    return None


def _item(
    row: Any, source: str, fetched_at: str, app: str, country: str | None, language: str | None
) -> RawItem:
    number = text(_at(row, 0))
    rating = text(_at(row, 2))
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        native_id=number,
        url=_address(app, number),
        # Reviews of before 2018 have one; the shop does not ask for it any more.
        title=text(_at(row, 3)),
        text=text(_at(row, 4)) or "",
        author=text(_at(row, 1, 0)),
        rating=rating,
        rating_best="5" if rating else None,
        rating_worst="1" if rating else None,
        # Seconds since 1970. Clients print them in their machine's zone without saying so.
        published=instant(_at(row, 5, 0)),
        language=language,
        reply_text=text(_at(row, 7, 1)),
        reply_published=instant(_at(row, 7, 2, 0)),
        reach=counts(likes=_at(row, 6)),
        location=country.upper() if country else None,
        # Left out: the answers to Google's questions about the app (yes, no, not sure), for
        # whether "yes" is praise depends on the question.
    )


def _address(app: str, number: str | None) -> str | None:
    if not number:
        return None
    return f"https://play.google.com/store/apps/details?id={app}&reviewId={quote(number)}"


def _at(value: Any, *path: int) -> Any:
    """What stands at the end of a path of positions; None where there is no such position."""
    for position in path:
        if not isinstance(value, list) or position >= len(value):
            return None
        value = value[position]
    return value
