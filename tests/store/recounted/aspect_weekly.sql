-- What people dwell on: aspects of texts by week of the brand, with the label that the clause about
-- it carries (not the label of the whole text). mentions counts each text once an aspect, of the
-- newest version, near-duplicates left out. net_sentiment is (positive - negative) / mentions,
-- -100..100. stage is the part of the customer's journey that the aspect belongs to. In a week that
-- is_partial a source never answered: an aspect that is mentioned less may only be seen less.
CREATE VIEW aspect_weekly AS
SELECT
  c.brand,
  c.role,
  c.week,
  a.aspect,
  a.stage,
  count(*) AS mentions,
  sum(a.label = 'negative') AS negative,
  sum(a.label = 'neutral') AS neutral,
  sum(a.label = 'positive') AS positive,
  round(100.0 * (sum(a.label = 'positive') - sum(a.label = 'negative')) / count(*), 2) AS net_sentiment,
  coalesce(max(v.is_partial), 0) AS is_partial
FROM aspects a
JOIN current_scores c ON c.version_id = a.version_id
LEFT JOIN collected_weekly v ON v.brand = c.brand AND v.week = c.week
WHERE c.duplicate_of IS NULL
GROUP BY c.brand, c.role, c.week, a.aspect, a.stage
