-- How complete a week of the brand is: sources that were tried in it, and blind_sources, those of them
-- that never answered. With one of these the week is_partial: what it counts is too little, and a
-- small number is no good news. A week in which nothing was tried has no row.
CREATE VIEW collected_weekly AS
WITH seen AS (
  SELECT r.source_id, r.week, sum(r.runs_answered) > 0 AS answered
  FROM rollup_days r
  WHERE r.runs > 0
  GROUP BY r.source_id, r.week
)
SELECT
  b.name AS brand,
  b.role,
  v.week,
  count(*) AS sources,
  sum(NOT v.answered) AS blind_sources,
  sum(NOT v.answered) > 0 AS is_partial
FROM seen v
JOIN sources s ON s.id = v.source_id
JOIN brands b ON b.id = s.brand_id
GROUP BY b.name, b.role, v.week
