{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='sold_on',
          properties={'partitioning': "ARRAY['month(sold_on)']"}) }}
SELECT
  CAST(event_time AT TIME ZONE 'UTC' AS date) AS sold_on, department, store_id, channel,
  max(region) AS region,
  count(*) AS lines,
  count_if({{ is_first_line() }} AND transaction_type = 'SALE') AS baskets,
  sum(units) AS units,
  CAST(sum(net_amount) AS decimal(18, 2)) AS net_amount,
  CAST(sum(retail_discount + coupon_discount + coupon_match_discount) AS decimal(18, 2)) AS discount,
  CAST(-sum(net_amount) FILTER (WHERE transaction_type <> 'SALE') AS decimal(18, 2)) AS taken_back
FROM {{ lines() }}
WHERE {{ on_changed_days() }}
GROUP BY 1, 2, 3, 4
