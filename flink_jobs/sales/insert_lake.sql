-- The view has the table's columns in the table's order.
INSERT INTO lake.sales.`lines` SELECT * FROM sales_lines;
-- Columns by name: an added column is at the end of the table.
INSERT INTO lake.web.events (event_id, run_id, session_id, customer_id, event_type, product_id, search_terms, quantity, order_id, device, event_time, ingested_at${added_to_clicks})
SELECT
  event_id, run_id, session_id, customer_id, event_type, product_id, search_terms, quantity, order_id, device, event_time, CAST(kafka_time AS TIMESTAMP_LTZ(6))${added_to_clicks}
FROM web_events_once;
INSERT INTO lake.quality.dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, raw_value
FROM set_aside;
