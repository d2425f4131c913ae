-- Known customers' purchases since the cut, one row per line, without copies. Copies of the last day are recognised by their event id; of a later copy
-- the lake already has the event, from an earlier message.
SELECT
  b.customer_id, b.event_time, COALESCE(p.department, '${no_department}') AS department, CAST(l.net_amount * 100 AS BIGINT) AS cents,
  CASE WHEN l.line_position = 1 AND b.transaction_type = 'SALE' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS baskets
FROM (
  SELECT customer_id, event_time, transaction_type, `lines`, proc_time
  FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY proc_time ASC) AS copy_no
    FROM (
      SELECT event_id, customer_id, event_time, transaction_type, `lines`, kafka_time, PROCTIME() AS proc_time FROM pos_transactions
      WHERE decode_error IS NULL AND customer_id IS NOT NULL
        AND (event_time > CURRENT_TIMESTAMP - INTERVAL '${old_hours}' HOUR OR COALESCE(LANDED_AT('sales.lines', event_id, event_time) >= kafka_time, TRUE))
      UNION ALL
      SELECT event_id, customer_id, event_time, transaction_type, `lines`, kafka_time, PROCTIME() AS proc_time FROM web_orders
      WHERE decode_error IS NULL AND customer_id IS NOT NULL
        AND (event_time > CURRENT_TIMESTAMP - INTERVAL '${old_hours}' HOUR OR COALESCE(LANDED_AT('sales.lines', event_id, event_time) >= kafka_time, TRUE))
    )
  )
  -- After the de-duplication: a copy after the cut may belong to an event from before the cut.
  WHERE copy_no = 1 AND kafka_time >= TO_TIMESTAMP_LTZ(${cut}, 3)
) AS b
CROSS JOIN UNNEST(b.`lines`) WITH ORDINALITY AS l (${line_fields}, line_position)
LEFT JOIN products FOR SYSTEM_TIME AS OF b.proc_time AS p ON l.product_id = p.product_id;
