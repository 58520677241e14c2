"""A store of any number of mentions in a few minutes: rows as the program writes them, in bulk SQL.

Brands, sources, days, languages and locations are the same for every size; only the number of
mentions differs. Everything about a mention follows from its number, so the same size is the same
store. Texts are short and ours, so no fingerprint belongs to them (the program makes none either).
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.records import Brand, ModelErrors, Source
from monitor.store import Store, open_store, rollups
from monitor.store import scores as score_store
from monitor.store import sources as source_store
from monitor.store.times import to_text

DAYS = 364
START = datetime(2025, 11, 24, tzinfo=UTC)
NOW = START + timedelta(days=DAYS, hours=8)
BRANDS = (
    Brand("Zelvano", "own", "UTC", 1),
    Brand("Orlin", "competitor", "UTC", 1),
    Brand("Tamiska", "competitor", "UTC", 6),
)
SOURCES = [Source(f"source {i}", "reviews_page", BRANDS[b].name, f"https://s{i}.example.com/", None,
                  3600) for i, b in enumerate((0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2))]  # fmt: skip
CHUNK = 250_000
REVISION = "made-1"

# Two numbers a mention, as good as drawn by chance: multiplicative hashing, high bits.
_NUMBERS = """
WITH RECURSIVE counted (i) AS (SELECT :first UNION ALL SELECT i + 1 FROM counted WHERE i < :last),
hashed AS (
  SELECT i, ((i * 2654435761) & 4294967295) >> 7 AS h, ((i * 2246822519) & 4294967295) >> 5 AS g
  FROM counted
),
labelled AS (
  SELECT i, h, g, datetime(:start, (i * :seconds / :size) || ' seconds') AS moment,
    -- The last week is worse than the others: the digest has something to explain.
    CASE WHEN h % 100 < 25 + 12 * (i > :size * 51 / 52) THEN 'negative'
      WHEN h % 100 < 55 THEN 'neutral' ELSE 'positive' END AS label
  FROM hashed
),
made AS (
  SELECT *, iif(g % 5 < 3,
    CASE label WHEN 'negative' THEN 1 + g % 2 WHEN 'neutral' THEN 3 ELSE 4.5 END, NULL) AS stars
  FROM labelled
)
"""

_MENTIONS = """
INSERT INTO mentions (id, source_id, identity, raw_digest, kind, url, author, published_at,
  first_seen_at, last_seen_at, deleted_at, local_day, language, language_confidence, rating_value,
  rating_scale, rating_raw, reply_text, reply_at, reach, location, duplicate_of, is_backfill,
  version_id)
SELECT i, 1 + g % 12, printf('%09d', i), printf('%016x', h * 31 + g),
  CASE WHEN g % 12 % 3 = 0 THEN 'post' ELSE 'review' END, 'https://example.com/' || i,
  'a' || (g % 50021), iif(h % 50 = 0, NULL, replace(moment, ' ', 'T') || 'Z'),
  replace(moment, ' ', 'T') || 'Z', replace(moment, ' ', 'T') || 'Z',
  iif(g % 211 = 0, :now, NULL), date(moment),
  CASE h % 10 WHEN 0 THEN 'fa' WHEN 1 THEN 'fa' WHEN 2 THEN 'ru' WHEN 3 THEN 'ru' WHEN 4 THEN 'ru'
    WHEN 5 THEN 'cs' WHEN 6 THEN 'cs' ELSE 'en' END, 0.98,
  stars,
  iif(stars, '1-5', NULL), iif(stars, stars || ' stars', NULL),
  iif(h % 3 = 0, 'Thank you', NULL),
  iif(h % 3 = 0, strftime('%Y-%m-%dT%H:%M:%SZ', moment, (30 + g % 4000) || ' minutes'), NULL),
  iif(g % 4 = 0, '{"likes": ' || (g % 90) || '}', '{}'), iif(g % 5 = 0, 'town ' || (h % 20), NULL),
  iif(h % 97 = 0 AND i > 50, i - 7, NULL), 1, i
FROM made
"""

_VERSIONS = """
INSERT INTO mention_versions (id, mention_id, number, seen_at, text, rating_value, score_id,
  scored_by)
SELECT i, i, 1, replace(moment, ' ', 'T') || 'Z',
  CASE label WHEN 'negative' THEN 'the parcel came late again' WHEN 'neutral'
    THEN 'it is a lamp as described' ELSE 'kind staff and a fair price' END || ' ' || i,
  stars,
  i, :revision || ' aspects-1'
FROM made
"""

_SCORES = """
INSERT INTO scores (id, version_id, revision, negative, neutral, positive, label, scored_at,
  judged_at)
SELECT i, i, :revision, iif(label = 'negative', 1 - d, d / 2), iif(label = 'neutral', 1 - d, d / 2),
  iif(label = 'positive', 1 - d, d / 2), label, :now, :now
FROM (SELECT i, label, round((g % 6000) / 10000.0, 4) AS d FROM made)
"""

_ASPECTS = """
INSERT INTO aspects (version_id, revision, aspect, stage, label, confidence, clause)
SELECT i, 'aspects-1', iif(label = 'negative', 'delivery', iif(g % 4 = 1, 'staff', 'price')),
  iif(label = 'negative', 'delivery', iif(g % 4 = 1, 'visit', 'choice')), label, 0.8, 'a clause'
FROM made WHERE label <> 'neutral' AND g % 2
"""

_SEARCH = """
INSERT INTO mention_search (rowid, words)
SELECT i, CASE label WHEN 'negative' THEN 'parcel late' WHEN 'neutral' THEN 'lamp describ'
  ELSE 'staff fair price' END || iif(h % 100003 = 0, ' zebra', '')
FROM made
"""

_CORRECTIONS = """
INSERT INTO corrections (version_id, label, corrected_by, corrected_at)
SELECT i, 'neutral', 'Jana', :now FROM made WHERE h % 997 = 0
"""

_RUNS = """
INSERT INTO crawl_runs (source_id, state, started_at, finished_at, local_day, items, new, changed,
  rejects, requests)
SELECT 1 + i % 12, iif(((i * 2654435761) & 4294967295) % 60 = 0, 'blocked', 'ok'), moment, moment,
  substr(moment, 1, 10), 10, 3, 0, 0, 4
FROM (SELECT i, strftime('%Y-%m-%dT%H:%M:%SZ', :start, (i * 7200) || ' seconds') AS moment
  FROM counted)
"""


def make_store(path: Path, size: int) -> Store:
    """A new store of `size` mentions with its rollups; it is open for writing."""
    store = open_store(path)
    source_store.sync(store, BRANDS, SOURCES)
    score_store.note_errors(store, REVISION, [ModelErrors("en", "", 0.8, 0.1, 500)])
    conn = store.conn
    # No triggers while rows come in bulk: the rollups are counted at the end, once.
    for name in rollups.triggers():
        conn.execute(f"DROP TRIGGER {name}")
    conn.execute("PRAGMA synchronous = OFF")
    conn.execute("PRAGMA cache_size = -400000")
    conn.execute("PRAGMA foreign_keys = OFF")
    shared = {
        "size": size,
        "start": START.strftime("%Y-%m-%d %H:%M:%S"),
        "seconds": DAYS * 86400,
        "now": to_text(NOW),
        "revision": REVISION,
    }
    for first in range(1, size + 1, CHUNK):
        numbers = {**shared, "first": first, "last": min(size, first + CHUNK - 1)}
        with store.write():
            for sql in (_MENTIONS, _VERSIONS, _SCORES, _ASPECTS, _SEARCH, _CORRECTIONS):
                conn.execute(_NUMBERS + sql, numbers)
        print(f"  {numbers['last']:,} of {size:,} mentions", end="\r", file=sys.stderr, flush=True)
    with store.write():
        conn.execute(_NUMBERS + _RUNS, {**shared, "first": 0, "last": DAYS * 12 - 1})
    conn.execute("PRAGMA foreign_keys = ON")
    return store
