-- What the rollups count, and with what: only what can still be shown, so that a year's history does not pass through them. A figure of a
-- day lives two days at most. Days are told as text only where a figure goes out; amounts are added up in cents, as whole numbers: a sum
-- of decimals is one of 38 digits, object by object. A basket is counted with the line that stands first in it, whatever its number.
SELECT
  FLOOR(event_time TO MINUTE) AS `minute`, FLOOR(event_time TO DAY) AS `day`, channel, store_id, region, department, product_id, transaction_type,
  CASE WHEN line_position = 1 AND transaction_type = 'SALE' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS baskets,
  units, CAST(net_amount * 100 AS BIGINT) AS cents
FROM sales_lines
WHERE event_time > CURRENT_TIMESTAMP - INTERVAL '2' DAY;
