-- Counts a week of the brand (its zone, its first weekday). net_sentiment_low and _high are a 95 %
-- interval: adjusted Wald, as for NPS (three more mentions, three quarters of one on each side), cut
-- at -100 and 100. blind_sources counts the sources that were tried in that week and never
-- answered: with one of them the week is partial, and a small number is no good news.
-- A week in which sources were tried has a row also when it has no mentions: 0 where they answered,
-- partial where one did not. Near-duplicates are counted once.
CREATE VIEW reputation_weekly AS
WITH weekly AS (
  SELECT
    brand,
    week,
    count(*) AS mentions,
    count(label) AS scored,
    coalesce(sum(label = 'negative'), 0) AS negative,
    coalesce(sum(label = 'neutral'), 0) AS neutral,
    coalesce(sum(label = 'positive'), 0) AS positive,
    sum(rating_scale IS '1-5') AS ratings_1_5,
    avg(CASE WHEN rating_scale = '1-5' THEN rating_value END) AS mean_rating_1_5
  FROM current_scores
  WHERE duplicate_of IS NULL
  GROUP BY brand, week
),
seen AS (
  SELECT
    b.name AS brand,
    date(r.local_day,
      '-' || ((strftime('%w', r.local_day) - b.week_start + 7) % 7) || ' days') AS week,
    r.source_id,
    max(r.state IN ('ok', 'unchanged', 'empty', 'partial')) AS answered
  FROM crawl_runs r
  JOIN sources s ON s.id = r.source_id
  JOIN brands b ON b.id = s.brand_id
  GROUP BY 1, 2, 3
),
blind AS (
  SELECT brand, week, sum(answered = 0) AS blind_sources FROM seen GROUP BY brand, week
),
every_week AS (
  SELECT brand, week FROM weekly UNION SELECT brand, week FROM seen
),
filled AS (
  SELECT
    e.brand,
    b.role,
    e.week,
    coalesce(w.mentions, 0) AS mentions,
    coalesce(w.scored, 0) AS scored,
    coalesce(w.negative, 0) AS negative,
    coalesce(w.neutral, 0) AS neutral,
    coalesce(w.positive, 0) AS positive,
    coalesce(w.ratings_1_5, 0) AS ratings_1_5,
    w.mean_rating_1_5
  FROM every_week e
  JOIN brands b ON b.name = e.brand
  LEFT JOIN weekly w ON w.brand = e.brand AND w.week = e.week
),
adjusted AS (
  SELECT
    *,
    scored + 3.0 AS an,
    (positive + 0.75) / (scored + 3.0) AS ap,
    (negative + 0.75) / (scored + 3.0) AS ad
  FROM filled
)
SELECT
  w.brand,
  w.role,
  w.week,
  w.mentions,
  w.scored,
  w.negative,
  w.neutral,
  w.positive,
  round(100.0 * (w.positive - w.negative) / nullif(w.scored, 0), 2) AS net_sentiment,
  CASE WHEN w.scored > 0 THEN round(max(-100.0, 100.0 * (w.ap - w.ad
    - 1.959964 * sqrt((w.ap + w.ad - (w.ap - w.ad) * (w.ap - w.ad)) / w.an))), 2)
  END AS net_sentiment_low,
  CASE WHEN w.scored > 0 THEN round(min(100.0, 100.0 * (w.ap - w.ad
    + 1.959964 * sqrt((w.ap + w.ad - (w.ap - w.ad) * (w.ap - w.ad)) / w.an))), 2)
  END AS net_sentiment_high,
  w.ratings_1_5,
  round(w.mean_rating_1_5, 3) AS mean_rating_1_5,
  coalesce(blind.blind_sources, 0) AS blind_sources,
  coalesce(blind.blind_sources, 0) > 0 AS is_partial
FROM adjusted w
LEFT JOIN blind ON blind.brand = w.brand AND blind.week = w.week
