INSERT INTO hot_web_funnel_by_minute
SELECT
  `minute`, device, COUNT(*), COUNT(DISTINCT session_id),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'SEARCH'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'VIEW'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'ADD'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'CHECKOUT'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'PAY')
FROM clicks GROUP BY `minute`, device;
