-- Baskets of the tills and orders of the web shop in one shape, the undecodable ones among them.
SELECT
  event_id, run_id, transaction_id, transaction_type, original_event_id, store_id, 'STORE' AS channel, terminal_id, CAST(NULL AS STRING) AS session_id,
  customer_id, event_time, source_time, currency, payment_method, coupon_id, `lines`,
  decode_error, raw_value, kafka_topic, kafka_partition, kafka_offset, kafka_time
FROM pos_transactions
UNION ALL
SELECT
  event_id, run_id, transaction_id, transaction_type, original_event_id, store_id, 'WEB' AS channel, CAST(NULL AS STRING) AS terminal_id, session_id,
  customer_id, event_time, source_time, currency, payment_method, coupon_id, `lines`,
  decode_error, raw_value, kafka_topic, kafka_partition, kafka_offset, kafka_time
FROM web_orders;
