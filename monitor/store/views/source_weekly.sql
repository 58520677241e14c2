-- Counts a week of the brand, source by source: which one moved the brand's figure. Columns as in
-- reputation_weekly: labels, net sentiment with its 95 % interval, ratings on the 1-5 scale. A
-- source without mentions in a week has no row here: whether it answered stands in source_health.
-- In a week that is_partial a source of the brand never answered.
CREATE VIEW source_weekly AS
WITH counted AS (
  SELECT
    b.name AS brand,
    b.role,
    r.week,
    s.name AS source,
    sum(r.mentions) AS mentions,
    sum(r.negative + r.neutral + r.positive) AS scored,
    sum(r.negative) AS negative,
    sum(r.neutral) AS neutral,
    sum(r.positive) AS positive,
    sum(r.ratings_1_5) AS ratings_1_5,
    sum(r.rating_thousandths) / 1000.0 / nullif(sum(r.ratings_1_5), 0) AS mean_rating_1_5
  FROM rollup_days r
  JOIN sources s ON s.id = r.source_id
  JOIN brands b ON b.id = s.brand_id
  WHERE r.mentions > 0
  GROUP BY b.name, b.role, r.week, s.name
),
adjusted AS (
  SELECT
    *,
    scored + 3.0 AS an,
    (positive + 0.75) / (scored + 3.0) AS ap,
    (negative + 0.75) / (scored + 3.0) AS ad
  FROM counted
)
SELECT
  a.brand,
  a.role,
  a.week,
  source,
  mentions,
  scored,
  negative,
  neutral,
  positive,
  round(100.0 * (positive - negative) / nullif(scored, 0), 2) AS net_sentiment,
  CASE WHEN scored > 0 THEN round(max(-100.0, 100.0 * (ap - ad
    - 1.959964 * sqrt((ap + ad - (ap - ad) * (ap - ad)) / an))), 2)
  END AS net_sentiment_low,
  CASE WHEN scored > 0 THEN round(min(100.0, 100.0 * (ap - ad
    + 1.959964 * sqrt((ap + ad - (ap - ad) * (ap - ad)) / an))), 2)
  END AS net_sentiment_high,
  ratings_1_5,
  round(mean_rating_1_5, 3) AS mean_rating_1_5,
  coalesce(v.is_partial, 0) AS is_partial
FROM adjusted a
LEFT JOIN collected_weekly v ON v.brand = a.brand AND v.week = a.week
