INSERT INTO hot_web_funnel_by_minute
SELECT
  `minute`, device, COUNT(*), COUNT(DISTINCT session_id),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'SEARCH'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'VIEW'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'ADD'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'CHECKOUT'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'PAY')
FROM clicks GROUP BY `minute`, device;

-- A late click may move a session to another minute, join two or begin an earlier one: what a minute counted before is taken back then. The
-- number of a minute's changes only grows and is kept in state: it is the version, by which a figure that is told again after a recovery is
-- known for the older one.
INSERT INTO hot_web_sessions_by_minute
SELECT
  `minute`, device, COUNT(*) + ${since}, SUM(sessions), SUM(viewed), SUM(added), SUM(checked_out), SUM(paid), SUM(baskets), SUM(unpaid)
FROM session_changes GROUP BY `minute`, device;
INSERT INTO hot_web_searches_by_day
SELECT `day`, device, name, COUNT(*), COUNT(*) FILTER (WHERE without_result)
FROM named_searches
GROUP BY `day`, device, name;
