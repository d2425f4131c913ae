-- Sessions of the web shop by device and by the minute of their last click. A visitor with a click around the moment when Redis was read is
-- "moving": the session may have been counted in any minute with one of its clicks, or not at all yet. All other sessions are settled.
WITH clicks AS (
  SELECT
    session_id, device, event_type, event_time, date_trunc('minute', event_time) AS "minute",
    bool_or(ingested_at > ${before}) OVER (PARTITION BY session_id) AS moving,
    CASE WHEN event_time > lag(event_time) OVER (PARTITION BY session_id ORDER BY event_time, event_id) + INTERVAL '${session_minutes}' MINUTE THEN 1 ELSE 0 END AS begins,
    max(device) OVER (PARTITION BY session_id) AS of_device, event_id
  FROM lake.web.events
  WHERE event_type <> 'DELIVERED' AND event_time > ${now} - INTERVAL '${live_days}' DAY AND ingested_at <= ${after}
),
numbered AS (
  SELECT *, sum(begins) OVER (PARTITION BY session_id ORDER BY event_time, event_id) AS part FROM clicks WHERE NOT moving
),
counted AS (
  SELECT
    session_id, part, max(of_device) AS device, max("minute") AS "minute", count_if(event_type = 'VIEW') AS views,
    count_if(event_type = 'ADD') > count_if(event_type = 'REMOVE') AS basket, count_if(event_type = 'CHECKOUT') AS checkouts, count_if(event_type = 'PAY') AS pays
  FROM numbered GROUP BY session_id, part
),
settled AS (
  SELECT
    device, "minute", count(*) AS sessions, count_if(views > 0 OR basket OR checkouts > 0 OR pays > 0) AS viewed,
    count_if(basket OR checkouts > 0 OR pays > 0) AS added, count_if(checkouts > 0 OR pays > 0) AS checked_out, count_if(pays > 0) AS paid,
    count_if(basket) AS baskets, count_if(basket AND pays = 0) AS unpaid
  FROM counted GROUP BY 1, 2
),
moving AS (
  SELECT of_device AS device, "minute", count(DISTINCT session_id) AS visitors FROM clicks WHERE moving GROUP BY 1, 2
)
SELECT
  coalesce(s.device, m.device), format_datetime(coalesce(s."minute", m."minute") AT TIME ZONE 'UTC', 'yyyyMMddHHmm'), coalesce(m.visitors, 0),
  coalesce(s.sessions, 0), coalesce(s.viewed, 0), coalesce(s.added, 0), coalesce(s.checked_out, 0), coalesce(s.paid, 0), coalesce(s.baskets, 0), coalesce(s.unpaid, 0)
FROM settled s FULL JOIN moving m ON m.device = s.device AND m."minute" = s."minute"
WHERE coalesce(s."minute", m."minute") >= ${since};
