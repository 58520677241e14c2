-- The reputation index, version 1: 0-100 by week of the brand, and the terms that it is made of. Each
-- term is drawn toward the brand's own past (the 52 weeks before) when n is small, as if 50 mentions,
-- 20 ratings, 50 survey answers of the past stood beside those of the week; where there is no past,
-- toward the middle of its scale. sentiment_term is net sentiment stretched to 0-100; rating_term the
-- mean rating on 1-5 stretched to 0-100; survey_term the NPS, stretched likewise, of the newest wave
-- that ended in the 26 weeks up to the week's end. The index weighs them 50 : 30 : 20; a term that is
-- not there (no rating in a year, no wave) leaves its weight to the others. sentiment_n, ratings_n and
-- survey_n are those of the week. Formula and worked example: docs/measures.md.
CREATE VIEW reputation_index_weekly AS
WITH summed AS (
  SELECT
    *,
    coalesce(sum(positive - negative) OVER past, 0) AS past_balance,
    coalesce(sum(scored) OVER past, 0) AS past_scored,
    coalesce(sum(ratings_1_5 * mean_rating_1_5) OVER past, 0) AS past_stars,
    coalesce(sum(ratings_1_5) OVER past, 0) AS past_ratings
  FROM reputation_weekly
  WINDOW past AS (PARTITION BY brand ORDER BY week ROWS BETWEEN 52 PRECEDING AND 1 PRECEDING)
),
waves AS (
  SELECT
    brand,
    ends_on,
    nps_n,
    nps * nps_n AS balance,
    coalesce(sum(nps * nps_n) OVER past, 0) AS past_balance,
    coalesce(sum(nps_n) OVER past, 0) AS past_n
  FROM nps_by_wave
  WHERE nps_n > 0
  WINDOW past AS (PARTITION BY brand ORDER BY ends_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
surveyed AS (
  SELECT
    brand,
    ends_on,
    nps_n,
    50 + 0.5 * (balance + 50.0 * coalesce(1.0 * past_balance / nullif(past_n, 0), 0))
      / (nps_n + 50.0) AS term
  FROM waves
),
terms AS (
  SELECT
    t.brand,
    t.role,
    t.week,
    t.is_partial,
    t.scored AS sentiment_n,
    50 + 50.0 * (t.positive - t.negative
        + 50.0 * coalesce(1.0 * t.past_balance / nullif(t.past_scored, 0), 0))
      / (t.scored + 50.0) AS sentiment_term,
    t.ratings_1_5 AS ratings_n,
    CASE WHEN t.ratings_1_5 + t.past_ratings > 0 THEN
      25.0 * ((coalesce(t.ratings_1_5 * t.mean_rating_1_5, 0)
          + 20.0 * coalesce(1.0 * t.past_stars / nullif(t.past_ratings, 0), 3))
        / (t.ratings_1_5 + 20.0) - 1)
    END AS rating_term,
    s.nps_n AS survey_n,
    s.term AS survey_term
  FROM summed t
  LEFT JOIN surveyed s ON s.brand = t.brand AND s.ends_on = (
    SELECT max(x.ends_on) FROM surveyed x
    WHERE x.brand = t.brand AND x.ends_on <= date(t.week, '+6 days')
      AND x.ends_on > date(t.week, '+6 days', '-182 days')
  )
  WHERE t.scored + t.past_scored > 0
)
SELECT
  brand,
  role,
  week,
  1 AS version,
  round((0.5 * sentiment_term + coalesce(0.3 * rating_term, 0) + coalesce(0.2 * survey_term, 0))
    / (0.5 + 0.3 * (rating_term IS NOT NULL) + 0.2 * (survey_term IS NOT NULL)), 2)
    AS reputation_index,
  round(sentiment_term, 2) AS sentiment_term,
  sentiment_n,
  round(rating_term, 2) AS rating_term,
  ratings_n,
  round(survey_term, 2) AS survey_term,
  coalesce(survey_n, 0) AS survey_n,
  is_partial
FROM terms
GROUP BY brand, week
