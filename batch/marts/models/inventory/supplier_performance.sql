{{ config(materialized='table') }}
-- On time means by the day the supplier promised. An open order past that day is late.
WITH judged AS (
  SELECT supplier_id, ordered_quantity, delivered_quantity, unit_cost, status,
    date_diff('day', CAST(ordered_at AT TIME ZONE 'UTC' AS date), CAST(delivered_at AT TIME ZONE 'UTC' AS date)) AS days_taken,
    CASE WHEN status = 'DELIVERED' THEN CAST(delivered_at AT TIME ZONE 'UTC' AS date) <= expected_on
         WHEN status = 'ORDERED' AND expected_on < current_date THEN false END AS is_on_time
  FROM {{ source('inventory', 'restocks') }}
)
SELECT
  s.supplier_id, s.supplier_name, s.department, s.lead_time_days AS lead_time_days_agreed,
  count(j.supplier_id) AS order_lines, count_if(j.status = 'DELIVERED') AS delivered_lines, count_if(j.status = 'ORDERED') AS open_lines,
  round(avg(CAST(j.days_taken AS double)), 2) AS lead_time_days_taken,
  round(avg(IF(j.is_on_time, 1e0, 0e0)) FILTER (WHERE j.is_on_time IS NOT NULL), 4) AS on_time_share,
  round(CAST(sum(j.delivered_quantity) FILTER (WHERE j.status = 'DELIVERED') AS double) / nullif(sum(j.ordered_quantity) FILTER (WHERE j.status = 'DELIVERED'), 0), 4) AS fill_rate,
  CAST(coalesce(sum(j.delivered_quantity * j.unit_cost) FILTER (WHERE j.status = 'DELIVERED'), 0) AS decimal(18, 2)) AS delivered_cost
FROM {{ source('inventory', 'suppliers') }} s LEFT JOIN judged j ON j.supplier_id = s.supplier_id
GROUP BY 1, 2, 3, 4
