-- One row a mention in its newest version, with the label that counts now: a person's correction
-- wins over the model. label is NULL while a mention waits for its score, and for ratings without
-- text in a language the model does not read. Deleted mentions are left out; a near-duplicate of
-- another mention (the same story in two feeds) is here, with duplicate_of set. is_unsure is 1 where
-- the model gives its label less than model.unsure_below of the configuration: look at these first.
-- week is the first day of the brand's week that holds local_day.
CREATE VIEW current_scores AS
SELECT
  m.id AS mention_id,
  m.version_id,
  v.number AS version,
  b.name AS brand,
  b.role,
  s.name AS source,
  m.kind,
  m.language,
  m.local_day,
  date(m.local_day, '-' || ((strftime('%w', m.local_day) - b.week_start + 7) % 7) || ' days') AS week,
  m.published_at,
  m.first_seen_at,
  v.title,
  v.text,
  m.url,
  m.author,
  m.location,
  m.subject,
  m.rating_value,
  m.rating_scale,
  coalesce(c.label, sc.label) AS label,
  CASE WHEN c.id IS NOT NULL THEN 'person' WHEN sc.id IS NOT NULL THEN 'model' END AS label_by,
  sc.negative,
  sc.neutral,
  sc.positive,
  CASE WHEN c.id IS NOT NULL THEN 1.0 ELSE max(sc.negative, sc.neutral, sc.positive) END AS confidence,
  CASE WHEN c.id IS NOT NULL THEN 0 ELSE max(sc.negative, sc.neutral, sc.positive)
    < (SELECT unsure_below FROM reading) END AS is_unsure,
  sc.revision,
  m.duplicate_of,
  m.is_backfill
FROM mentions m
JOIN sources s ON s.id = m.source_id
JOIN brands b ON b.id = s.brand_id
JOIN mention_versions v ON v.id = m.version_id
LEFT JOIN scores sc ON sc.id = v.score_id
LEFT JOIN corrections c ON c.version_id = v.id
WHERE m.deleted_at IS NULL
