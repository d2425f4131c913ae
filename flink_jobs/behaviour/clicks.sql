-- Clicks of the last two days without copies. A delivery is no click.
SELECT FLOOR(event_time TO MINUTE) AS `minute`, event_time, device, session_id, event_type, search_terms, result_count
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY proc_time ASC) AS copy_no
  FROM (
    SELECT event_id, event_time, device, session_id, event_type, search_terms, result_count, decode_error, PROCTIME() AS proc_time FROM web_events
  )
  WHERE decode_error IS NULL AND event_type <> 'DELIVERED' AND event_time > CURRENT_TIMESTAMP - INTERVAL '${live_days}' DAY
)
WHERE copy_no = 1;
