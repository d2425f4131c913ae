-- A customer's exact spend, baskets and last purchase in the last 364 days, recomputed from all lines, including days with returns only.
WITH spent AS (
  SELECT
    customer_id, sum(net_amount) AS net_amount, count_if({{ is_first_line() }} AND transaction_type = 'SALE') AS baskets,
    CAST(max(event_time) FILTER (WHERE {{ is_first_line() }} AND transaction_type = 'SALE') AT TIME ZONE 'UTC' AS date) AS last_bought_on
  FROM {{ lines() }}
  WHERE customer_id IS NOT NULL AND event_time >= CAST(date_add('day', -363, current_date) AS timestamp(6)) AT TIME ZONE 'UTC'
  GROUP BY 1
)
SELECT v.customer_id, v.monetary, s.net_amount, v.frequency, s.baskets, v.last_bought_on, s.last_bought_on AS last_bought_on_by_the_lines
FROM {{ ref('customer_value') }} v LEFT JOIN spent s ON s.customer_id = v.customer_id
WHERE v.monetary IS DISTINCT FROM s.net_amount OR v.frequency IS DISTINCT FROM s.baskets OR v.last_bought_on IS DISTINCT FROM s.last_bought_on
