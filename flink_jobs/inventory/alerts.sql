-- The columns are the contract's, in its order, and the table's. An id names one alert alone: a '-' within a store's or product's id is written
-- %2D, and a % is written %25. Its last two parts are when the job was submitted and the pair's count of alerts: they tell which came last.
CREATE TEMPORARY VIEW alerts AS
SELECT
  CONCAT_WS('-',
    REPLACE(REPLACE(store_id, '%', '%25'), '-', '%2D'), REPLACE(REPLACE(product_id, '%', '%25'), '-', '%2D'), CAST(${since} AS STRING), CAST(alert_no AS STRING)
  ) AS alert_id, store_id, product_id, department, level,
  previous_level, stock_units, units_a_day, days_of_cover, supplier_id, lead_time_days, counted_at, `at` AS raised_at
FROM stock_changes WHERE alert_no IS NOT NULL;
