"""The JSON lines that a crawl hands to the application: one item or reject a line."""

from __future__ import annotations

import json
from dataclasses import asdict

from monitor.records import RawItem, Reject
from spiders.redact import without_secrets_within

_EXCERPT_CHARS = 300
"""Enough to recognise the piece; a reject is read by a person, in a table."""

# str.splitlines() and some editors also break lines here; escaped they stay one line for everyone.
_LINE_BREAKS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}


def line_of(record: RawItem | Reject) -> str:
    """One JSON object with `type` ("item" or "reject") and the record's fields, ending in LF.

    Secrets are masked: a site may repeat the key that it was asked with. Lone surrogates (half an
    emoji, cut by a site) become "?": they cannot be stored as UTF-8.
    """
    fields = without_secrets_within(asdict(record))
    if isinstance(record, Reject):
        fields["excerpt"] = " ".join(fields["excerpt"].split())[:_EXCERPT_CHARS]
    kind = "reject" if isinstance(record, Reject) else "item"
    text = json.dumps({"type": kind, **fields}, ensure_ascii=False).translate(_LINE_BREAKS)
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"
