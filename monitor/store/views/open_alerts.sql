-- Alerts nobody has resolved yet, newest first, with how far their messages got.
CREATE VIEW open_alerts AS
SELECT
  a.id AS alert_id,
  b.name AS brand,
  a.severity,
  a.rule,
  a.title,
  a.reason,
  a.state,
  a.started_at,
  a.decided_at,
  a.acknowledged_by,
  (SELECT count(*) FROM alert_mentions am WHERE am.alert_id = a.id) AS mentions,
  (SELECT count(*) FROM deliveries d WHERE d.alert_id = a.id AND d.state = 'sent') AS sent,
  (SELECT count(*) FROM deliveries d WHERE d.alert_id = a.id AND d.state = 'pending') AS pending,
  (SELECT count(*) FROM deliveries d WHERE d.alert_id = a.id AND d.state = 'failed') AS failed
FROM alerts a
LEFT JOIN brands b ON b.id = a.brand_id
WHERE a.state <> 'resolved'
ORDER BY a.decided_at DESC, a.id DESC
