-- Each product on shelves, the supplier of its last order, and the lead time in days: the one agreed with that supplier, or the longest of
-- its department if the product was never ordered. Fuel is sold by the thousandth of a unit and is not on a shelf.
SELECT p.product_id, p.department, s.supplier_id, CAST(coalesce(s.lead_time_days, d.lead_time_days) AS varchar)
FROM lake.catalog.products p
LEFT JOIN (SELECT product_id, max_by(supplier_id, ordered_at) AS supplier_id FROM lake.inventory.restocks GROUP BY 1) o ON o.product_id = p.product_id
LEFT JOIN lake.inventory.suppliers s ON s.supplier_id = o.supplier_id
LEFT JOIN (SELECT department, max(lead_time_days) AS lead_time_days FROM lake.inventory.suppliers GROUP BY 1) d ON d.department = p.department
WHERE ${p_is_no_fuel};
