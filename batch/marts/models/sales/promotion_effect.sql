{{ config(materialized='table') }}
-- A product's day is promoted if at least half of its lines had the card's discount. Only days with sales are compared, and only products
-- with three days of each kind. So products that would sell nothing without a promotion are not included.
WITH days AS (
  SELECT category, department, product_id, 2 * promoted_lines >= sold_lines AS promoted, units, net_amount, discount
  FROM {{ ref('product_days') }} WHERE sold_lines > 0 AND category IS NOT NULL
),
products AS (
  SELECT category, department, product_id,
    avg(CAST(units AS double)) FILTER (WHERE promoted) AS units_promoted, avg(CAST(units AS double)) FILTER (WHERE NOT promoted) AS units_else,
    sum(net_amount) FILTER (WHERE promoted) AS net_promoted, sum(net_amount) FILTER (WHERE NOT promoted) AS net_else,
    sum(discount) FILTER (WHERE promoted) AS discount, count_if(promoted) AS days_promoted
  FROM days GROUP BY 1, 2, 3 HAVING count_if(promoted) >= 3 AND count_if(NOT promoted) >= 3
)
SELECT
  category, max(department) AS department, count(*) AS products, sum(days_promoted) AS product_days_promoted,
  round(sum(units_promoted), 3) AS units_a_day_promoted, round(sum(units_else), 3) AS units_a_day_else,
  round(sum(units_promoted) / nullif(sum(units_else), 0) - 1, 4) AS uplift,
  CAST(sum(net_promoted) AS decimal(18, 2)) AS net_amount_promoted, CAST(sum(discount) AS decimal(18, 2)) AS discount_given
FROM products GROUP BY category
