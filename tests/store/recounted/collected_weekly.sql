-- How complete a week of the brand is: sources that were tried in it, and blind_sources, those of them
-- that never answered. With one of these the week is_partial: what it counts is too little, and a
-- small number is no good news. A week in which nothing was tried has no row.
CREATE VIEW collected_weekly AS
WITH seen AS (
  SELECT
    b.name AS brand,
    b.role,
    date(r.local_day,
      '-' || ((strftime('%w', r.local_day) - b.week_start + 7) % 7) || ' days') AS week,
    r.source_id,
    max(r.state IN ('ok', 'unchanged', 'empty', 'partial')) AS answered
  FROM crawl_runs r
  JOIN sources s ON s.id = r.source_id
  JOIN brands b ON b.id = s.brand_id
  GROUP BY 1, 2, 3, 4
)
SELECT
  brand,
  role,
  week,
  count(*) AS sources,
  sum(answered = 0) AS blind_sources,
  sum(answered = 0) > 0 AS is_partial
FROM seen
GROUP BY brand, role, week
