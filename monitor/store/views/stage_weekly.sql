-- What texts say of each stage of the customer's journey, by week of the brand, from the aspects
-- that belong to the stage. mentions counts each text once a stage, with the balance of its clauses
-- about it: as much praise as blame is neutral. net_sentiment is (positive - negative) / mentions,
-- -100..100, with its 95 % interval; near-duplicates are left out.
-- In a week that is_partial a source of the brand never answered.
CREATE VIEW stage_weekly AS
WITH counted AS (
  SELECT
    b.name AS brand,
    b.role,
    r.week,
    r.stage AS stage,
    sum(r.mentions) AS mentions,
    sum(r.negative + r.neutral + r.positive) AS scored,
    sum(r.negative) AS negative,
    sum(r.neutral) AS neutral,
    sum(r.positive) AS positive
  FROM rollup_stages r
  JOIN sources s ON s.id = r.source_id
  JOIN brands b ON b.id = s.brand_id
  GROUP BY b.name, b.role, r.week, r.stage
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
  stage,
  mentions,
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
  coalesce(v.is_partial, 0) AS is_partial
FROM adjusted a
LEFT JOIN collected_weekly v ON v.brand = a.brand AND v.week = a.week
