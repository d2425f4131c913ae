INSERT INTO lake.sales.`lines` (
  event_id, run_id, transaction_id, transaction_type, original_event_id, line_no, product_id, department, category, product_type, brand,
  store_id, store_name, region, channel, terminal_id, session_id, customer_id, age_band, income_band, household_size,
  quantity, net_amount, retail_discount, coupon_discount, coupon_match_discount, coupon_id, payment_method, currency,
  event_time, source_time, ingested_at, flags)
SELECT
  event_id, run_id, transaction_id, transaction_type, original_event_id, line_no, product_id, department, category, product_type, brand,
  store_id, store_name, region, channel, terminal_id, session_id, customer_id, age_band, income_band, household_size,
  quantity, net_amount, retail_discount, coupon_discount, coupon_match_discount, coupon_id, payment_method, currency,
  event_time, source_time, CAST(ingested_at AS TIMESTAMP_LTZ(6)), flags
FROM sales_lines;
INSERT INTO lake.web.events
SELECT event_id, run_id, session_id, customer_id, event_type, product_id, search_terms, quantity, order_id, device, event_time, CAST(kafka_time AS TIMESTAMP_LTZ(6))
FROM web_events_once;
INSERT INTO lake.quality.dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, raw_value
FROM set_aside;
