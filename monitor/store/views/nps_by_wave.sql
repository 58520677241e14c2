-- Net promoter score per survey wave: % 9-10 minus % 0-6, with the adjusted Wald interval at 95 %
-- (three more answers, three quarters of one a promoter and three quarters a detractor), cut at
-- -100 and 100; NULL where nobody gave a score. response_rate is answers / invited, NULL where the
-- number of invitations is not known. csat is the share of 4-5, in percent.
CREATE VIEW nps_by_wave AS
WITH counted AS (
  SELECT
    b.name AS brand,
    su.name AS survey,
    w.name AS wave,
    w.starts_on,
    w.ends_on,
    w.invited,
    count(*) AS responses,
    count(r.nps) AS n,
    coalesce(sum(r.nps >= 9), 0) AS promoters,
    coalesce(sum(r.nps >= 7 AND r.nps < 9), 0) AS passives,
    coalesce(sum(r.nps < 7), 0) AS detractors,
    sum(r.comment IS NOT NULL) AS comments,
    avg(r.csat >= 4) AS csat
  FROM survey_responses r
  JOIN survey_waves w ON w.id = r.wave_id
  JOIN surveys su ON su.id = w.survey_id
  JOIN brands b ON b.id = su.brand_id
  GROUP BY w.id
),
adjusted AS (
  SELECT
    *,
    n + 3.0 AS an,
    (promoters + 0.75) / (n + 3.0) AS ap,
    (detractors + 0.75) / (n + 3.0) AS ad
  FROM counted
)
SELECT
  brand,
  survey,
  wave,
  starts_on,
  ends_on,
  responses,
  round(1.0 * responses / invited, 4) AS response_rate,
  comments,
  n AS nps_n,
  promoters,
  passives,
  detractors,
  round(100.0 * (promoters - detractors) / nullif(n, 0), 2) AS nps,
  CASE WHEN n > 0 THEN round(max(-100.0, 100.0 * (ap - ad
    - 1.959964 * sqrt((ap + ad - (ap - ad) * (ap - ad)) / an))), 2) END AS nps_low,
  CASE WHEN n > 0 THEN round(min(100.0, 100.0 * (ap - ad
    + 1.959964 * sqrt((ap + ad - (ap - ad) * (ap - ad)) / an))), 2) END AS nps_high,
  round(100.0 * csat, 2) AS csat
FROM adjusted
