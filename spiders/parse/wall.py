"""Pages that stand between us and a site: captchas, consent, "checking your browser"."""

from __future__ import annotations

import re

from lxml import etree

from spiders.parse.encoding import TooBig
from spiders.parse.reviews import parse_page

_WORDS = re.compile(
    r"captcha|just a moment|attention required|are you a robot|robot check|access denied"
    r"|pardon our interruption|ddos-guard|checking your browser|before you continue"
    r"|unusual traffic|вы не робот|проверка браузера|подтвердите, что запросы|доступ ограничен"
    r"|nejste robot|ověření prohlížeče|ربات نیستید|در حال انتقال به سایت",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"//consent\.|/showcaptcha|/captcha|/sorry/index|/cdn-cgi/challenge")
_SHORT_PAGE_CHARS = 1500
"""A wall has little to say; pages with more words use a captcha only in their comment form."""
_VISIBLE = etree.XPath("//body//text()[not(parent::script or parent::style or parent::noscript)]")


def is_wall(body: bytes, url: str, content_type: str = "") -> bool:
    """True if a page on which nothing was found looks like a wall, by address, title or words."""
    if _ADDRESS.search(url):
        return True
    try:
        tree = parse_page(body[:1_000_000], content_type)
    except TooBig:
        return False
    if tree is None:
        return False
    if any(_WORDS.search(str(title)) for title in tree.xpath("//title/text()")):
        return True
    visible = " ".join(" ".join(_VISIBLE(tree)).split())
    return len(visible) <= _SHORT_PAGE_CHARS and bool(_WORDS.search(visible))
