-- Surveys and reviews side by side, by week of the brand and stage of the customer's journey. Three
-- sources that never are averaged together: survey_mean_1_5 is what the own survey's stage scores
-- say (days of answers are taken in UTC); parts_share is how far up their scales reviewers rated the
-- parts (Heureka, Zbozi, hotels, 0 worst, 100 best); net_sentiment is what texts say of the stage's
-- aspects, with its 95 % interval (stage_weekly). The n of each stands beside it; NULL where nobody
-- said anything; in a week that is_partial a source never answered. Names of questions and parts that belong to no stage we know are stages themselves.
CREATE VIEW satisfaction_weekly AS
WITH named(name, stage) AS (
  VALUES
    ('site', 'ordering'), ('payment', 'ordering'), ('web_usability', 'ordering'),
    ('app', 'ordering'), ('checkout', 'ordering'),
    ('delivery_time', 'delivery'), ('transport_quality', 'delivery'), ('packaging', 'delivery'),
    ('communication', 'support'), ('staff', 'visit'), ('service', 'visit'),
    ('cleanliness', 'visit'), ('location', 'visit'), ('atmosphere', 'visit'), ('speed', 'visit'),
    ('rooms', 'product'), ('sleep_quality', 'product'), ('quality', 'product'),
    ('food', 'product'), ('reliability', 'product'), ('value', 'choice'), ('price', 'choice'),
    ('selection', 'choice')
),
asked AS (
  SELECT
    b.name AS brand,
    date(r.answered_at,
      '-' || ((strftime('%w', r.answered_at) - b.week_start + 7) % 7) || ' days') AS week,
    coalesce(n.stage, s.stage) AS stage,
    count(*) AS survey_n,
    avg(s.score) AS survey_mean_1_5
  FROM survey_stage_scores s
  JOIN survey_responses r ON r.id = s.response_id
  JOIN survey_waves w ON w.id = r.wave_id
  JOIN surveys su ON su.id = w.survey_id
  JOIN brands b ON b.id = su.brand_id
  LEFT JOIN named n ON n.name = s.stage
  GROUP BY 1, 2, 3
),
rated AS (
  SELECT
    b.name AS brand,
    date(m.local_day,
      '-' || ((strftime('%w', m.local_day) - b.week_start + 7) % 7) || ' days') AS week,
    coalesce(n.stage, j.key) AS stage,
    count(*) AS parts_n,
    avg(100.0 * CASE j.value ->> 'scale'
      WHEN 'thumb' THEN j.value ->> 'value'
      WHEN 'three-step' THEN ((j.value ->> 'value') - 1) / 2.0
      ELSE ((j.value ->> 'value')
          - CAST(substr(j.value ->> 'scale', 1, instr(j.value ->> 'scale', '-') - 1) AS REAL))
        / (CAST(substr(j.value ->> 'scale', instr(j.value ->> 'scale', '-') + 1) AS REAL)
          - CAST(substr(j.value ->> 'scale', 1, instr(j.value ->> 'scale', '-') - 1) AS REAL))
    END) AS parts_share
  FROM mentions m
  JOIN sources s ON s.id = m.source_id
  JOIN brands b ON b.id = s.brand_id
  JOIN json_each(m.sub_ratings) j
  LEFT JOIN named n ON n.name = j.key
  WHERE m.sub_ratings <> '{}' AND m.deleted_at IS NULL AND m.duplicate_of IS NULL
    AND j.key <> 'recommends'
  GROUP BY 1, 2, 3
),
every_stage AS (
  SELECT brand, week, stage FROM asked
  UNION
  SELECT brand, week, stage FROM rated
  UNION
  SELECT brand, week, stage FROM stage_weekly
)
SELECT
  e.brand,
  b.role,
  e.week,
  e.stage,
  coalesce(a.survey_n, 0) AS survey_n,
  round(a.survey_mean_1_5, 3) AS survey_mean_1_5,
  coalesce(r.parts_n, 0) AS parts_n,
  round(r.parts_share, 2) AS parts_share,
  coalesce(t.mentions, 0) AS mentions,
  t.net_sentiment,
  t.net_sentiment_low,
  t.net_sentiment_high,
  coalesce(v.is_partial, 0) AS is_partial
FROM every_stage e
JOIN brands b ON b.name = e.brand
LEFT JOIN asked a ON a.brand = e.brand AND a.week = e.week AND a.stage = e.stage
LEFT JOIN rated r ON r.brand = e.brand AND r.week = e.week AND r.stage = e.stage
LEFT JOIN stage_weekly t ON t.brand = e.brand AND t.week = e.week AND t.stage = e.stage
LEFT JOIN collected_weekly v ON v.brand = e.brand AND v.week = e.week
