-- Every watched brand beside the others, week by week. share_of_voice is the brand's mentions among
-- the mentions of all watched brands whose week starts on the same day, 0..1. In a week that is
-- is_partial for one brand the shares of all are off: has_partial says so in every row of it.
CREATE VIEW benchmark_weekly AS
SELECT
  week,
  brand,
  role,
  mentions,
  round(1.0 * mentions / sum(mentions) OVER (PARTITION BY week), 4) AS share_of_voice,
  net_sentiment,
  net_sentiment_low,
  net_sentiment_high,
  ratings_1_5,
  mean_rating_1_5,
  is_partial,
  max(is_partial) OVER (PARTITION BY week) AS has_partial
FROM reputation_weekly
