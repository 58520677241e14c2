-- What people wrote in the survey, one row a comment, with the label that the model gives it (as for
-- mentions, language by language) beside the scores that its writer gave. label is NULL while it
-- waits for the model, and for languages that the model does not read. aspects are those that the
-- text speaks of, with commas between.
CREATE VIEW survey_comments AS
SELECT
  r.id AS response_id,
  b.name AS brand,
  su.name AS survey,
  w.name AS wave,
  r.answered_at,
  coalesce(c.language, r.language) AS language,
  r.comment,
  c.label,
  round(max(c.negative, c.neutral, c.positive), 4) AS confidence,
  (SELECT group_concat(a.aspect, ', ') FROM comment_aspects a WHERE a.response_id = r.id) AS aspects,
  r.nps,
  r.csat,
  r.ces,
  r.segment,
  r.location
FROM survey_responses r
JOIN survey_waves w ON w.id = r.wave_id
JOIN surveys su ON su.id = w.survey_id
JOIN brands b ON b.id = su.brand_id
LEFT JOIN comment_scores c ON c.response_id = r.id
WHERE r.comment IS NOT NULL
