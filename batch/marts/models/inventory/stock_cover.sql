{{ config(materialized='table') }}
-- Stock is the last count, plus what was delivered since, less what was sold since. Days of cover is stock by what was sold a day over 28 days.
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
  SELECT store_id, product_id, event_time, units FROM {{ lines() }}
  WHERE event_time > least(current_timestamp - INTERVAL '28' DAY, (SELECT min(counted_at) FROM counted))
),
sold_since AS (
  SELECT s.store_id, s.product_id, sum(s.units) AS units
  FROM sold s JOIN counted c ON c.store_id = s.store_id AND c.product_id = s.product_id AND s.event_time > c.counted_at GROUP BY 1, 2
),
rate AS (
  SELECT store_id, product_id, sum(units) / 28e0 AS units_a_day FROM sold WHERE event_time > current_timestamp - INTERVAL '28' DAY GROUP BY 1, 2
)
SELECT
  c.store_id, c.product_id, p.department, p.category, c.counted_at, c.quantity AS counted_units,
  coalesce(d.units, 0) AS delivered_units, coalesce(s.units, 0) AS sold_units,
  c.quantity + coalesce(d.units, 0) - coalesce(s.units, 0) AS stock_units,
  round(coalesce(r.units_a_day, 0), 4) AS units_a_day,
  CASE WHEN r.units_a_day > 0 THEN round(greatest(c.quantity + coalesce(d.units, 0) - coalesce(s.units, 0), 0) / r.units_a_day, 2) END AS days_of_cover
FROM counted c
LEFT JOIN delivered d ON d.store_id = c.store_id AND d.product_id = c.product_id
LEFT JOIN sold_since s ON s.store_id = c.store_id AND s.product_id = c.product_id
LEFT JOIN rate r ON r.store_id = c.store_id AND r.product_id = c.product_id
LEFT JOIN {{ source('catalog', 'products') }} p ON p.product_id = c.product_id
