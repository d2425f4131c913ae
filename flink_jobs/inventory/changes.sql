SELECT
  store_id, product_id, department, supplier_id, lead_time_days, `at`, changes + ${since} AS version, stock_units, counted_at, units_a_day, days_of_cover,
  level, previous_level, alert_no, products_change, units_change, low_change, out_change,
  of_department, department_products_change, department_units_change, department_low_change, department_out_change
FROM stock(movement => TABLE planned_movements PARTITION BY (store_id, product_id), uid => 'stock');
