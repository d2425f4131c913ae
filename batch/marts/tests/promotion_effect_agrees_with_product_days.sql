-- Amount and discount of promoted days, exactly, and their number, by category. Another test compares product_days with the lines.
WITH days AS (
  SELECT category, department, product_id, net_amount, discount, 2 * promoted_lines >= sold_lines AS promoted
  FROM {{ ref('product_days') }} WHERE sold_lines > 0 AND category IS NOT NULL
),
compared AS (
  SELECT *, count_if(promoted) OVER product AS days_promoted, count_if(NOT promoted) OVER product AS days_else
  FROM days WINDOW product AS (PARTITION BY category, department, product_id)
),
expected AS (
  SELECT category, count(*) AS days, sum(net_amount) AS net_amount, sum(discount) AS discount
  FROM compared WHERE promoted AND days_promoted >= 3 AND days_else >= 3 GROUP BY 1
)
SELECT coalesce(e.category, p.category) AS category, e.days, p.product_days_promoted, e.net_amount, p.net_amount_promoted, e.discount, p.discount_given
FROM expected e FULL JOIN {{ ref('promotion_effect') }} p ON p.category = e.category
WHERE e.days IS DISTINCT FROM p.product_days_promoted OR e.net_amount IS DISTINCT FROM p.net_amount_promoted OR e.discount IS DISTINCT FROM p.discount_given
