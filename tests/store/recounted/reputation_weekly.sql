-- Counts a week of the brand (its zone, its first weekday). net_sentiment_low and _high are a 95 %
-- interval: adjusted Wald, as for NPS (three more mentions, three quarters of one on each side), cut
-- at -100 and 100. blind_sources counts the sources that were tried in that week and never
-- answered: with one of them the week is partial, and a small number is no good news.
-- A week in which sources were tried has a row also when it has no mentions: 0 where they answered,
-- partial where one did not. Near-duplicates are counted once.
-- unsure counts labels the model is not sure of (see current_scores). negative_share is negative /
-- scored, 0..1; negative_share_corrected is the same less what the model is known to get wrong
-- (adjusted count, docs/measures.md), NULL where the errors of the model in use are not known.
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
    avg(CASE WHEN rating_scale = '1-5' THEN rating_value END) AS mean_rating_1_5,
    sum(is_unsure) AS unsure
  FROM current_scores
  WHERE duplicate_of IS NULL
  GROUP BY brand, week
),
-- Labels by the text alone, by who read it: there the model's errors are those that were measured.
-- A person's label, and one that the author's own rating shares in, count as they are.
read_texts AS (
  SELECT
    brand,
    week,
    revision,
    language,
    kind,
    label_by = 'model' AND rating_value IS NULL AS is_read,
    count(*) AS n,
    sum(label = 'negative') AS negative
  FROM current_scores
  WHERE duplicate_of IS NULL AND label IS NOT NULL
  GROUP BY brand, week, revision, language, kind, is_read
),
corrected AS (
  SELECT
    brand,
    week,
    sum(CASE
      WHEN NOT is_read THEN negative
      WHEN coalesce(k.found - k.false_alarms, a.found - a.false_alarms) < 0.2 THEN NULL
      ELSE (negative - coalesce(k.false_alarms, a.false_alarms) * t.n)
        / coalesce(k.found - k.false_alarms, a.found - a.false_alarms)
    END) AS negative,
    sum(is_read AND coalesce(k.found - k.false_alarms, a.found - a.false_alarms, 0) < 0.2) AS blind,
    sum(t.n) AS n
  FROM read_texts t
  LEFT JOIN model_errors k
    ON k.revision = t.revision AND k.language = t.language AND k.kind = t.kind
  LEFT JOIN model_errors a ON a.revision = t.revision AND a.language = t.language AND a.kind = ''
  GROUP BY brand, week
),
every_week AS (
  SELECT brand, week FROM weekly UNION SELECT brand, week FROM collected_weekly
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
    w.mean_rating_1_5,
    coalesce(w.unsure, 0) AS unsure
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
  coalesce(v.blind_sources, 0) AS blind_sources,
  coalesce(v.is_partial, 0) AS is_partial,
  w.unsure,
  round(1.0 * w.negative / nullif(w.scored, 0), 4) AS negative_share,
  CASE WHEN c.blind = 0 THEN round(min(1.0, max(0.0, c.negative / c.n)), 4) END
    AS negative_share_corrected
FROM adjusted w
LEFT JOIN corrected c ON c.brand = w.brand AND c.week = w.week
LEFT JOIN collected_weekly v ON v.brand = w.brand AND v.week = w.week
