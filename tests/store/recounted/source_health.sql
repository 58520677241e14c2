-- How every source is doing: the state of its last run (ok, unchanged, empty, partial, blocked,
-- broken, unreachable; never: not collected yet), when it last answered, and what it gave.
-- A source that fails is visible here, never as "0 reviews". usual_gap_days is the mean number of
-- days from one day with something to the next, over its newest sixty gaps (NULL: fewer than eight);
-- quiet_since is set while an alert is not resolved that says it fell silent against this rhythm.
-- `rejects` could not be used; `left_out` were understood and are not wanted: finds of a search that
-- are not about the brand, posts of people who opted out (their causes are in the table rejects).
CREATE VIEW source_health AS
SELECT
  s.name AS source,
  b.name AS brand,
  s.kind,
  s.url,
  s.enabled,
  coalesce(last.state, 'never') AS state,
  last.finished_at AS last_run_at,
  (SELECT max(r.finished_at) FROM crawl_runs r
    WHERE r.source_id = s.id AND r.state IN ('ok', 'unchanged', 'empty', 'partial')) AS last_answer_at,
  last.first_error,
  last.items AS last_items,
  last.new AS last_new,
  (SELECT count(*) FROM crawl_runs r WHERE r.source_id = s.id) AS runs,
  (SELECT count(*) FROM mentions m WHERE m.source_id = s.id) AS mentions,
  (SELECT max(m.published_at) FROM mentions m WHERE m.source_id = s.id) AS newest_mention_at,
  (SELECT count(*) FROM rejects j
    WHERE j.source = s.name AND NOT j.is_left_out) AS rejects,
  (SELECT count(*) FROM rejects j
    WHERE j.source = s.name AND j.is_left_out) AS left_out,
  (SELECT max(r.finished_at) FROM crawl_runs r
    WHERE r.source_id = s.id AND r.new > 0) AS last_new_at,
  (SELECT CASE WHEN count(*) > 8
      THEN round((julianday(max(d.local_day)) - julianday(min(d.local_day))) / (count(*) - 1), 1)
    END FROM (
      SELECT DISTINCT m.local_day FROM mentions m WHERE m.source_id = s.id
      ORDER BY m.local_day DESC LIMIT 61) d) AS usual_gap_days,
  (SELECT max(a.started_at) FROM alerts a
    WHERE a.rule = 'source-quiet' AND a.state <> 'resolved'
      AND json_extract(a.evidence, '$.source') = s.name) AS quiet_since
FROM sources s
JOIN brands b ON b.id = s.brand_id
LEFT JOIN crawl_runs last ON last.id = (
  SELECT max(r.id) FROM crawl_runs r WHERE r.source_id = s.id)
