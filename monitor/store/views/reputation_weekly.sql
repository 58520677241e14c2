-- Counts a week of the brand (its zone, its first weekday). net_sentiment_low and _high are a 95 %
-- interval: adjusted Wald, as for NPS (three more mentions, three quarters of one on each side), cut
-- at -100 and 100. blind_sources counts the sources that were tried in that week and never
-- answered: with one of them the week is partial, and a small number is no good news.
-- A week in which sources were tried has a row also when it has no mentions: 0 where they answered,
-- partial where one did not. Near-duplicates are counted once.
-- unsure counts labels the model is not sure of (see current_scores). negative_share is negative /
-- scored, 0..1; negative_share_corrected is the same less what the model is known to get wrong
-- (adjusted count, docs/measures.md), NULL where the errors of the model in use are not known.
-- Labels by the text alone are counted by who read it (reader): there the model's errors are those
-- that were measured. A person's label, and one that the author's own rating shares in, count as
-- they are.
CREATE VIEW reputation_weekly AS
WITH counted AS (
  SELECT
    b.name AS brand,
    b.role,
    r.week,
    sum(r.mentions) AS mentions,
    sum(r.negative + r.neutral + r.positive) AS scored,
    sum(r.negative) AS negative,
    sum(r.neutral) AS neutral,
    sum(r.positive) AS positive,
    sum(r.ratings_1_5) AS ratings_1_5,
    sum(r.rating_thousandths) / 1000.0 / nullif(sum(r.ratings_1_5), 0) AS mean_rating_1_5,
    sum(r.unsure) AS unsure,
    count(DISTINCT CASE WHEN r.runs > 0 THEN r.source_id END)
      - count(DISTINCT CASE WHEN r.runs_answered > 0 THEN r.source_id END) AS blind_sources,
    sum(CASE
      WHEN r.reader = '' THEN r.negative
      WHEN coalesce(k.found - k.false_alarms, a.found - a.false_alarms) < 0.2 THEN NULL
      ELSE (r.negative - coalesce(k.false_alarms, a.false_alarms) * r.mentions)
        / coalesce(k.found - k.false_alarms, a.found - a.false_alarms)
    END) AS negative_corrected,
    sum(r.reader <> '' AND r.mentions > 0
      AND coalesce(k.found - k.false_alarms, a.found - a.false_alarms, 0) < 0.2) AS unknown
  FROM rollup_days r
  JOIN sources s ON s.id = r.source_id
  JOIN brands b ON b.id = s.brand_id
  LEFT JOIN model_errors k
    ON k.revision = r.reader AND k.language = r.language AND k.kind = r.kind
  LEFT JOIN model_errors a ON a.revision = r.reader AND a.language = r.language AND a.kind = ''
  GROUP BY b.name, b.role, r.week
  HAVING sum(r.mentions) + sum(r.runs) > 0
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
  brand,
  role,
  week,
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
  blind_sources,
  blind_sources > 0 AS is_partial,
  unsure,
  round(1.0 * negative / nullif(scored, 0), 4) AS negative_share,
  CASE WHEN unknown = 0 THEN
    round(min(1.0, max(0.0, negative_corrected / nullif(scored, 0))), 4)
  END AS negative_share_corrected
FROM adjusted
