-- Each product that is kept on shelves, the supplier of its last order, and the days a delivery takes: as agreed with that supplier, or with the
-- slowest of its department's where none was ever ordered. What is sold by the thousandth, fuel, is on no shelf.
SELECT p.product_id, p.department, s.supplier_id, CAST(coalesce(s.lead_time_days, d.lead_time_days) AS varchar)
FROM lake.catalog.products p
LEFT JOIN (SELECT product_id, max_by(supplier_id, ordered_at) AS supplier_id FROM lake.inventory.restocks GROUP BY 1) o ON o.product_id = p.product_id
LEFT JOIN lake.inventory.suppliers s ON s.supplier_id = o.supplier_id
LEFT JOIN (SELECT department, max(lead_time_days) AS lead_time_days FROM lake.inventory.suppliers GROUP BY 1) d ON d.department = p.department
WHERE coalesce(p.category, '') <> 'FUEL' AND coalesce(p.product_type, '') NOT LIKE 'GASOLINE%';
