"""Telegram's public preview of a channel (t.me/s/NAME) to raw items."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import etree
from lxml.html import tostring

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.encoding import TooBig
from spiders.parse.reviews import parse_page

_CHANNEL = re.compile(r"^/(?:s/)?(?P<name>[A-Za-z]\w{3,31})(?:/\d+)?/?$")
_COUNT = re.compile(r"^(\d+(?:[.,]\d+)?)\s*([KMB]?)$")
_TIMES = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_HEAD_AND_TAIL = re.compile(r"^<div\b[^>]*>|</div>\s*$")
_MESSAGE = "tgme_widget_message"
_MOST_MESSAGES = 200
"""A page has twenty; one with thousands nested in each other would take minutes."""


@dataclass(frozen=True, slots=True)
class _Page:
    url: str
    source: str
    fetched_at: str
    language: str | None


def preview_address(url: str) -> str | None:
    """The preview of the channel that an address names, with its search words if there are any.

    None for an address that names no public channel (an invitation, a number, another page).
    """
    parts = urlsplit(url)
    match = _CHANNEL.match(parts.path)
    if match is None:
        return None
    words = dict(parse_qsl(parts.query)).get("q")
    query = "?" + urlencode({"q": words}) if words else ""
    return f"{parts.scheme}://{parts.netloc}/s/{match['name']}{query}"


def older_messages(body: bytes, url: str, content_type: str = "") -> str | None:
    """The address of the page of older messages; None where the channel begins."""
    tree = _tree(body, content_type)
    if tree is None:
        return None
    numbers = tree.xpath("//a[contains(@class, 'js-messages_more')]/@data-before")
    links = tree.xpath("//link[@rel='prev']/@href")
    before = str(numbers[0]) if numbers else _before(str(links[0])) if links else ""
    asked = _before(url)
    # A page that leads to itself or forward again would be read in circles.
    if not before.isdigit() or (asked.isdigit() and int(before) >= int(asked)):
        return None
    query = dict(parse_qsl(urlsplit(url).query)) | {"before": before}
    return urlsplit(url)._replace(query=urlencode(query), fragment="").geturl()


def shows_a_channel(body: bytes, content_type: str = "") -> bool:
    """True for a preview page, even one without a message."""
    tree = _tree(body, content_type)
    return tree is not None and bool(tree.xpath("//*[contains(@class, 'tgme_channel_')]"))


def items_from_preview(
    body: bytes,
    url: str,
    source: str,
    fetched_at: str,
    *,
    content_type: str = "",
    language: str | None = None,
) -> tuple[list[RawItem], list[Reject]]:
    """Messages in the order of the page, oldest first; a reject for each one without words.

    A page that is no preview gives one reject.
    """
    tree = _tree(body, content_type)
    if tree is None:
        return [], [Reject(source, "page is empty or too big", url)]
    page = _Page(url, source, fetched_at, language)
    items: list[RawItem] = []
    rejects: list[Reject] = []
    messages = tree.xpath(f"//*[{_has(_MESSAGE)} and @data-post]")[:_MOST_MESSAGES]
    for message in messages:
        item = _item(message, page)
        if item.text:
            items.append(item)
            continue
        is_service = "service_message" in (message.get("class") or "")
        cause = "service message, no post" if is_service else "post without text"
        rejects.append(Reject(source, cause, item.url or url, is_left_out=is_service))
    if not messages and not tree.xpath("//*[contains(@class, 'tgme_channel_')]"):
        rejects.append(Reject(source, "not a channel's preview", url))
    return items, rejects


def _tree(body: bytes, content_type: str) -> etree._Element | None:
    try:
        return parse_page(body, content_type)
    except TooBig:
        return None


def _before(url: str) -> str:
    return dict(parse_qsl(urlsplit(url).query)).get("before", "")


def _has(name: str) -> str:
    """An XPath condition: the element has this class, among others."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def _part(message: etree._Element, name: str) -> etree._Element | None:
    """The first element of a class in the message, whatever it answers left out."""
    inside = f"[not(ancestor::*[{_has(_MESSAGE + '_reply')}])]"
    found = message.xpath(f".//*[{_has(f'{_MESSAGE}_{name}')}]{inside}")
    return found[0] if found else None


def _item(message: etree._Element, page: _Page) -> RawItem:
    post = str(message.get("data-post") or "").strip()
    origin = _part(message, "forwarded_from_name")
    moments = message.xpath(f".//*[{_has(_MESSAGE + '_date')}]//time/@datetime")
    # Whose words they are: the forwarded channel's, the signing editor's, else the channel's own.
    names = (origin, _part(message, "from_author"), _part(message, "owner_name"))
    author = next((words for one in names if (words := _plain(one))), None)
    return RawItem(
        source=page.source,
        fetched_at=page.fetched_at,
        kind="post",
        native_id=post or None,
        url=web_address(f"https://t.me/{post}", page.url) if post else None,
        text=_text(message),
        is_html=True,
        author=author,
        published=str(moments[0]) if moments else None,
        language=page.language,
        reach=_reach(message),
        parent_id=_answered(message) or _post_of(origin),
    )


def _plain(element: etree._Element | None) -> str | None:
    return None if element is None else " ".join(element.text_content().split()) or None


def _text(message: etree._Element) -> str:
    """The message's own HTML, or the question and the choices of a poll."""
    element = _part(message, "text")
    if element is not None and element.text_content().strip():
        markup = tostring(element, encoding="unicode", with_tail=False)
        return _HEAD_AND_TAIL.sub("", markup).strip()
    question = _plain(_part(message, "poll_question"))
    if question is None:
        return ""
    choices = message.xpath(f".//*[{_has(_MESSAGE + '_poll_option_text')}]")
    lines = [question, *filter(None, map(_plain, choices))]
    return "<br>".join(html.escape(line) for line in lines)


def _reach(message: etree._Element) -> dict[str, int]:
    reactions = [_count(_reaction(one)) for one in message.xpath(f".//*[{_has('tgme_reaction')}]")]
    numbers = {
        "views": _count(_plain(_part(message, "views"))),
        "votes": _count(_plain(_part(message, "voters"))),
        "reactions": sum(reactions),
    }
    return {name: number for name, number in numbers.items() if number}


def _reaction(element: etree._Element) -> str | None:
    """The number beside a reaction's picture."""
    words = [str(one).strip() for one in element.xpath("./text()")]
    return next((one for one in reversed(words) if one), None)


def _count(written: str | None) -> int:
    """A number as Telegram shortens it: "37.2K" is 37200; 0 for anything else."""
    match = _COUNT.match((written or "").replace(" ", "").replace("\xa0", ""))
    if match is None:
        return 0
    return round(float(match[1].replace(",", ".")) * _TIMES[match[2]])


def _answered(message: etree._Element) -> str | None:
    """The id of the message that this one answers."""
    links = message.xpath(f".//a[{_has(_MESSAGE + '_reply')}]")
    return _post_of(links[0]) if links else None


def _post_of(link: etree._Element | None) -> str | None:
    """channel/number of a link to a message, the form of native ids; None for other links."""
    parts = urlsplit(str(link.get("href") or "")) if link is not None else None
    path = parts.path.strip("/").removeprefix("s/") if parts else ""
    return path if re.fullmatch(r"\w+/\d+", path) else None
