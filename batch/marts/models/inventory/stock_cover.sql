{{ config(materialized='table') }}
-- Stock is the last count, plus deliveries since, less sales since. Days of cover is stock divided by the units sold a day over 28 days.
WITH counted AS (
  SELECT store_id, product_id, max(counted_at) AS counted_at, max_by(quantity, counted_at) AS quantity
  FROM {{ source('inventory', 'stock_counts') }} GROUP BY 1, 2
),
delivered AS (
  SELECT r.store_id, r.product_id, sum(r.delivered_quantity) AS units
  FROM {{ source('inventory', 'restocks') }} r JOIN counted c ON c.store_id = r.store_id AND c.product_id = r.product_id AND r.delivered_at > c.counted_at
  WHERE r.status = 'DELIVERED' GROUP BY 1, 2
),
sold AS (
  SELECT
    l.store_id, l.product_id, sum(l.units) FILTER (WHERE l.event_time > c.counted_at) AS units_since,
    sum(l.units) FILTER (WHERE l.event_time > current_timestamp - INTERVAL '28' DAY) / 28e0 AS units_a_day
  FROM {{ lines() }} l JOIN counted c ON c.store_id = l.store_id AND c.product_id = l.product_id
  WHERE l.event_time > least(current_timestamp - INTERVAL '28' DAY, (SELECT min(counted_at) FROM counted)) GROUP BY 1, 2
)
SELECT
  c.store_id, c.product_id, p.department, p.category, c.counted_at, c.quantity AS counted_units,
  coalesce(d.units, 0) AS delivered_units, coalesce(s.units_since, 0) AS sold_units,
  c.quantity + coalesce(d.units, 0) - coalesce(s.units_since, 0) AS stock_units,
  round(coalesce(s.units_a_day, 0), 4) AS units_a_day,
  CASE WHEN s.units_a_day > 0 THEN round(greatest(c.quantity + coalesce(d.units, 0) - coalesce(s.units_since, 0), 0) / s.units_a_day, 2) END AS days_of_cover
FROM counted c
LEFT JOIN delivered d ON d.store_id = c.store_id AND d.product_id = c.product_id
LEFT JOIN sold s ON s.store_id = c.store_id AND s.product_id = c.product_id
LEFT JOIN {{ source('catalog', 'products') }} p ON p.product_id = c.product_id
