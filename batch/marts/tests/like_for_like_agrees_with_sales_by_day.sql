-- The amount of a day is that of the stores that also traded 364 days before.
SELECT l.sold_on, l.net_amount, d.net_amount AS net_amount_by_day
FROM (SELECT sold_on, sum(net_amount) AS net_amount FROM {{ ref('sales_like_for_like') }} GROUP BY 1) l
LEFT JOIN (
  SELECT sold_on, sum(net_amount) AS net_amount FROM {{ ref('sales_by_day') }} t
  WHERE EXISTS (SELECT 1 FROM {{ ref('sales_by_day') }} b WHERE b.store_id = t.store_id AND b.channel = t.channel AND b.sold_on = date_add('day', -364, t.sold_on))
  GROUP BY 1
) d ON d.sold_on = l.sold_on
WHERE l.net_amount IS DISTINCT FROM d.net_amount
