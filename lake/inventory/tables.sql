CREATE TABLE IF NOT EXISTS lake.inventory.alerts (
  alert_id varchar NOT NULL COMMENT 'Id of the alert: store, product and the number of the pair''s alert',
  store_id varchar NOT NULL COMMENT 'Store as the source numbers it',
  product_id varchar NOT NULL COMMENT 'Product as the source names it',
  department varchar COMMENT 'Department of the product master',
  level varchar NOT NULL COMMENT 'OUT (nothing is left), LOW (the rest will not last until a delivery ordered now) or OK (an earlier alert is over)',
  previous_level varchar NOT NULL COMMENT 'The level before',
  stock_units bigint NOT NULL COMMENT 'Units left by the books; negative where more was sold than the books had',
  units_a_day decimal(12, 3) NOT NULL COMMENT 'Units sold per day, from the sales since the last count and the week before it',
  days_of_cover decimal(12, 2) COMMENT 'Days that the stock lasts at this rate; null where nothing was sold',
  supplier_id varchar COMMENT 'Supplier of the product''s last order; null where none was ever ordered',
  lead_time_days integer COMMENT 'Days from order to delivery as agreed with the supplier; without an order, the slowest of the department''s suppliers',
  counted_at timestamp(6) with time zone NOT NULL COMMENT 'When the stock was last counted',
  raised_at timestamp(6) with time zone NOT NULL COMMENT 'Time of the sale, delivery or count that changed the level'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(raised_at)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);
