"""Where a feed keeps its older entries: RFC 5005 archives and pages, and JSON Feed's `next_url`."""

from __future__ import annotations

import json
from typing import Any

from spiders.parse.addresses import same_site, web_address
from spiders.parse.encoding import TooBig, unzipped
from spiders.parse.json_feed import looks_like_json
from spiders.parse.xml_feed import NotReadable, parsed_feed

_OLDER = ("prev-archive", "next")
"""The archive before this document, or the page after it; RFC 5005, sections 3 and 4."""


def older_entries(body: bytes, content_type: str, url: str) -> str | None:
    """The address of the feed's older entries on the same server; None if it names none."""
    try:
        body = unzipped(body)
        found = _in_json(body) if looks_like_json(body) else _in_xml(body, content_type)
    except (TooBig, NotReadable):
        return None
    address = web_address(found, url)
    return address if address and address != url and same_site(address, url) else None


def _in_json(body: bytes) -> str | None:
    try:
        document: Any = json.loads(body.decode("utf-8-sig", "replace"))
    except ValueError:
        return None
    found = document.get("next_url") if isinstance(document, dict) else None
    return found if isinstance(found, str) else None


def _in_xml(body: bytes, content_type: str) -> str | None:
    links = dict.get(parsed_feed(body, content_type).feed, "links") or []
    by_rel = {link.get("rel"): link.get("href") for link in links}
    return next((by_rel[rel] for rel in _OLDER if by_rel.get(rel)), None)
