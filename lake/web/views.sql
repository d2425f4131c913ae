CREATE OR REPLACE VIEW lake.live.web_funnel_by_minute COMMENT 'Visits of the web shop in the last 24 hours by the steps they reached, minute and device, up to this second' AS
SELECT
  CAST(from_iso8601_timestamp("minute") AT TIME ZONE 'UTC' AS timestamp(6)) AS "minute", device, events, visits, searched, viewed, added, checked_out, paid
FROM hot.web.funnel_by_minute;

-- An unpaid basket counts as abandoned after its session has had no click for 30 minutes. Until then it may still be paid.
CREATE OR REPLACE VIEW lake.live.web_sessions_today COMMENT 'Today''s sessions of the web shop by the minute of their last click and device, up to this second' AS
SELECT
  "minute", device, sessions, viewed, added, checked_out, paid, baskets,
  IF("minute" < CAST(current_timestamp AT TIME ZONE 'UTC' AS timestamp(6)) - INTERVAL '${session_minutes}' MINUTE, unpaid, 0) AS abandoned
FROM (
  SELECT CAST(from_iso8601_timestamp("minute") AT TIME ZONE 'UTC' AS timestamp(6)) AS "minute", device, sessions, viewed, added, checked_out, paid, baskets, unpaid
  FROM hot.web.sessions_by_minute
  -- Zero sessions: a late click has moved the minute's only session to another minute.
  WHERE sessions > 0
)
WHERE "minute" >= CAST(date_trunc('day', current_timestamp AT TIME ZONE 'UTC') AS timestamp(6));

-- How many of today's sessions reached each step, in order. A session that paid counts for every step, even if one of its clicks is late.
CREATE OR REPLACE VIEW lake.live.web_funnel_today COMMENT 'Today''s sessions of the web shop by the step they reached, up to this second' AS
SELECT t.step, s.device, t.sessions
FROM lake.live.web_sessions_today s
CROSS JOIN UNNEST(ARRAY['1 Looked at a product', '2 Put into the basket', '3 Went to the checkout', '4 Paid'], ARRAY[s.viewed, s.added, s.checked_out, s.paid]) AS t (step, sessions);

CREATE OR REPLACE VIEW lake.live.searches_today COMMENT 'Today''s searches in the web shop by search terms and device, up to this second' AS
SELECT search_terms, device, searches, without_result
FROM hot.web.searches_by_day WHERE "day" = format_datetime(current_timestamp AT TIME ZONE 'UTC', 'yyyy-MM-dd');

CREATE OR REPLACE VIEW lake.live.web_deliveries_today COMMENT 'Today''s deliveries of the web shop''s orders from the lake, at most 13 s behind: minutes after the promised time, negative if earlier' AS
SELECT
  CAST(event_time AT TIME ZONE 'UTC' AS timestamp(6)) AS delivered_at, order_id, device, date_diff('second', promised_at, event_time) / 6e1 AS minutes_late
FROM lake.web.events
WHERE event_type = 'DELIVERED' AND event_time >= date_trunc('day', current_timestamp AT TIME ZONE 'UTC');
