"""What one mention, aspect or run adds to the rollups: the only place where a count is defined.

Each `Figures` names a view of this file's own (a leading underscore: for triggers and recounts, not
for analysts) with one row a mention (or aspect, or run), its place in the rollup, and integers to
be added up. Integers, because a sum of them is the same in any order: ratings are in thousandths
of a star, replies in whole minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

WEEK = "date({day}, '-' || ((strftime('%w', {day}) - b.week_start + 7) % 7) || ' days')"
"""First day of the week of brand `b` that holds a day."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A view and the rollup that its rows are added up in."""

    view: str
    table: str
    keys: tuple[str, ...]
    counts: tuple[str, ...]


_DAY = ("source_id", "local_day", "kind", "language", "reader")
_LABELS = ("mentions", "negative", "neutral", "positive")

DAYS = Figures(
    "_figures_days",
    "rollup_days",
    _DAY,
    (
        *_LABELS,
        "unsure",
        "ratings_1_5",
        "rating_thousandths",
        "rating_squares",
        "answered",
        "negative_answered",
        "replies_timed",
        "reply_minutes",
        *(f"duplicate_{count}" for count in _LABELS),
    ),
)
STORED = Figures("_figures_stored", "rollup_days", _DAY, ("stored", "dated"))
RUNS = Figures("_figures_runs", "rollup_days", _DAY, ("runs", "runs_answered"))
LOCATIONS = Figures(
    "_figures_locations",
    "rollup_locations",
    ("source_id", "local_day", "location"),
    (*_LABELS, "ratings_1_5", "rating_thousandths"),
)
ASPECTS = Figures(
    "_figures_aspects",
    "rollup_aspects",
    ("source_id", "local_day", "aspect", "stage"),
    _LABELS,
)
STAGES = Figures("_figures_stages", "rollup_stages", ("source_id", "local_day", "stage"), _LABELS)

FIGURES = (DAYS, STORED, RUNS, LOCATIONS, ASPECTS, STAGES)
OF_A_LABEL = (DAYS, LOCATIONS)
"""What moves with the label of a mention."""
OF_A_TEXT = (DAYS, LOCATIONS, ASPECTS)
"""What moves with the version that counts; and `STAGES`, which are a sum over its aspects."""
OF_A_MENTION = (STORED, *OF_A_TEXT)

TABLES: dict[str, tuple[str, ...]] = {
    "rollup_days": ("mentions", "duplicate_mentions", "stored", "runs"),
    "rollup_locations": ("mentions",),
    "rollup_aspects": ("mentions",),
    "rollup_stages": ("mentions",),
}
"""Rollup -> the counts that are all nought in a row that stands for nothing any more."""

_OF_ITS_BRAND = "JOIN sources s ON s.id = {0}.source_id JOIN brands b ON b.id = s.brand_id"

_WEEK_OF_MENTION = WEEK.format(day="m.local_day") + " AS week"

_COUNTED_ASPECTS = f"""aspects a
JOIN mention_versions v ON v.id = a.version_id
JOIN mentions m ON m.id = v.mention_id AND m.version_id = v.id
{_OF_ITS_BRAND.format("m")}
WHERE m.deleted_at IS NULL AND m.duplicate_of IS NULL"""

# counts is 1 for a mention and 0 for a near-duplicate, which has counts of its own. The other way
# round its share of rows in the rollup would grow with the store.
_DAYS_SQL = f"""
SELECT
  mention_id, source_id, local_day, week, kind, language, location,
  CASE WHEN is_corrected OR label IS NULL OR rating_value IS NOT NULL THEN ''
    ELSE revision END AS reader,
  counts AS mentions,
  counts * (label IS 'negative') AS negative,
  counts * (label IS 'neutral') AS neutral,
  counts * (label IS 'positive') AS positive,
  counts * coalesce((NOT is_corrected) AND sure < (SELECT unsure_below FROM reading), 0) AS unsure,
  counts * (rating_scale IS '1-5') AS ratings_1_5,
  CASE WHEN rating_scale IS '1-5' THEN counts * thousandths ELSE 0 END AS rating_thousandths,
  CASE WHEN rating_scale IS '1-5' THEN counts * thousandths * thousandths ELSE 0 END
    AS rating_squares,
  counts * is_answered AS answered,
  counts * ((label IS 'negative') AND is_answered) AS negative_answered,
  counts * (minutes IS NOT NULL) AS replies_timed,
  counts * coalesce(minutes, 0) AS reply_minutes,
  1 - counts AS duplicate_mentions,
  (1 - counts) * (label IS 'negative') AS duplicate_negative,
  (1 - counts) * (label IS 'neutral') AS duplicate_neutral,
  (1 - counts) * (label IS 'positive') AS duplicate_positive
FROM (
  SELECT
    m.id AS mention_id, m.source_id, m.local_day, {_WEEK_OF_MENTION}, m.kind, m.language,
    m.duplicate_of IS NULL AS counts, m.location, m.rating_value, m.rating_scale,
    CAST(round(m.rating_value * 1000) AS INTEGER) AS thousandths,
    c.id IS NOT NULL AS is_corrected, coalesce(c.label, sc.label) AS label, sc.revision,
    max(sc.negative, sc.neutral, sc.positive) AS sure,
    m.reply_text IS NOT NULL AS is_answered,
    CAST(round((julianday(m.reply_at) - julianday(m.published_at)) * 1440) AS INTEGER) AS minutes
  FROM mentions m
  {_OF_ITS_BRAND.format("m")}
  JOIN mention_versions v ON v.id = m.version_id
  LEFT JOIN scores sc ON sc.id = v.score_id
  LEFT JOIN corrections c ON c.version_id = v.id
  WHERE m.deleted_at IS NULL
)"""

_NO_PART = "'' AS kind, '' AS language, '' AS reader"

_STORED_SQL = f"""
SELECT
  m.id AS mention_id, m.source_id, m.local_day, {_WEEK_OF_MENTION}, {_NO_PART},
  1 AS stored, m.published_at IS NOT NULL AS dated
FROM mentions m {_OF_ITS_BRAND.format("m")}"""

_RUNS_SQL = f"""
SELECT
  r.id AS run_id, r.source_id, r.local_day, {WEEK.format(day="r.local_day")} AS week, {_NO_PART},
  1 AS runs, r.state IN ('ok', 'unchanged', 'empty', 'partial') AS runs_answered
FROM crawl_runs r {_OF_ITS_BRAND.format("r")}"""

_LOCATIONS_SQL = f"""
SELECT * FROM {DAYS.view} WHERE location IS NOT NULL AND mentions = 1"""

_ASPECTS_SQL = f"""
SELECT
  m.id AS mention_id, a.id AS aspect_id, m.source_id, m.local_day, {_WEEK_OF_MENTION}, a.aspect,
  coalesce(a.stage, '') AS stage, 1 AS mentions, a.label = 'negative' AS negative,
  a.label = 'neutral' AS neutral, a.label = 'positive' AS positive
FROM {_COUNTED_ASPECTS}"""


def stages_sql(condition: str = "1") -> str:
    """SELECT of one row a mention and stage: a text counts once, by the balance of its clauses.

    A text that praises and blames the same stage as often is neutral there.
    """
    balance = "sum(a.label = 'positive') - sum(a.label = 'negative')"
    return f"""
SELECT
  m.id AS mention_id, m.source_id, m.local_day, {_WEEK_OF_MENTION}, a.stage, 1 AS mentions,
  {balance} < 0 AS negative, {balance} = 0 AS neutral, {balance} > 0 AS positive
FROM {_COUNTED_ASPECTS} AND a.stage IS NOT NULL AND {condition}
GROUP BY m.id, m.source_id, m.local_day, a.stage"""


def figure_views() -> dict[str, str]:
    """Name -> SQL of the views that rollups are made from, in the order in which they build."""
    bodies = {
        DAYS.view: _DAYS_SQL,
        STORED.view: _STORED_SQL,
        RUNS.view: _RUNS_SQL,
        LOCATIONS.view: _LOCATIONS_SQL,
        ASPECTS.view: _ASPECTS_SQL,
        STAGES.view: stages_sql(),
    }
    return {name: f"CREATE VIEW {name} AS{body}" for name, body in bodies.items()}
