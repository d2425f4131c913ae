-- The columns are the contract's, in its order, and the table's.
CREATE TEMPORARY VIEW alerts AS
SELECT
  CONCAT_WS('-', store_id, product_id, CAST(${since} AS STRING), CAST(alert_no AS STRING)) AS alert_id, store_id, product_id, department, level,
  previous_level, stock_units, units_a_day, days_of_cover, supplier_id, lead_time_days, counted_at, `at` AS raised_at
FROM stock_changes WHERE alert_no IS NOT NULL;
