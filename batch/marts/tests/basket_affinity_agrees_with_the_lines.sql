-- If no sample was taken, the pair with the most baskets has as many in the lines. Days that begin or end during the run may cause a
-- difference of 1 %.
WITH top AS (SELECT * FROM {{ ref('basket_affinity') }} ORDER BY baskets DESC LIMIT 1),
sampling AS (SELECT greatest(1, sum(baskets) / 100000) AS nth FROM {{ ref('sales_by_day') }} WHERE sold_on >= date_add('day', -91, current_date)),
counted AS (
  SELECT count(*) AS baskets FROM (
    SELECT l.event_id FROM {{ lines() }} l CROSS JOIN top t
    WHERE l.transaction_type = 'SALE' AND l.net_amount > 0 AND l.event_time > current_timestamp - INTERVAL '91' DAY AND l.category IN (t.category, t.other_category)
    GROUP BY 1 HAVING count(DISTINCT l.category) = 2)
)
SELECT t.baskets, c.baskets AS counted FROM top t CROSS JOIN counted c CROSS JOIN sampling e WHERE e.nth = 1 AND abs(t.baskets - c.baskets) > 0.01 * c.baskets
