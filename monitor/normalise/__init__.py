"""Raw items become mentions: readable text, language, dates, rating, identity, no personal data.

`normalise` does the full work in batches. `identity_of` and `raw_digest` are cheap and tell an
unchanged item before any of it is done. Nothing here reads a clock, a file or the store.
"""

from __future__ import annotations

from monitor.normalise.context import Identify, SourceContext, language_code
from monitor.normalise.identity import identity_of, native_identity, raw_digest
from monitor.normalise.mentions import normalise, why_left_out
from monitor.normalise.near_duplicates import bands, fingerprint, is_near
from monitor.normalise.relevance import BrandWords, decide
from monitor.normalise.search_terms import search_query, search_text

__all__ = [
    "BrandWords",
    "Identify",
    "SourceContext",
    "bands",
    "decide",
    "fingerprint",
    "identity_of",
    "is_near",
    "language_code",
    "native_identity",
    "normalise",
    "raw_digest",
    "search_query",
    "search_text",
    "why_left_out",
]
