-- Comments of a survey wave by language: how many, and what they say. comment_rate is comments among
-- all answers of the wave, 0..1. net_sentiment is (positive - negative) / scored, -100..100.
CREATE VIEW comments_by_wave AS
SELECT
  b.name AS brand,
  su.name AS survey,
  w.name AS wave,
  w.starts_on,
  coalesce(c.language, r.language) AS language,
  count(*) AS comments,
  round(1.0 * count(*) / (SELECT count(*) FROM survey_responses x WHERE x.wave_id = w.id), 4)
    AS comment_rate,
  count(c.label) AS scored,
  coalesce(sum(c.label = 'negative'), 0) AS negative,
  coalesce(sum(c.label = 'neutral'), 0) AS neutral,
  coalesce(sum(c.label = 'positive'), 0) AS positive,
  round(100.0 * (sum(c.label = 'positive') - sum(c.label = 'negative')) / nullif(count(c.label), 0), 2)
    AS net_sentiment
FROM survey_responses r
JOIN survey_waves w ON w.id = r.wave_id
JOIN surveys su ON su.id = w.survey_id
JOIN brands b ON b.id = su.brand_id
LEFT JOIN comment_scores c ON c.response_id = r.id
WHERE r.comment IS NOT NULL
GROUP BY w.id, coalesce(c.language, r.language)
