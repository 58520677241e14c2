-- Figures of the company's own systems by week of the brand. Counts (complaints, repeat_contacts,
-- orders, repeat_orders, churned) are sums of the week's days, reply_minutes is the mean of them,
-- active is that of the last day. Where a day has a figure of the whole company beside those of
-- places or segments, that one counts; else its parts are put together. days says of how many days
-- of the week there is anything. The shares are in percent: repeat orders among orders, churned
-- among active; complaints_per_1000_orders is a rate. NULL where a figure is not there.
CREATE VIEW metrics_weekly AS
WITH parts AS (
  SELECT
    m.brand_id,
    m.name,
    m.day,
    m.value,
    m.location = '' AND m.segment = '' AS is_whole,
    max(m.location = '' AND m.segment = '') OVER (PARTITION BY m.brand_id, m.name, m.day) AS has_whole
  FROM metrics m
),
daily AS (
  SELECT
    brand_id,
    name,
    day,
    CASE WHEN name = 'reply_minutes' THEN avg(value) ELSE sum(value) END AS value
  FROM parts
  WHERE is_whole = has_whole
  GROUP BY brand_id, name, day
),
dated AS (
  SELECT
    b.name AS brand,
    d.name,
    d.day,
    d.value,
    date(d.day, '-' || ((strftime('%w', d.day) - b.week_start + 7) % 7) || ' days') AS week
  FROM daily d
  JOIN brands b ON b.id = d.brand_id
),
active AS (
  SELECT brand, week, value, max(day) FROM dated WHERE name = 'active' GROUP BY brand, week
),
weekly AS (
  SELECT
    brand,
    week,
    count(DISTINCT day) AS days,
    avg(CASE WHEN name = 'reply_minutes' THEN value END) AS reply_minutes,
    sum(CASE WHEN name = 'complaints' THEN value END) AS complaints,
    sum(CASE WHEN name = 'repeat_contacts' THEN value END) AS repeat_contacts,
    sum(CASE WHEN name = 'orders' THEN value END) AS orders,
    sum(CASE WHEN name = 'repeat_orders' THEN value END) AS repeat_orders,
    sum(CASE WHEN name = 'churned' THEN value END) AS churned
  FROM dated
  GROUP BY brand, week
)
SELECT
  w.brand,
  w.week,
  w.days,
  round(w.reply_minutes, 2) AS reply_minutes,
  w.complaints,
  w.repeat_contacts,
  w.orders,
  w.repeat_orders,
  w.churned,
  a.value AS active,
  round(1000.0 * w.complaints / nullif(w.orders, 0), 2) AS complaints_per_1000_orders,
  round(100.0 * w.repeat_orders / nullif(w.orders, 0), 2) AS repeat_order_share,
  round(100.0 * w.churned / nullif(a.value, 0), 2) AS churned_share
FROM weekly w
LEFT JOIN active a ON a.brand = w.brand AND a.week = w.week
