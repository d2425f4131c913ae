INSERT INTO hot_web_funnel_by_minute
SELECT
  `minute`, device, COUNT(*), COUNT(DISTINCT session_id),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'SEARCH'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'VIEW'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'ADD'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'CHECKOUT'),
  COUNT(DISTINCT session_id) FILTER (WHERE event_type = 'PAY')
FROM clicks GROUP BY `minute`, device;

-- A late click may move a session to another minute, join two sessions or begin an earlier one; the minute's earlier count is then taken back.
-- The version is the number of a minute's changes: it is in state and only grows, so a figure that is written again after a recovery is known to be
-- older.
INSERT INTO hot_web_sessions_by_minute
SELECT
  `minute`, device, COUNT(*) + ${since}, SUM(sessions), SUM(viewed), SUM(added), SUM(checked_out), SUM(paid), SUM(baskets), SUM(unpaid)
FROM session_changes GROUP BY `minute`, device;
INSERT INTO hot_web_searches_by_day
SELECT `day`, device, name, COUNT(*), COUNT(*) FILTER (WHERE without_result)
FROM named_searches
GROUP BY `day`, device, name;
