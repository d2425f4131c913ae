-- Just the columns of lake.sales.lines, whose order the job brings them into. The position is our own: the source may number its lines from
-- 2, or all alike, and a basket is one all the same. Once a basket: de-duplicated, its store and
-- customer looked up. Then once a line: its product looked up, its oddities flagged.
-- Every projection a line copies every text of it: what can be worked out once a basket is worked out before the lines are unnested.
SELECT
  b.event_id, b.run_id, b.transaction_id, b.transaction_type, b.original_event_id,
  l.line_no, l.product_id,
  COALESCE(p.department, 'UNKNOWN') AS department, p.category, p.product_type, p.brand,
  b.store_id, b.store_name, b.region, b.channel, b.terminal_id, b.session_id,
  b.customer_id, b.age_band, b.income_band, b.household_size,
  l.quantity, l.net_amount, l.retail_discount, l.coupon_discount, l.coupon_match_discount, b.coupon_id,
  b.payment_method, b.currency, b.event_time, b.source_time, b.ingested_at,
  -- The source's own oddities are trade: kept, and flagged. Its quantities of fuel are in thousandths of a gallon
  -- (13,511 lines of 52 to 89,638; no line of anything else is above 144).
  CASE WHEN l.quantity <> 0 AND l.net_amount <> 0 AND p.product_id IS NOT NULL AND NOT (p.product_type LIKE 'GASOLINE%' OR p.category = 'FUEL') THEN '' ELSE
    CONCAT_WS(',',
      CASE WHEN l.quantity = 0 THEN 'ZERO_QUANTITY' END,
      CASE WHEN l.net_amount = 0 THEN 'ZERO_VALUE' END,
      CASE WHEN p.product_type LIKE 'GASOLINE%' OR p.category = 'FUEL' THEN 'THOUSANDTHS' END,
      CASE WHEN p.product_id IS NULL THEN 'UNKNOWN_PRODUCT' END) END AS flags,
  CASE WHEN p.product_type LIKE 'GASOLINE%' OR p.category = 'FUEL' THEN SIGN(l.quantity) ELSE l.quantity END AS units, l.line_position${added_b}
FROM (
  SELECT
    d.event_id, d.run_id, d.transaction_id, d.transaction_type, d.original_event_id, d.store_id, s.store_name, s.region, d.channel, d.terminal_id, d.session_id,
    d.customer_id, c.age_band, c.income_band, c.household_size, d.coupon_id, d.payment_method, d.currency, d.event_time, d.source_time,
    CAST(d.kafka_time AS TIMESTAMP_LTZ(6)) AS ingested_at, d.`lines`, d.proc_time${added_d}
  FROM (
    SELECT event_id, run_id, transaction_id, transaction_type, original_event_id, store_id, channel, terminal_id, session_id, customer_id,
           event_time, source_time, currency, payment_method, coupon_id, `lines`, kafka_time, proc_time${added}
    FROM (
      SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY proc_time ASC) AS copy_no
      FROM trade
    )
    WHERE copy_no = 1
  ) AS d
  LEFT JOIN stores FOR SYSTEM_TIME AS OF d.proc_time AS s ON d.store_id = s.store_id
  LEFT JOIN customers FOR SYSTEM_TIME AS OF d.proc_time AS c ON d.customer_id = c.customer_id
) AS b
CROSS JOIN UNNEST(b.`lines`) WITH ORDINALITY AS l (${line_fields}, line_position)
LEFT JOIN products FOR SYSTEM_TIME AS OF b.proc_time AS p ON l.product_id = p.product_id;
