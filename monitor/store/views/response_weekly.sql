-- How the owner answers reviews in public, by week in which they were written, for the own brand and
-- competitors alike. answered_share is answered / reviews, 0..1; mean_reply_minutes is over
-- timed_replies, those whose time the source gives. negative_unanswered are complaints that wait.
-- In a week that is_partial a source never answered. Near-duplicates are counted once; review by review: response_times.
CREATE VIEW response_weekly AS
SELECT
  b.name AS brand,
  b.role,
  r.week,
  sum(r.mentions) AS reviews,
  sum(r.answered) AS answered,
  round(1.0 * sum(r.answered) / sum(r.mentions), 4) AS answered_share,
  sum(r.replies_timed) AS timed_replies,
  round(1.0 * sum(r.reply_minutes) / nullif(sum(r.replies_timed), 0), 1) AS mean_reply_minutes,
  sum(r.negative) AS negative,
  sum(r.negative) - sum(r.negative_answered) AS negative_unanswered,
  coalesce(max(v.is_partial), 0) AS is_partial
FROM rollup_days r
JOIN sources s ON s.id = r.source_id
JOIN brands b ON b.id = s.brand_id
LEFT JOIN collected_weekly v ON v.brand = b.name AND v.week = r.week
WHERE r.kind = 'review' AND r.mentions > 0
GROUP BY b.name, b.role, r.week
