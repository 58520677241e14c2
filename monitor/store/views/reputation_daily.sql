-- Counts a day in the brand's zone, per brand, source and language. net_sentiment is
-- (positive - negative) / scored, -100..100, NULL when nothing is scored. Ratings are those on the
-- 1-5 scale only: other scales are never averaged in. Near-duplicates are counted once. A day on which
-- a source was blind may have no row: collected_weekly tells which weeks have such a gap.
CREATE VIEW reputation_daily AS
SELECT
  b.name AS brand,
  s.name AS source,
  r.language,
  r.local_day AS day,
  sum(r.mentions) AS mentions,
  sum(r.negative + r.neutral + r.positive) AS scored,
  sum(r.negative) AS negative,
  sum(r.neutral) AS neutral,
  sum(r.positive) AS positive,
  round(100.0 * (sum(r.positive) - sum(r.negative))
    / nullif(sum(r.negative + r.neutral + r.positive), 0), 2) AS net_sentiment,
  sum(r.ratings_1_5) AS ratings_1_5,
  round(sum(r.rating_thousandths) / 1000.0 / nullif(sum(r.ratings_1_5), 0), 3) AS mean_rating_1_5
FROM rollup_days r
JOIN sources s ON s.id = r.source_id
JOIN brands b ON b.id = s.brand_id
WHERE r.mentions > 0
GROUP BY b.name, s.name, r.language, r.local_day
