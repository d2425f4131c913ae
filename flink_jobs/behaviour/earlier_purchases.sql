-- Known customers' purchases before the cut, from the lake: the topics keep thirty days, and a profile covers all purchases of a customer.
-- A job reads them once, when it starts without state. Both sides cut by the message's time in Kafka, so each basket is on exactly one side.
SELECT
  customer_id, event_time, department, CAST(net_amount * 100 AS BIGINT) AS cents,
  CASE WHEN COALESCE(line_position, line_no) = 1 AND transaction_type = 'SALE' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS baskets
FROM lake.sales.`lines`
WHERE customer_id IS NOT NULL AND ingested_at < TO_TIMESTAMP_LTZ(${cut}, 3);
