-- The messages of both topics as baskets. A dead letter has only its place, its kind and its bytes. `${limits}` is true if each value is within its
-- contract's limits. Dead letters are not de-duplicated.
SELECT
  IF(kind IS NULL, event_id, CONCAT_WS('/', topic, partition, offset)) AS copy_of, topic, partition, offset, kafka_time, kind, IF(kind IS NULL, NULL, value) AS raw,
  event_id, run_id, transaction_id, transaction_type, NULLIF(original_event_id, '') AS original_event_id, store_id, channel, terminal_id, session_id,
  NULLIF(customer_id, '') AS customer_id, event_time, source_time, currency, payment_method, NULLIF(coupon_id, '') AS coupon_id,
  IF(kind IS NULL, `lines`, NULL) AS `lines`
FROM (
  SELECT *, CASE
    WHEN header_error IS NOT NULL THEN header_error
    WHEN event_id IS NULL THEN 'UNDECODABLE'
    WHEN NOT (${limits}) THEN 'IMPOSSIBLE_VALUE'
  END AS kind
  FROM fields
)
