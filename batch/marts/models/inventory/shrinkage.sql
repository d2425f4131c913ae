{{ config(materialized='table') }}
-- Shrinkage: the previous count, plus deliveries, less sales, less this count.
WITH counts AS (
  SELECT store_id, product_id, counted_at, quantity,
    lag(counted_at) OVER (PARTITION BY store_id, product_id ORDER BY counted_at) AS counted_before_at,
    lag(quantity) OVER (PARTITION BY store_id, product_id ORDER BY counted_at) AS counted_before
  FROM {{ source('inventory', 'stock_counts') }}
),
between_counts AS (SELECT * FROM counts WHERE counted_before_at IS NOT NULL),
delivered AS (
  SELECT c.store_id, c.product_id, c.counted_at, sum(r.delivered_quantity) AS units
  FROM between_counts c JOIN {{ source('inventory', 'restocks') }} r ON r.store_id = c.store_id AND r.product_id = c.product_id
    AND r.status = 'DELIVERED' AND r.delivered_at > c.counted_before_at AND r.delivered_at <= c.counted_at
  GROUP BY 1, 2, 3
),
sold AS (
  SELECT c.store_id, c.product_id, c.counted_at, sum(l.units) AS units
  FROM between_counts c JOIN {{ lines() }} l ON l.store_id = c.store_id AND l.product_id = c.product_id
    AND l.event_time > c.counted_before_at AND l.event_time <= c.counted_at
  GROUP BY 1, 2, 3
)
SELECT
  c.store_id, c.product_id, p.department, c.counted_at, c.counted_before_at, c.quantity AS counted_units,
  c.counted_before + coalesce(d.units, 0) - coalesce(s.units, 0) AS expected_units,
  c.counted_before + coalesce(d.units, 0) - coalesce(s.units, 0) - c.quantity AS shrinkage_units
FROM between_counts c
LEFT JOIN delivered d ON d.store_id = c.store_id AND d.product_id = c.product_id AND d.counted_at = c.counted_at
LEFT JOIN sold s ON s.store_id = c.store_id AND s.product_id = c.product_id AND s.counted_at = c.counted_at
LEFT JOIN {{ source('catalog', 'products') }} p ON p.product_id = c.product_id
