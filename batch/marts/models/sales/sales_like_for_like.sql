{{ config(materialized='table') }}
-- A store counts if it traded on both days, which are 364 days apart and so the same day of the week.
WITH stores AS (
  SELECT sold_on, store_id, channel, sum(net_amount) AS net_amount FROM {{ ref('sales_by_day') }} GROUP BY 1, 2, 3
),
comparable AS (
  SELECT t.sold_on, t.store_id, t.channel FROM stores t
  JOIN stores b ON b.store_id = t.store_id AND b.channel = t.channel AND b.sold_on = date_add('day', -364, t.sold_on)
),
now_sold AS (
  SELECT d.sold_on, d.department, d.channel, sum(d.net_amount) AS net_amount
  FROM {{ ref('sales_by_day') }} d JOIN comparable c ON c.sold_on = d.sold_on AND c.store_id = d.store_id AND c.channel = d.channel GROUP BY 1, 2, 3
),
then_sold AS (
  SELECT c.sold_on, d.department, d.channel, sum(d.net_amount) AS net_amount
  FROM {{ ref('sales_by_day') }} d JOIN comparable c ON date_add('day', -364, c.sold_on) = d.sold_on AND c.store_id = d.store_id AND c.channel = d.channel
  GROUP BY 1, 2, 3
)
SELECT
  coalesce(n.sold_on, t.sold_on) AS sold_on, coalesce(n.department, t.department) AS department, coalesce(n.channel, t.channel) AS channel,
  CAST(coalesce(n.net_amount, 0) AS decimal(18, 2)) AS net_amount, CAST(coalesce(t.net_amount, 0) AS decimal(18, 2)) AS net_amount_year_before
FROM now_sold n FULL JOIN then_sold t ON t.sold_on = n.sold_on AND t.department = n.department AND t.channel = n.channel
