-- Counts a day in the brand's zone, per brand, source and language. net_sentiment is
-- (positive - negative) / scored, -100..100, NULL when nothing is scored. Ratings are those on the
-- 1-5 scale only: other scales are never averaged in. Near-duplicates are counted once. A day on which
-- a source was blind may have no row: collected_weekly tells which weeks have such a gap.
CREATE VIEW reputation_daily AS
SELECT
  brand,
  source,
  language,
  local_day AS day,
  count(*) AS mentions,
  count(label) AS scored,
  coalesce(sum(label = 'negative'), 0) AS negative,
  coalesce(sum(label = 'neutral'), 0) AS neutral,
  coalesce(sum(label = 'positive'), 0) AS positive,
  round(100.0 * (sum(label = 'positive') - sum(label = 'negative')) / count(label), 2) AS net_sentiment,
  sum(rating_scale IS '1-5') AS ratings_1_5,
  round(avg(CASE WHEN rating_scale = '1-5' THEN rating_value END), 3) AS mean_rating_1_5
FROM current_scores
WHERE duplicate_of IS NULL
GROUP BY brand, source, language, local_day
