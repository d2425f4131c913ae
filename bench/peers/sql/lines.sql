-- The lines of a batch's baskets, each with its product, store, customer and flags, as EnrichLines.java makes them. A dead letter is one row without a line.
SELECT /*+ BROADCAST(p) */
  event_id, run_id, transaction_id, transaction_type, original_event_id, line.line_no, line.product_id, COALESCE(p.department, '${no_department}') AS department,
  p.category, p.product_type, p.brand, store_id, store_name, region, channel, terminal_id, session_id, customer_id, age_band, income_band, household_size,
  line.quantity, line.net_amount, line.retail_discount, line.coupon_discount, line.coupon_match_discount, coupon_id, payment_method, currency,
  event_time, source_time, kafka_time AS ingested_at,
  CONCAT_WS(',', IF(line.quantity = 0, 'ZERO_QUANTITY', NULL), IF(line.net_amount = 0, 'ZERO_VALUE', NULL), IF(p.fuel, 'THOUSANDTHS', NULL),
    IF(p.product_id IS NULL, 'UNKNOWN_PRODUCT', NULL)) AS flags,
  IF(p.fuel, CAST(SIGN(line.quantity) AS BIGINT), line.quantity) AS units, position + 1 AS line_position,
  topic, partition, offset, kind, raw
FROM (
  SELECT *
  FROM (
    SELECT /*+ BROADCAST(s), BROADCAST(c) */ b.*, s.store_name, s.region, c.age_band, c.income_band, c.household_size
    FROM baskets AS b LEFT JOIN stores AS s ON b.store_id = s.store_id LEFT JOIN customers AS c ON b.customer_id = c.customer_id
  ) LATERAL VIEW OUTER POSEXPLODE(`lines`) AS position, line
) LEFT JOIN products AS p ON line.product_id = p.product_id
