-- What people dwell on: aspects of texts by week of the brand, with the label that the clause about
-- it carries (not the label of the whole text). mentions counts each text once an aspect, of the
-- newest version, near-duplicates left out. net_sentiment is (positive - negative) / mentions,
-- -100..100. stage is the part of the customer's journey that the aspect belongs to. In a week that
-- is_partial a source never answered: an aspect that is mentioned less may only be seen less.
CREATE VIEW aspect_weekly AS
SELECT
  b.name AS brand,
  b.role,
  r.week,
  r.aspect,
  nullif(r.stage, '') AS stage,
  sum(r.mentions) AS mentions,
  sum(r.negative) AS negative,
  sum(r.neutral) AS neutral,
  sum(r.positive) AS positive,
  round(100.0 * (sum(r.positive) - sum(r.negative)) / sum(r.mentions), 2) AS net_sentiment,
  coalesce(max(v.is_partial), 0) AS is_partial
FROM rollup_aspects r
JOIN sources s ON s.id = r.source_id
JOIN brands b ON b.id = s.brand_id
LEFT JOIN collected_weekly v ON v.brand = b.name AND v.week = r.week
GROUP BY b.name, b.role, r.week, r.aspect, r.stage
