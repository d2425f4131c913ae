{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='sold_on',
          properties={'partitioning': "ARRAY['month(sold_on)']"}) }}
-- Baskets without a known customer have an empty customer_id, so that the lines of a day add up to the lake's.
SELECT
  CAST(event_time AT TIME ZONE 'UTC' AS date) AS sold_on, coalesce(customer_id, '') AS customer_id,
  count(*) AS lines,
  count_if({{ is_first_line() }} AND transaction_type = 'SALE') AS baskets,
  CAST(sum(net_amount) AS decimal(18, 2)) AS net_amount,
  CAST(sum(retail_discount + coupon_discount + coupon_match_discount) AS decimal(18, 2)) AS discount
FROM {{ lines() }}
WHERE {{ on_changed_days() }}
GROUP BY 1, 2
