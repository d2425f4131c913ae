-- The products that are kept on shelves, their departments, and whether a product was lately sold in another department.
SELECT p.product_id, p.department, coalesce(l.departments > 1 OR l.department <> p.department, false)
FROM lake.catalog.products p
LEFT JOIN (
  SELECT product_id, count(DISTINCT department) AS departments, max(department) AS department
  FROM lake.sales.lines WHERE event_time > ${since} AND department <> '${no_department}' GROUP BY 1
) l ON l.product_id = p.product_id
WHERE p.department IS NOT NULL AND ${p_is_no_fuel};
