-- Each store and product that was ever counted is there once, with its last count and all sales and deliveries since.
WITH counted AS (
  SELECT store_id, product_id, quantity, counted_at FROM (
    SELECT *, row_number() OVER (PARTITION BY store_id, product_id ORDER BY counted_at DESC) AS place FROM {{ source('inventory', 'stock_counts') }})
  WHERE place = 1
),
expected AS (
  SELECT 'counted' AS what, sum(quantity) AS units FROM counted
  UNION ALL SELECT 'sold', coalesce(sum(l.units), 0) FROM counted c JOIN {{ lines() }} l
    ON l.store_id = c.store_id AND l.product_id = c.product_id AND l.event_time > c.counted_at
  UNION ALL SELECT 'delivered', coalesce(sum(r.delivered_quantity), 0) FROM counted c JOIN {{ source('inventory', 'restocks') }} r
    ON r.store_id = c.store_id AND r.product_id = c.product_id AND r.delivered_at > c.counted_at AND r.status = 'DELIVERED'
),
actual AS (
  SELECT 'counted' AS what, sum(counted_units) AS units FROM {{ ref('stock_cover') }}
  UNION ALL SELECT 'sold', coalesce(sum(sold_units), 0) FROM {{ ref('stock_cover') }}
  UNION ALL SELECT 'delivered', coalesce(sum(delivered_units), 0) FROM {{ ref('stock_cover') }}
)
SELECT e.what, e.units, f.units AS actual FROM expected e JOIN actual f ON f.what = e.what WHERE e.units IS DISTINCT FROM f.units
