INSERT INTO lake.bench.`lines` (
  event_id, run_id, transaction_id, transaction_type, original_event_id, line_no, product_id, department,
  store_id, channel, terminal_id, customer_id, quantity, net_amount, retail_discount, coupon_discount, coupon_match_discount, coupon_id,
  payment_method, currency, event_time, source_time, ingested_at, flags)
SELECT
  b.event_id, b.run_id, b.transaction_id, b.transaction_type, b.original_event_id, l.line_no, l.product_id, '',
  b.store_id, CASE b.kafka_topic WHEN '${web_orders}' THEN 'WEB' ELSE 'STORE' END, b.terminal_id, b.customer_id, l.quantity, l.net_amount, l.retail_discount, l.coupon_discount, l.coupon_match_discount, b.coupon_id,
  b.payment_method, b.currency, b.event_time, b.source_time, CAST(b.kafka_time AS TIMESTAMP_LTZ(6)), ''
FROM baskets AS b
CROSS JOIN UNNEST(b.`lines`) AS l (${line_fields})
WHERE b.decode_error IS NULL;
