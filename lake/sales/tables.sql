CREATE TABLE IF NOT EXISTS lake.sales.lines (
  event_id varchar NOT NULL COMMENT 'UUID of the basket''s event; with line_position it names the row',
  run_id varchar NOT NULL COMMENT 'Which run of the producer sent it: history, live or a replay',
  transaction_id varchar NOT NULL COMMENT 'The source''s basket id, or the web shop''s order number',
  transaction_type varchar NOT NULL COMMENT 'SALE, RETURN or VOID',
  original_event_id varchar COMMENT 'For a return or a void: the sale it takes back',
  line_no integer NOT NULL COMMENT 'Position on the receipt as the source numbers it: it may begin anywhere, or repeat',
  product_id varchar NOT NULL COMMENT 'Product as the source names it',
  department varchar NOT NULL COMMENT 'From the product master; ${no_department} where the product is not in it',
  category varchar COMMENT 'From the product master',
  product_type varchar COMMENT 'From the product master',
  brand varchar COMMENT 'National or Private, from the product master',
  store_id varchar NOT NULL COMMENT 'Store of the till, or the store that fulfils a web order',
  store_name varchar COMMENT 'From the store master',
  region varchar COMMENT 'From the store master',
  channel varchar NOT NULL COMMENT 'STORE or WEB',
  terminal_id varchar COMMENT 'Till within the store',
  session_id varchar COMMENT 'Visit of the web shop',
  customer_id varchar COMMENT 'Pseudonym of the household',
  age_band varchar COMMENT 'Age band of the household',
  income_band varchar COMMENT 'Income band of the household',
  household_size varchar COMMENT 'Size of the household',
  quantity bigint NOT NULL COMMENT 'Units as the source gives them; fuel in thousandths',
  net_amount decimal(12, 2) NOT NULL COMMENT 'What the retailer receives, after discounts',
  retail_discount decimal(12, 2) NOT NULL COMMENT 'Discount from the loyalty card',
  coupon_discount decimal(12, 2) NOT NULL COMMENT 'Discount from a manufacturer''s coupon',
  coupon_match_discount decimal(12, 2) NOT NULL COMMENT 'What the retailer adds to match the coupon',
  coupon_id varchar COMMENT 'Coupon redeemed by the household on this day',
  payment_method varchar NOT NULL COMMENT 'How it was paid',
  currency varchar NOT NULL COMMENT 'ISO 4217',
  event_time timestamp(6) with time zone NOT NULL COMMENT 'When the basket was closed',
  source_time timestamp(6) with time zone NOT NULL COMMENT 'The basket''s own timestamp in the source data',
  ingested_at timestamp(6) with time zone NOT NULL COMMENT 'Kafka''s timestamp of the message',
  flags varchar NOT NULL COMMENT 'Anomalies of the source: ZERO_QUANTITY, ZERO_VALUE, THOUSANDTHS, UNKNOWN_PRODUCT',
  units bigint NOT NULL COMMENT 'Quantity in countable units: a line of fuel counts as one'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(event_time)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);

-- Null in lines written before this column existed: for those, (event_id, line_no) identifies the row, and line 1 counts the basket.
ALTER TABLE lake.sales.lines ADD COLUMN IF NOT EXISTS line_position integer COMMENT 'Our own position of the line in its basket, from 1, whatever its number: with event_id it names the row, and 1 counts the basket';
