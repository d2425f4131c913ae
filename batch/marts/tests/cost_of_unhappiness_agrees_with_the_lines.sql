-- What these customers spent before, exactly, recomputed from the lines.
WITH spent AS (
  SELECT u.customer_id, sum(l.net_amount) AS net_amount
  FROM {{ ref('cost_of_unhappiness') }} u
  JOIN {{ lines() }} l ON l.customer_id = u.customer_id
    AND date_diff('day', CAST(l.event_time AT TIME ZONE 'UTC' AS date), u.unhappy_on) BETWEEN 1 AND u.days
  GROUP BY 1
)
SELECT u.customer_id, u.net_amount_before, s.net_amount FROM {{ ref('cost_of_unhappiness') }} u LEFT JOIN spent s ON s.customer_id = u.customer_id
WHERE u.net_amount_before <> coalesce(s.net_amount, 0)
