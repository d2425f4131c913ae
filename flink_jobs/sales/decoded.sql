-- Baskets of the tills and orders of the web shop in one shape, copies included. The Java operators in flink_jobs/java/tillstream/sales then drop
-- copies (EachOnce, docs/decisions/0024) and split a basket into enriched lines (EnrichLines, 0021).
CREATE TEMPORARY VIEW baskets AS
SELECT
  event_id, run_id, transaction_id, transaction_type, original_event_id, store_id, CASE kafka_topic WHEN '${web_orders}' THEN 'WEB' ELSE 'STORE' END AS channel,
  terminal_id, session_id, customer_id, event_time, source_time, currency, payment_method, coupon_id, `lines`,
  CAST(kafka_time AS TIMESTAMP_LTZ(6)) AS ingested_at${added}
FROM decoded_baskets
WHERE decode_error IS NULL;
-- Messages of all topics that could not be decoded or have an impossible value.
CREATE TEMPORARY VIEW set_aside AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(decode_error, ':', 0) AS kind, decode_error AS reason, raw_value
FROM decoded_baskets WHERE decode_error IS NOT NULL
UNION ALL
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(decode_error, ':', 0) AS kind, decode_error AS reason, raw_value
FROM decoded_web_events WHERE decode_error IS NOT NULL;
-- Clicks without copies.
CREATE TEMPORARY VIEW web_events_once AS
SELECT event_id, run_id, session_id, customer_id, event_type, product_id, search_terms, quantity, order_id, device, event_time, kafka_time${added_to_clicks}
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY proc_time ASC) AS copy_no
  FROM decoded_web_events
  WHERE decode_error IS NULL AND (event_time > CURRENT_TIMESTAMP - INTERVAL '${old_hours}' HOUR OR LANDED_AT('web.events', event_id, event_time) IS NULL)
)
WHERE copy_no = 1;
