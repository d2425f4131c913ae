{{ config(materialized='table') }}
-- Lift: how many times more often two categories are in one basket than if they were independent. Of more than 100,000 baskets a sample of
-- every nth is used, by the hash of its event: joining all baskets needs more memory than Trino has.
WITH recent AS (
  SELECT from_big_endian_64(xxhash64(to_utf8(event_id))) AS basket, category FROM {{ lines() }}
  WHERE transaction_type = 'SALE' AND net_amount > 0 AND category IS NOT NULL AND event_time > current_timestamp - INTERVAL '91' DAY
),
sampling AS (
  SELECT greatest(1, sum(baskets) / 100000) AS nth FROM {{ ref('sales_by_day') }} WHERE sold_on >= date_add('day', -91, current_date)
),
bought AS (SELECT DISTINCT basket, category FROM recent CROSS JOIN sampling WHERE basket % nth = 0),
single AS (SELECT category, CAST(count(*) AS double) AS baskets FROM bought GROUP BY 1),
total AS (SELECT CAST(count(DISTINCT basket) AS double) AS baskets FROM bought),
pairs AS (
  SELECT a.category, b.category AS other_category, count(*) AS baskets
  FROM bought a JOIN bought b ON b.basket = a.basket AND b.category > a.category GROUP BY 1, 2 HAVING count(*) >= 20
)
SELECT
  p.category, p.other_category, p.baskets,
  round(p.baskets / e.baskets, 6) AS support,
  round(p.baskets / a.baskets, 4) AS confidence,
  round(p.baskets / b.baskets, 4) AS confidence_other_way,
  round(p.baskets * e.baskets / (a.baskets * b.baskets), 3) AS lift
FROM pairs p CROSS JOIN total e
JOIN single a ON a.category = p.category
JOIN single b ON b.category = p.other_category
