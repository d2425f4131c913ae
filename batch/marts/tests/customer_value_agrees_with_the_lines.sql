-- What a customer spent in the last 364 days, to the cent, from the lines themselves.
WITH spent AS (
  SELECT customer_id, CAST(event_time AT TIME ZONE 'UTC' AS date) AS sold_on, sum(net_amount) AS net_amount
  FROM {{ lines() }}
  WHERE customer_id IS NOT NULL AND event_time >= CAST(date_add('day', -363, current_date) AS timestamp(6)) AT TIME ZONE 'UTC'
  GROUP BY 1, 2 HAVING count_if(line_no = 1 AND transaction_type = 'SALE') > 0
)
SELECT v.customer_id, v.monetary, s.net_amount
FROM {{ ref('customer_value') }} v LEFT JOIN (SELECT customer_id, sum(net_amount) AS net_amount FROM spent GROUP BY 1) s ON s.customer_id = v.customer_id
WHERE v.monetary IS DISTINCT FROM s.net_amount
