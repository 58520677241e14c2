"""`python -m spiders.read FILE`: reads one saved page or feed and prints the spool lines.

For pages of sites that may not be crawled: save the page in the browser, import the file.
Imports no Scrapy, so that it starts fast.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from monitor.records import RawItem, Reject
from spiders.lines import line_of
from spiders.parse.encoding import TooBig, unzipped
from spiders.parse.json_feed import looks_like_json

_FEED = re.compile(rb"<(?:rss|feed|(?:\w+:)?RDF|channel)[\s>]", re.IGNORECASE)
_PAGE = re.compile(rb"<!doctype\s+html|<html|<head|<body|ld\+json|itemscope", re.IGNORECASE)
_MHTML = re.compile(rb"^(?:From|MIME-Version|Subject|Snapshot-Content-Location):", re.IGNORECASE)


def main(arguments: Sequence[str]) -> int:
    """Prints what the file holds; exit code 2 when it cannot be read at all."""
    parser = argparse.ArgumentParser(prog="python -m spiders.read", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--kind", choices=("auto", "feed", "reviews_page"), default="auto")
    parser.add_argument("--source", required=True, help="name of the source the items belong to")
    parser.add_argument("--url", default="", help="address the page was saved from")
    parser.add_argument("--language", help="language of the texts where they do not say")
    options = parser.parse_args(arguments)
    try:
        body = options.file.read_bytes()
    except OSError as error:
        print(f"spiders.read: {options.file}: {error.strerror}", file=sys.stderr)
        return 2
    records = read(body, options.kind, options.source, options.url, options.language)
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for record in records:
        sys.stdout.write(line_of(record))
    return 0


def read(
    body: bytes, kind: str, source: str, url: str = "", language: str | None = None
) -> list[RawItem | Reject]:
    """Items and rejects of one saved file; a file that is neither gives one reject."""
    fetched_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        body = unzipped(body)
    except TooBig as error:
        return [Reject(source, f"file {error}", url)]
    body = _page_of_archive(body)
    if kind == "auto":
        kind = detected(body)
    if kind == "feed":
        from spiders.parse.feed import items_from_feed

        items, rejects = items_from_feed(body, {}, url, source, fetched_at, language=language)
    else:
        from spiders.parse.reviews import reviews_from_html

        items, rejects = reviews_from_html(body, url, source, fetched_at, language=language)
        if not items and not rejects:
            rejects = [Reject(source, "no review marked up with schema.org found", url)]
    return [*items, *rejects]


def detected(body: bytes) -> str:
    """`feed` or `reviews_page`, by how the file begins."""
    head = body[:4000].replace(b"\x00", b"")
    feed, page = _FEED.search(head), _PAGE.search(head)
    if looks_like_json(body) or (feed and not (page and page.start() < feed.start())):
        return "feed"
    return "reviews_page"


def _page_of_archive(body: bytes) -> bytes:
    """The HTML page inside a browser's MHTML archive; other bodies unchanged."""
    if not _MHTML.match(body.lstrip()):
        return body
    message = email.message_from_bytes(body.lstrip(), policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_content()
            return content.encode("utf-8") if isinstance(content, str) else bytes(content)
    return body


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
