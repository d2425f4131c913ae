-- What known customers bought before the cut, as the lake has it: the topics keep thirty days, and a profile is of all that a customer ever bought.
-- Read once, by a job that begins without state. The time that cuts is the message's in Kafka on both sides: no basket is on both, and none on neither.
SELECT
  customer_id, event_time, department, CAST(net_amount * 100 AS BIGINT) AS cents,
  CASE WHEN COALESCE(line_position, line_no) = 1 AND transaction_type = 'SALE' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS baskets
FROM lake.sales.`lines`
WHERE customer_id IS NOT NULL AND ingested_at < TO_TIMESTAMP_LTZ(${cut}, 3);
