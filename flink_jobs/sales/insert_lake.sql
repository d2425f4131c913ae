-- The columns of sales_lines are the table's own, in its order.
INSERT INTO lake.sales.`lines` SELECT * FROM sales_lines;
INSERT INTO lake.web.events
SELECT event_id, run_id, session_id, customer_id, event_type, product_id, search_terms, quantity, order_id, device, event_time, CAST(kafka_time AS TIMESTAMP_LTZ(6))
FROM web_events_once;
INSERT INTO lake.quality.dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, raw_value
FROM set_aside;
