-- What the rollups count: only what can still be shown, so that a year's history does not pass through them. A figure of a day lives
-- two days at most; an event is counted while its minute can still be seen.
CREATE TEMPORARY VIEW hot_lines AS
SELECT
  FLOOR(event_time TO MINUTE) AS `minute`, DATE_FORMAT(event_time, 'yyyy-MM-dd') AS `day`, channel, store_id, region, department, category, product_id,
  transaction_type, line_no, net_amount,
  CASE WHEN flags LIKE '%THOUSANDTHS%' THEN SIGN(quantity) ELSE quantity END AS units
FROM sales_lines
WHERE event_time > CURRENT_TIMESTAMP - INTERVAL '2' DAY;
CREATE TEMPORARY VIEW set_aside AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(decode_error, ':', 0) AS kind, decode_error AS reason, raw_value
FROM trade WHERE decode_error IS NOT NULL
UNION ALL
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(decode_error, ':', 0) AS kind, decode_error AS reason, raw_value
FROM web_events WHERE decode_error IS NOT NULL;
CREATE TEMPORARY VIEW web_events_once AS
SELECT event_id, run_id, session_id, customer_id, event_type, product_id, search_terms, quantity, order_id, device, event_time, kafka_time
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY PROCTIME() ASC) AS copy_no
  FROM web_events
  WHERE decode_error IS NULL
)
WHERE copy_no = 1;
