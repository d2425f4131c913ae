-- Baskets with a coupon of consenting customers and their exact amount. The limit of 364 days moves during the run, so coupons with a
-- basket near it are not compared.
WITH coupon_baskets AS (
  SELECT l.event_id, max(l.coupon_id) AS coupon_id, min(l.event_time) AS event_time, sum(l.net_amount) AS net_amount
  FROM {{ lines() }} l
  WHERE l.transaction_type = 'SALE' AND l.coupon_id IS NOT NULL
    AND l.customer_id IN (SELECT customer_id FROM {{ source('loyalty', 'members') }} WHERE is_current AND consent_profiling)
  GROUP BY 1
),
expected AS (
  SELECT coupon_id, count(*) AS baskets, sum(net_amount) AS net_amount FROM coupon_baskets GROUP BY 1
  HAVING min(event_time) > current_timestamp - INTERVAL '363' DAY
)
SELECT e.coupon_id, e.baskets, u.baskets AS found, e.net_amount, u.net_amount AS net_amount_found
FROM expected e LEFT JOIN {{ ref('coupon_uplift') }} u ON u.coupon_id = e.coupon_id
WHERE e.baskets IS DISTINCT FROM u.baskets OR e.net_amount IS DISTINCT FROM u.net_amount
