INSERT INTO hot_web_funnel_by_minute
SELECT
  `minute`, device, COUNT(*), COUNT(DISTINCT session_id),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'SEARCH'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'VIEW'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'ADD'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'CHECKOUT'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'PAY')
FROM clicks GROUP BY `minute`, device;

-- A late click may move a session to another minute, join two or begin an earlier one: what a minute counted before is taken back then, so
-- that no count of it tells the newer figure from the older. Its version is the clock.
INSERT INTO hot_web_sessions_by_minute
SELECT
  `minute`, device, UNIX_TIMESTAMP(), sessions, viewed, added, checked_out, paid, baskets, unpaid
FROM (
  SELECT
    FLOOR(s.last_at TO MINUTE) AS `minute`, v.device, COUNT(*) AS sessions,
    COUNT(*) FILTER (WHERE s.came_to >= 1) AS viewed,
    COUNT(*) FILTER (WHERE s.came_to >= 2) AS added,
    COUNT(*) FILTER (WHERE s.came_to >= 3) AS checked_out,
    COUNT(*) FILTER (WHERE s.paid) AS paid,
    COUNT(*) FILTER (WHERE s.has_basket) AS baskets,
    COUNT(*) FILTER (WHERE s.has_basket AND NOT s.paid) AS unpaid
  FROM (SELECT session_id, MAX(device) AS device, SESSIONS_OF(event_time, event_type) AS sessions FROM clicks GROUP BY session_id) AS v
  CROSS JOIN UNNEST(v.sessions) AS s (last_at, came_to, has_basket, paid)
  GROUP BY FLOOR(s.last_at TO MINUTE), v.device
);
INSERT INTO hot_web_searches_by_day
SELECT DATE_FORMAT(`minute`, 'yyyy-MM-dd'), device, search_terms, COUNT(*), COUNT(*) FILTER (WHERE result_count = 0)
FROM clicks WHERE event_type = 'SEARCH' AND search_terms IS NOT NULL
GROUP BY DATE_FORMAT(`minute`, 'yyyy-MM-dd'), device, search_terms;
