{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='sold_on',
          properties={'partitioning': "ARRAY['month(sold_on)']"}) }}
SELECT
  CAST(event_time AT TIME ZONE 'UTC' AS date) AS sold_on, product_id, max(department) AS department, max(category) AS category,
  count(*) AS lines,
  coalesce(sum(units) FILTER (WHERE transaction_type = 'SALE'), 0) AS units,
  CAST(sum(net_amount) AS decimal(18, 2)) AS net_amount,
  CAST(sum(retail_discount + coupon_discount + coupon_match_discount) AS decimal(18, 2)) AS discount,
  count_if(transaction_type = 'SALE' AND retail_discount > 0) AS promoted_lines,
  count_if(transaction_type = 'SALE') AS sold_lines
FROM {{ lines() }}
WHERE {{ on_changed_days() }}
GROUP BY 1, 2
