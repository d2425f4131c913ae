INSERT INTO hot_stock SELECT store_id, product_id, version, stock_units FROM stock_changes;
INSERT INTO hot_stock_by_store
SELECT store_id, COUNT(*) + ${since}, SUM(products_change), SUM(units_change), SUM(low_change), SUM(out_change) FROM stock_changes GROUP BY store_id;
INSERT INTO hot_stock_by_department
SELECT
  of_department, COUNT(*) + ${since}, SUM(department_products_change), SUM(department_units_change), SUM(department_low_change), SUM(department_out_change)
FROM stock_changes WHERE of_department IS NOT NULL GROUP BY of_department;
INSERT INTO inventory_alerts SELECT * FROM alerts;
INSERT INTO lake.inventory.alerts SELECT * FROM alerts;
