"""The schema of `monitor.db`, as named steps that are appended and never edited.

Every table is STRICT, every foreign key is declared, and what a column may hold stands in a CHECK:
a wrong value is refused by the database, not found a year later in a chart. Views are no part of
this: they live in `views/*.sql` and are laid anew whenever their text changes.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("monitor")


def _run(db: Database, script: str) -> None:
    # Not executescript(): that commits, and a half-applied migration is what we must never have.
    for statement in script.split(";\n\n"):
        if statement.strip():
            db.execute(statement)


@migrations(name="0001_brands_sources_mentions")
def brands_sources_mentions(db: Database) -> None:
    _run(
        db,
        """
CREATE TABLE brands (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('own', 'competitor')),
  timezone TEXT NOT NULL,
  week_start INTEGER NOT NULL CHECK (week_start BETWEEN 0 AND 6) -- 0 Sunday, 1 Monday, 6 Saturday
) STRICT;

CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  brand_id INTEGER NOT NULL REFERENCES brands(id),
  kind TEXT NOT NULL,
  url TEXT,
  language TEXT,
  interval_seconds INTEGER, -- NULL: not collected on a schedule (imported files)
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  first_collected_at TEXT -- end of the first complete collection; before it all is back-fill
) STRICT;

CREATE TABLE mentions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- an erased id is never given to somebody else
  source_id INTEGER NOT NULL REFERENCES sources(id),
  identity TEXT NOT NULL,
  raw_digest TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('review', 'post', 'comment', 'news', 'interview')),
  url TEXT,
  author TEXT,
  published_at TEXT,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  deleted_at TEXT,
  local_day TEXT NOT NULL, -- day in the brand's zone of published_at, else of first_seen_at
  language TEXT NOT NULL,
  language_confidence REAL NOT NULL,
  rating_value REAL,
  rating_scale TEXT,
  rating_raw TEXT,
  sub_ratings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(sub_ratings)),
  reply_text TEXT,
  reply_at TEXT,
  reach TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(reach)),
  parent TEXT,
  location TEXT,
  subject TEXT,
  fingerprint INTEGER,
  duplicate_of INTEGER REFERENCES mentions(id) ON DELETE SET NULL,
  is_backfill INTEGER NOT NULL DEFAULT 0 CHECK (is_backfill IN (0, 1)),
  version_id INTEGER, -- the newest of its mention_versions
  UNIQUE (source_id, identity),
  CHECK ((rating_value IS NULL) = (rating_scale IS NULL))
) STRICT;

CREATE INDEX mentions_by_day ON mentions (source_id, local_day);

CREATE INDEX mentions_by_moment ON mentions (coalesce(published_at, first_seen_at), id);

CREATE INDEX mentions_by_author ON mentions (author) WHERE author IS NOT NULL;

CREATE INDEX mentions_by_duplicate ON mentions (duplicate_of) WHERE duplicate_of IS NOT NULL;

CREATE TABLE mention_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- alerts are known by it: never given twice
  mention_id INTEGER NOT NULL REFERENCES mentions(id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 1),
  seen_at TEXT NOT NULL,
  edited_at TEXT,
  title TEXT,
  text TEXT NOT NULL,
  rating_value REAL,
  masked INTEGER NOT NULL DEFAULT 0, -- e-mail addresses and phone numbers masked
  score_id INTEGER, -- its newest score; NULL: not scored yet, or in a language nobody reads
  scored_by TEXT, -- revision that last looked at it
  UNIQUE (mention_id, number)
) STRICT;

CREATE INDEX mention_versions_by_scorer ON mention_versions (scored_by);

CREATE TABLE fingerprint_bands (
  band INTEGER NOT NULL,
  mention_id INTEGER NOT NULL REFERENCES mentions(id) ON DELETE CASCADE,
  PRIMARY KEY (band, mention_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX fingerprint_bands_by_mention ON fingerprint_bands (mention_id);

CREATE VIRTUAL TABLE mention_search USING fts5(words, tokenize = 'unicode61 remove_diacritics 0');

CREATE TRIGGER mention_search_forget AFTER DELETE ON mentions BEGIN
  DELETE FROM mention_search WHERE rowid = old.id;
END;

CREATE TABLE rejects (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  cause TEXT NOT NULL,
  place TEXT NOT NULL,
  excerpt TEXT NOT NULL DEFAULT '',
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  times_seen INTEGER NOT NULL DEFAULT 1,
  UNIQUE (source, cause, place)
) STRICT;

CREATE TABLE tombstones (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('author', 'mention')),
  key TEXT NOT NULL, -- an author's pseudonym, or source and identity of a mention
  erased_at TEXT NOT NULL,
  reason TEXT,
  UNIQUE (kind, key)
) STRICT;

CREATE TABLE crawl_runs (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES sources(id),
  spool TEXT UNIQUE, -- name of the spool file: a file left by a crash is not counted twice
  state TEXT NOT NULL CHECK (
    state IN ('ok', 'unchanged', 'empty', 'partial', 'blocked', 'broken', 'unreachable')),
  started_at TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  local_day TEXT NOT NULL, -- day in the brand's zone of finished_at
  items INTEGER NOT NULL,
  new INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  rejects INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  first_error TEXT
) STRICT;

CREATE INDEX crawl_runs_by_source ON crawl_runs (source_id, finished_at);

CREATE TABLE fetch_validators (
  source_id INTEGER NOT NULL REFERENCES sources(id),
  url TEXT NOT NULL,
  etag TEXT,
  last_modified TEXT,
  PRIMARY KEY (source_id, url)
) STRICT, WITHOUT ROWID;

""",
    )


@migrations(name="0002_scores_corrections_aspects")
def scores_corrections_aspects(db: Database) -> None:
    _run(
        db,
        """
CREATE TABLE scores (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES mention_versions(id) ON DELETE CASCADE,
  revision TEXT NOT NULL, -- the model and its weights
  negative REAL NOT NULL,
  neutral REAL NOT NULL,
  positive REAL NOT NULL,
  label TEXT NOT NULL CHECK (label IN ('negative', 'neutral', 'positive')),
  scored_at TEXT NOT NULL,
  judged_at TEXT, -- when the alert rules looked at it
  UNIQUE (version_id, revision),
  CHECK (abs(negative + neutral + positive - 1) < 0.01)
) STRICT;

CREATE INDEX scores_not_judged ON scores (id) WHERE judged_at IS NULL;

CREATE TABLE corrections (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL UNIQUE REFERENCES mention_versions(id) ON DELETE CASCADE,
  label TEXT NOT NULL CHECK (label IN ('negative', 'neutral', 'positive')),
  corrected_by TEXT NOT NULL,
  note TEXT,
  corrected_at TEXT NOT NULL
) STRICT;

CREATE TABLE aspects (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES mention_versions(id) ON DELETE CASCADE,
  revision TEXT NOT NULL,
  aspect TEXT NOT NULL,
  stage TEXT,
  label TEXT NOT NULL CHECK (label IN ('negative', 'neutral', 'positive')),
  confidence REAL NOT NULL,
  clause TEXT NOT NULL
) STRICT;

CREATE INDEX aspects_by_version ON aspects (version_id);

""",
    )


@migrations(name="0003_surveys_metrics_targets")
def surveys_metrics_targets(db: Database) -> None:
    _run(
        db,
        """
CREATE TABLE surveys (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  brand_id INTEGER NOT NULL REFERENCES brands(id)
) STRICT;

CREATE TABLE survey_waves (
  id INTEGER PRIMARY KEY,
  survey_id INTEGER NOT NULL REFERENCES surveys(id),
  name TEXT NOT NULL,
  starts_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  invited INTEGER CHECK (invited > 0),
  UNIQUE (survey_id, name)
) STRICT;

CREATE TABLE survey_responses (
  id INTEGER PRIMARY KEY,
  wave_id INTEGER NOT NULL REFERENCES survey_waves(id),
  respondent TEXT NOT NULL, -- pseudonym; the latest answer of a respondent counts once a wave
  answered_at TEXT NOT NULL,
  nps REAL CHECK (nps BETWEEN 0 AND 10),
  csat REAL CHECK (csat BETWEEN 1 AND 5),
  ces REAL CHECK (ces BETWEEN 1 AND 7),
  segment TEXT,
  location TEXT,
  language TEXT,
  comment TEXT,
  UNIQUE (wave_id, respondent)
) STRICT;

CREATE TABLE survey_stage_scores (
  response_id INTEGER NOT NULL REFERENCES survey_responses(id) ON DELETE CASCADE,
  stage TEXT NOT NULL,
  score REAL NOT NULL CHECK (score BETWEEN 1 AND 5),
  PRIMARY KEY (response_id, stage)
) STRICT, WITHOUT ROWID;

CREATE TABLE metrics (
  id INTEGER PRIMARY KEY,
  brand_id INTEGER NOT NULL REFERENCES brands(id),
  name TEXT NOT NULL,
  day TEXT NOT NULL,
  location TEXT NOT NULL DEFAULT '',
  segment TEXT NOT NULL DEFAULT '',
  value REAL NOT NULL,
  UNIQUE (brand_id, name, day, location, segment)
) STRICT;

CREATE TABLE targets (
  id INTEGER PRIMARY KEY,
  brand_id INTEGER NOT NULL REFERENCES brands(id),
  measure TEXT NOT NULL,
  goal REAL NOT NULL,
  due_on TEXT NOT NULL,
  UNIQUE (brand_id, measure, due_on)
) STRICT;

""",
    )


@migrations(name="0004_alerts_deliveries_digests")
def alerts_deliveries_digests(db: Database) -> None:
    _run(
        db,
        """
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE, -- the same decision taken twice is one alert
  rule TEXT NOT NULL,
  brand_id INTEGER REFERENCES brands(id),
  severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  title TEXT NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL CHECK (json_valid(evidence)),
  state TEXT NOT NULL DEFAULT 'open'
    CHECK (state IN ('open', 'acknowledged', 'resolved', 'silenced')),
  started_at TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  acknowledged_at TEXT,
  acknowledged_by TEXT,
  resolved_at TEXT,
  resolved_by TEXT,
  note TEXT
) STRICT;

CREATE INDEX alerts_open ON alerts (state, decided_at);

CREATE TABLE alert_mentions (
  alert_id INTEGER NOT NULL REFERENCES alerts(id) ON DELETE CASCADE,
  mention_id INTEGER NOT NULL REFERENCES mentions(id) ON DELETE CASCADE,
  PRIMARY KEY (alert_id, mention_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_mentions_by_mention ON alert_mentions (mention_id);

CREATE TABLE silences (
  id INTEGER PRIMARY KEY,
  rule TEXT, -- NULL: every rule
  brand TEXT, -- NULL: every brand
  ends_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  note TEXT
) STRICT;

CREATE TABLE digests (
  id INTEGER PRIMARY KEY,
  brand_id INTEGER NOT NULL REFERENCES brands(id),
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  recipient TEXT NOT NULL,
  language TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  html TEXT NOT NULL,
  text TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (brand_id, period_start, period_end, recipient)
) STRICT;

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  alert_id INTEGER REFERENCES alerts(id) ON DELETE CASCADE,
  digest_id INTEGER REFERENCES digests(id) ON DELETE CASCADE,
  channel TEXT NOT NULL, -- a channel's name, or mailto: and the recipient of a digest
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  next_attempt_at TEXT NOT NULL,
  sent_at TEXT,
  last_error TEXT,
  CHECK ((alert_id IS NULL) <> (digest_id IS NULL)),
  UNIQUE (alert_id, channel),
  UNIQUE (digest_id, channel)
) STRICT;

CREATE INDEX deliveries_pending ON deliveries (next_attempt_at) WHERE state = 'pending';

""",
    )


@migrations(name="0005_what_the_model_is_sure_of")
def what_the_model_is_sure_of(db: Database) -> None:
    _run(
        db,
        """
CREATE TABLE reading (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  unsure_below REAL NOT NULL CHECK (unsure_below BETWEEN 0 AND 1) -- model.unsure_below
) STRICT;

INSERT INTO reading (id, unsure_below) VALUES (1, 0.5);

CREATE TABLE model_errors (
  revision TEXT NOT NULL,
  language TEXT NOT NULL,
  kind TEXT NOT NULL, -- '' stands for any kind
  found REAL NOT NULL CHECK (found BETWEEN 0 AND 1), -- share of negative texts called negative
  false_alarms REAL NOT NULL CHECK (false_alarms BETWEEN 0 AND 1), -- of the others
  n INTEGER NOT NULL, -- labelled texts it was measured on
  PRIMARY KEY (revision, language, kind)
) STRICT, WITHOUT ROWID;

""",
    )


@migrations(name="0006_left_out_and_backfills")
def left_out_and_backfills(db: Database) -> None:
    _run(
        db,
        """
ALTER TABLE crawl_runs ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;

CREATE TABLE backfills (
  source_id INTEGER PRIMARY KEY REFERENCES sources(id),
  since TEXT NOT NULL, -- nothing published before it is kept
  started_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  finished_at TEXT, -- NULL: stopped on its way; the next one goes on with open_requests
  pages INTEGER NOT NULL CHECK (pages >= 0),
  items INTEGER NOT NULL CHECK (items >= 0),
  oldest_day TEXT, -- of publication, among the items of those pages
  open_requests TEXT NOT NULL CHECK (json_valid(open_requests)) -- asked for, not yet read
) STRICT;

""",
    )


@migrations(name="0007_what_was_left_out_is_no_reject")
def what_was_left_out_is_no_reject(db: Database) -> None:
    _run(
        db,
        """
-- 1: understood and not wanted (not about the brand, its author opted out); 0: it could not be used
ALTER TABLE rejects ADD COLUMN is_left_out INTEGER NOT NULL DEFAULT 0 CHECK (is_left_out IN (0, 1));

UPDATE rejects SET is_left_out = 1 WHERE cause LIKE 'not about %';

""",
    )


@migrations(name="0008_where_targets_start")
def where_targets_start(db: Database) -> None:
    _run(
        db,
        """
-- A day in the brand's zone.
ALTER TABLE targets ADD COLUMN set_on TEXT;

-- The measure when the target was set; NULL: not known.
ALTER TABLE targets ADD COLUMN start REAL;

""",
    )


@migrations(name="0009_comments_are_scored")
def comments_are_scored(db: Database) -> None:
    _run(
        db,
        """
CREATE TABLE comment_scores (
  response_id INTEGER PRIMARY KEY REFERENCES survey_responses(id) ON DELETE CASCADE,
  readers TEXT NOT NULL, -- revisions of the models that looked at it
  language TEXT NOT NULL,
  negative REAL,
  neutral REAL,
  positive REAL,
  label TEXT CHECK (label IN ('negative', 'neutral', 'positive')), -- NULL: nobody reads it
  scored_at TEXT NOT NULL,
  CHECK ((label IS NULL) = (negative IS NULL)),
  CHECK (label IS NULL OR abs(negative + neutral + positive - 1) < 0.01)
) STRICT;

CREATE TABLE comment_aspects (
  response_id INTEGER NOT NULL REFERENCES comment_scores(response_id) ON DELETE CASCADE,
  aspect TEXT NOT NULL,
  stage TEXT,
  label TEXT NOT NULL CHECK (label IN ('negative', 'neutral', 'positive')),
  confidence REAL NOT NULL,
  clause TEXT NOT NULL,
  PRIMARY KEY (response_id, aspect)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER comment_changed AFTER UPDATE OF comment, language ON survey_responses
WHEN old.comment IS NOT new.comment OR old.language IS NOT new.language
BEGIN DELETE FROM comment_scores WHERE response_id = old.id; END;

""",
    )


@migrations(name="0010_rollups")
def rollups(db: Database) -> None:
    # Filled where the triggers that keep them are laid: monitor/store/connection.py.
    counts = """mentions INTEGER NOT NULL DEFAULT 0,
  negative INTEGER NOT NULL DEFAULT 0,
  neutral INTEGER NOT NULL DEFAULT 0,
  positive INTEGER NOT NULL DEFAULT 0"""
    duplicates = counts.replace("  ", "  duplicate_").replace("mentions", "duplicate_mentions")
    ratings = """ratings_1_5 INTEGER NOT NULL DEFAULT 0, -- how many
  rating_thousandths INTEGER NOT NULL DEFAULT 0, -- their sum, in thousandths of a star"""
    _run(
        db,
        f"""
CREATE TABLE rollup_days (
  source_id INTEGER NOT NULL REFERENCES sources(id),
  local_day TEXT NOT NULL,
  kind TEXT NOT NULL, -- of the mentions; '' in the row that holds runs, stored and dated
  language TEXT NOT NULL,
  reader TEXT NOT NULL, -- revision of the model where it labelled by the text alone, else ''
  week TEXT NOT NULL, -- first day of the brand's week
  {counts},
  unsure INTEGER NOT NULL DEFAULT 0,
  {ratings}
  rating_squares INTEGER NOT NULL DEFAULT 0, -- sum of their squares, in millionths
  answered INTEGER NOT NULL DEFAULT 0, -- with a public reply of the owner
  negative_answered INTEGER NOT NULL DEFAULT 0,
  replies_timed INTEGER NOT NULL DEFAULT 0, -- replies whose time is known
  reply_minutes INTEGER NOT NULL DEFAULT 0, -- of those, their sum
  runs INTEGER NOT NULL DEFAULT 0, -- collections that ended on that day
  runs_answered INTEGER NOT NULL DEFAULT 0,
  {duplicates}, -- near-duplicates, in none of the others
  stored INTEGER NOT NULL DEFAULT 0, -- mentions of that day, deleted ones too
  dated INTEGER NOT NULL DEFAULT 0, -- those of them that say when they were published
  PRIMARY KEY (source_id, local_day, kind, language, reader)
) STRICT, WITHOUT ROWID;

CREATE INDEX rollup_days_by_week ON rollup_days (source_id, week);

CREATE TABLE rollup_locations (
  source_id INTEGER NOT NULL REFERENCES sources(id),
  local_day TEXT NOT NULL,
  location TEXT NOT NULL,
  week TEXT NOT NULL,
  {counts},
  {ratings}
  PRIMARY KEY (source_id, local_day, location)
) STRICT, WITHOUT ROWID;

CREATE INDEX rollup_locations_by_week ON rollup_locations (source_id, week);

CREATE TABLE rollup_aspects (
  source_id INTEGER NOT NULL REFERENCES sources(id),
  local_day TEXT NOT NULL,
  aspect TEXT NOT NULL,
  stage TEXT NOT NULL, -- '': an aspect of no stage
  week TEXT NOT NULL,
  {counts},
  PRIMARY KEY (source_id, local_day, aspect, stage)
) STRICT, WITHOUT ROWID;

CREATE INDEX rollup_aspects_by_week ON rollup_aspects (source_id, week);

CREATE TABLE rollup_stages (
  source_id INTEGER NOT NULL REFERENCES sources(id),
  local_day TEXT NOT NULL,
  stage TEXT NOT NULL,
  week TEXT NOT NULL,
  {counts}, -- a text once a stage, by the balance of its clauses
  PRIMARY KEY (source_id, local_day, stage)
) STRICT, WITHOUT ROWID;

CREATE INDEX rollup_stages_by_week ON rollup_stages (source_id, week);

CREATE TABLE rollup_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  made_by TEXT NOT NULL -- digest of the definitions that the rollups were made by
) STRICT;

CREATE INDEX sources_by_brand ON sources (brand_id);

DROP INDEX mentions_by_day;

CREATE INDEX mentions_by_day ON mentions (source_id, local_day, published_at);

""",
    )


@migrations(name="0011_rated_parts")
def rated_parts(db: Database) -> None:
    _run(
        db,
        """
-- The few mentions whose parts are rated, for satisfaction_weekly.
CREATE INDEX mentions_with_parts ON mentions (source_id, local_day) WHERE sub_ratings <> '{}';

""",
    )
