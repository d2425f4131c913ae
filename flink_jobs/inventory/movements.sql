-- Baskets of the last forty days without copies: every pair of store and product is counted more often than that. Copies of the last day are recognised
-- by their event id; of a later copy the lake already has the event, from an earlier message. The sales job writes it to the lake; it does not matter
-- which of the two jobs is ahead.
CREATE TEMPORARY VIEW baskets AS
SELECT event_id, store_id, event_time, `lines`, proc_time
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY proc_time ASC) AS copy_no
  FROM (
    SELECT event_id, store_id, event_time, `lines`, PROCTIME() AS proc_time FROM pos_transactions
    WHERE decode_error IS NULL AND event_time > CURRENT_TIMESTAMP - INTERVAL '${uncounted_days}' DAY
      AND (event_time > CURRENT_TIMESTAMP - INTERVAL '${old_hours}' HOUR OR COALESCE(LANDED_AT('sales.lines', event_id, event_time) >= kafka_time, TRUE))
    UNION ALL
    SELECT event_id, store_id, event_time, `lines`, PROCTIME() AS proc_time FROM web_orders
    WHERE decode_error IS NULL AND event_time > CURRENT_TIMESTAMP - INTERVAL '${uncounted_days}' DAY
      AND (event_time > CURRENT_TIMESTAMP - INTERVAL '${old_hours}' HOUR OR COALESCE(LANDED_AT('sales.lines', event_id, event_time) >= kafka_time, TRUE))
  )
)
WHERE copy_no = 1;
-- Sales, counts and deliveries in one shape. A return is a sale with negative units. A product may be counted before the master has it: the master's
-- columns are null until then, and the next movement of the pair fills them in.
CREATE TEMPORARY VIEW movements AS
SELECT m.store_id, m.product_id, m.kind, m.movement_id, m.business_day, m.units, m.`at`, s.department, s.supplier_id, CAST(s.lead_time_days AS INT) AS lead_time_days
FROM (
  SELECT
    b.store_id, l.product_id, 'SALE' AS kind, b.event_id AS movement_id, CAST(0 AS BIGINT) AS business_day, l.quantity AS units, b.event_time AS `at`, b.proc_time
  FROM baskets AS b CROSS JOIN UNNEST(b.`lines`) AS l (${line_fields})
  UNION ALL
  SELECT store_id, product_id, kind, movement_id, CAST(TIMESTAMPDIFF(DAY, DATE '1970-01-01', CAST(business_date AS DATE)) AS BIGINT), CAST(units AS BIGINT), occurred_at, PROCTIME()
  FROM inventory_movements WHERE decode_error IS NULL
) AS m
LEFT JOIN supply FOR SYSTEM_TIME AS OF m.proc_time AS s ON m.product_id = s.product_id;
