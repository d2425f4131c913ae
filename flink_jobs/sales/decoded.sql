-- Baskets of the tills and orders of the web shop in one shape. A copy that comes within a day is told by its id, of which the job keeps note so
-- long. One that comes later is of an event that is itself older: only of such the lake is asked.
CREATE TEMPORARY VIEW trade AS
SELECT
  event_id, run_id, transaction_id, transaction_type, original_event_id, store_id, 'STORE' AS channel, terminal_id, CAST(NULL AS STRING) AS session_id,
  customer_id, event_time, source_time, currency, payment_method, coupon_id, `lines`, CAST(kafka_time AS TIMESTAMP_LTZ(6)) AS ingested_at, proc_time${added_to_pos}
FROM decoded_pos_transactions
WHERE decode_error IS NULL AND (event_time > CURRENT_TIMESTAMP - INTERVAL '23' HOUR OR LANDED_AT('sales.lines', event_id, event_time) IS NULL)
UNION ALL
SELECT
  event_id, run_id, transaction_id, transaction_type, original_event_id, store_id, 'WEB' AS channel, CAST(NULL AS STRING) AS terminal_id, session_id,
  customer_id, event_time, source_time, currency, payment_method, coupon_id, `lines`, CAST(kafka_time AS TIMESTAMP_LTZ(6)) AS ingested_at, proc_time${added_to_web}
FROM decoded_web_orders
WHERE decode_error IS NULL AND (event_time > CURRENT_TIMESTAMP - INTERVAL '23' HOUR OR LANDED_AT('sales.lines', event_id, event_time) IS NULL);
-- Each basket once. What becomes of it is told in flink_jobs/java/tillstream/sales/EnrichLines.java (docs/decisions/0021).
CREATE TEMPORARY VIEW baskets AS
SELECT event_id, run_id, transaction_id, transaction_type, original_event_id, store_id, channel, terminal_id, session_id, customer_id,
       event_time, source_time, currency, payment_method, coupon_id, `lines`, ingested_at${added}
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY proc_time ASC) AS copy_no
  FROM trade
)
WHERE copy_no = 1;
-- What could not be decoded, or is impossible, of every topic.
CREATE TEMPORARY VIEW set_aside AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(decode_error, ':', 0) AS kind, decode_error AS reason, raw_value
FROM decoded_pos_transactions WHERE decode_error IS NOT NULL
UNION ALL
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(decode_error, ':', 0) AS kind, decode_error AS reason, raw_value
FROM decoded_web_orders WHERE decode_error IS NOT NULL
UNION ALL
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(decode_error, ':', 0) AS kind, decode_error AS reason, raw_value
FROM decoded_web_events WHERE decode_error IS NOT NULL;
-- Clicks, each once.
CREATE TEMPORARY VIEW web_events_once AS
SELECT event_id, run_id, session_id, customer_id, event_type, product_id, search_terms, quantity, order_id, device, event_time, kafka_time${added_to_clicks}
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY proc_time ASC) AS copy_no
  FROM decoded_web_events
  WHERE decode_error IS NULL AND (event_time > CURRENT_TIMESTAMP - INTERVAL '23' HOUR OR LANDED_AT('web.events', event_id, event_time) IS NULL)
)
WHERE copy_no = 1;
