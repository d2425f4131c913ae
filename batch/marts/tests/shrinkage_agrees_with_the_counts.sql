-- For each store and product the differences of all counts add up to the first count, plus deliveries, less sales, less the last count.
WITH spans AS (
  SELECT store_id, product_id, min(counted_at) AS first_at, max(counted_at) AS last_at,
    min_by(quantity, counted_at) AS first_units, max_by(quantity, counted_at) AS last_units
  FROM {{ source('inventory', 'stock_counts') }} GROUP BY 1, 2 HAVING count(*) > 1
),
expected AS (
  SELECT coalesce(sum(first_units - last_units), 0)
    + (SELECT coalesce(sum(r.delivered_quantity), 0) FROM {{ source('inventory', 'restocks') }} r JOIN spans s ON s.store_id = r.store_id AND s.product_id = r.product_id
       WHERE r.status = 'DELIVERED' AND r.delivered_at > s.first_at AND r.delivered_at <= s.last_at)
    - (SELECT coalesce(sum(l.units), 0) FROM {{ lines() }} l JOIN spans s ON s.store_id = l.store_id AND s.product_id = l.product_id
       WHERE l.event_time > s.first_at AND l.event_time <= s.last_at) AS units
  FROM spans
),
actual AS (SELECT coalesce(sum(shrinkage_units), 0) AS units FROM {{ ref('shrinkage') }})
SELECT e.units AS expected_units, f.units FROM expected e CROSS JOIN actual f WHERE e.units <> f.units
