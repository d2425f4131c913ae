{{ config(materialized='table') }}
-- Baskets with a coupon against the same customers' baskets without one, over the last 364 days.
WITH baskets AS (
  SELECT event_id, customer_id, max(coupon_id) AS coupon_id, sum(net_amount) AS net_amount, sum(coupon_discount + coupon_match_discount) AS discount
  FROM {{ lines() }}
  WHERE transaction_type = 'SALE' AND customer_id IS NOT NULL AND event_time > current_timestamp - INTERVAL '364' DAY
    AND customer_id IN (SELECT customer_id FROM {{ source('loyalty', 'members') }} WHERE is_current AND consent_profiling)
  GROUP BY 1, 2
),
else_spent AS (SELECT customer_id, avg(net_amount) AS net_amount FROM baskets WHERE coupon_id IS NULL GROUP BY 1)
SELECT
  b.coupon_id, count(*) AS baskets, count(DISTINCT b.customer_id) AS customers,
  CAST(sum(b.net_amount) AS decimal(18, 2)) AS net_amount, CAST(sum(b.discount) AS decimal(18, 2)) AS discount_given,
  CAST(avg(b.net_amount - e.net_amount) AS decimal(18, 2)) AS uplift_a_basket
FROM baskets b LEFT JOIN else_spent e ON e.customer_id = b.customer_id
WHERE b.coupon_id IS NOT NULL GROUP BY 1
