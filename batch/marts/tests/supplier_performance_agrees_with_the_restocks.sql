-- Lines and exact cost, by supplier.
SELECT r.supplier_id, r.lines, p.order_lines, r.cost, p.delivered_cost
FROM (
  SELECT supplier_id, count(*) AS lines, coalesce(sum(delivered_quantity * unit_cost) FILTER (WHERE status = 'DELIVERED'), 0) AS cost
  FROM {{ source('inventory', 'restocks') }} GROUP BY 1
) r FULL JOIN {{ ref('supplier_performance') }} p ON p.supplier_id = r.supplier_id
WHERE coalesce(r.lines, 0) <> coalesce(p.order_lines, 0) OR coalesce(r.cost, 0) <> coalesce(p.delivered_cost, 0)
