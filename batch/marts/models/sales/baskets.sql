{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='sold_on', on_schema_change='append_new_columns',
          properties={'partitioning': "ARRAY['month(sold_on)']"}) }}
-- Fields added to the contracts since the first release are the last columns. For a line field it is the highest value of the basket.
SELECT
  CAST(event_time AT TIME ZONE 'UTC' AS date) AS sold_on, event_id, min(event_time) AS sold_at, arbitrary(transaction_type) AS transaction_type,
  arbitrary(channel) AS channel, arbitrary(store_id) AS store_id, arbitrary(customer_id) AS customer_id, arbitrary(payment_method) AS payment_method,
  arbitrary(coupon_id) AS coupon_id, count(*) AS lines, sum(units) AS units,
  CAST(sum(net_amount) AS decimal(18, 2)) AS net_amount,
  CAST(sum(retail_discount + coupon_discount + coupon_match_discount) AS decimal(18, 2)) AS discount
  {%- for name in var('added_fields', []) %}, max({{ name }}) AS {{ name }}{% endfor %}
FROM {{ lines() }}
WHERE {{ on_changed_days() }}
GROUP BY 1, 2
