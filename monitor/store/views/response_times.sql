-- Public replies of the owner, mention by mention, for the own brand and competitors alike.
-- reply_minutes is NULL while a mention is unanswered or the source gives no time of the reply.
CREATE VIEW response_times AS
SELECT
  c.mention_id,
  c.brand,
  c.role,
  c.source,
  c.week,
  c.label,
  c.published_at,
  m.reply_text IS NOT NULL AS is_answered,
  m.reply_at,
  CAST(round((julianday(m.reply_at) - julianday(c.published_at)) * 1440) AS INTEGER) AS reply_minutes
FROM current_scores c
JOIN mentions m ON m.id = c.mention_id
WHERE c.kind = 'review'
