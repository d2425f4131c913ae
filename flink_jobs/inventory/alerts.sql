-- The columns and their order are those of the contract and of the table. An alert_id is unique: a '-' in the id of a store or product is escaped as
-- %2D and a % as %25. Its last two parts, the job's submission time and the pair's alert number, show which alert is the newest.
CREATE TEMPORARY VIEW alerts AS
SELECT
  CONCAT_WS('-',
    REPLACE(REPLACE(store_id, '%', '%25'), '-', '%2D'), REPLACE(REPLACE(product_id, '%', '%25'), '-', '%2D'), CAST(${since} AS STRING), CAST(alert_no AS STRING)
  ) AS alert_id, store_id, product_id, department, level,
  previous_level, stock_units, units_a_day, days_of_cover, supplier_id, lead_time_days, counted_at, `at` AS raised_at
FROM stock_changes WHERE alert_no IS NOT NULL;
