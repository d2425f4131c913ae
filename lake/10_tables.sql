-- The streamed tables: append-only, one writer each, partitioned by the day of the event, with the event's id on every row.
-- Each commit deletes old metadata files, because the sales job commits every 10 s.
CREATE SCHEMA IF NOT EXISTS lake.sales;
CREATE SCHEMA IF NOT EXISTS lake.web;
CREATE SCHEMA IF NOT EXISTS lake.quality;
CREATE SCHEMA IF NOT EXISTS lake.inventory;
CREATE SCHEMA IF NOT EXISTS lake.voice;
CREATE SCHEMA IF NOT EXISTS lake.live;

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

CREATE TABLE IF NOT EXISTS lake.web.events (
  event_id varchar NOT NULL COMMENT 'UUID made at the source',
  run_id varchar NOT NULL COMMENT 'Which run of the producer sent it',
  session_id varchar NOT NULL COMMENT 'The visit',
  customer_id varchar COMMENT 'Pseudonym of the household, if signed in',
  event_type varchar NOT NULL COMMENT 'VIEW, SEARCH, ADD, REMOVE, CHECKOUT, PAY or DELIVERED',
  product_id varchar COMMENT 'The product viewed, added or removed',
  search_terms varchar COMMENT 'What was typed into the search field',
  quantity bigint COMMENT 'Units added or removed',
  order_id varchar COMMENT 'For PAY: the order''s transaction_id',
  device varchar NOT NULL COMMENT 'PHONE, TABLET or DESKTOP',
  event_time timestamp(6) with time zone NOT NULL COMMENT 'When it happened',
  ingested_at timestamp(6) with time zone NOT NULL COMMENT 'Kafka''s timestamp of the message'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(event_time)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);

CREATE TABLE IF NOT EXISTS lake.quality.dead_letters (
  topic varchar NOT NULL COMMENT 'Where the message was found',
  "partition" integer NOT NULL COMMENT 'Where the message was found',
  "offset" bigint NOT NULL COMMENT 'Where the message was found',
  produced_at timestamp(6) with time zone NOT NULL COMMENT 'The message''s Kafka timestamp',
  kind varchar NOT NULL COMMENT 'UNFRAMED, UNKNOWN_SCHEMA, WRONG_SCHEMA, UNDECODABLE or IMPOSSIBLE_VALUE',
  reason varchar NOT NULL COMMENT 'The reason in words, with the field and the value',
  raw varbinary NOT NULL COMMENT 'The message''s value as it came'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(produced_at)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);

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

-- Customers' texts without personal data. Neither this table nor a log has the original texts.
CREATE TABLE IF NOT EXISTS lake.voice.feedback (
  event_id varchar NOT NULL COMMENT 'UUID made at the source',
  run_id varchar NOT NULL COMMENT 'Which run of the producer sent it',
  channel varchar NOT NULL COMMENT 'WEB_FORM, APP, EMAIL, KIOSK or SOCIAL',
  ${columns_feedback_words},
  rating integer COMMENT 'Stars given with it, 1 to 5',
  customer_id varchar COMMENT 'Pseudonym of the household, if signed in',
  store_id varchar COMMENT 'The store that the form was opened for, or that the text names',
  order_id varchar COMMENT 'The receipt or order that the form was opened for, or that the text names: transaction_id of lake.sales.lines',
  product_id varchar COMMENT 'The product that the form was opened for',
  ${columns_feedback_judged},
  event_time timestamp(6) with time zone NOT NULL COMMENT 'When it was sent',
  ingested_at timestamp(6) with time zone NOT NULL COMMENT 'Kafka''s timestamp of the message',
  analysed_at timestamp(6) with time zone NOT NULL COMMENT 'When it was analysed',
  ${columns_feedback_named},
  duplicate_of varchar COMMENT 'The text of the same day and store that this one nearly repeats'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(event_time)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);
ALTER TABLE lake.voice.feedback ADD COLUMN IF NOT EXISTS ${column_feedback_products_named};
ALTER TABLE lake.voice.feedback ADD COLUMN IF NOT EXISTS ${column_feedback_sketch};
ALTER TABLE lake.voice.feedback ADD COLUMN IF NOT EXISTS duplicate_of varchar COMMENT 'The text of the same day and store that this one nearly repeats';

-- Partitioned by model, so that all analyses of a model can be deleted together.
CREATE TABLE IF NOT EXISTS lake.voice.readings (
  event_id varchar NOT NULL COMMENT 'The text or call: event_id of lake.voice.feedback or calls',
  day date NOT NULL COMMENT 'When it was sent, UTC',
  ${columns_readings_model},
  ${columns_readings_judged},
  read_at timestamp(6) with time zone NOT NULL COMMENT 'When it was analysed'
) COMMENT 'Analyses of texts and calls by later models, beside the analysis made on arrival' WITH (format_version = 2, partitioning = ARRAY['model']);
ALTER TABLE lake.voice.readings ADD COLUMN IF NOT EXISTS kind varchar COMMENT 'TEXT or CALL; null in older rows, which are all of texts';
ALTER TABLE lake.voice.readings ADD COLUMN IF NOT EXISTS ${column_readings_course};
ALTER TABLE lake.voice.readings ADD COLUMN IF NOT EXISTS ${column_readings_resolved};

-- Customers' calls without personal data.
CREATE TABLE IF NOT EXISTS lake.voice.calls (
  event_id varchar NOT NULL COMMENT 'UUID made at the source',
  run_id varchar NOT NULL COMMENT 'Which run of the producer sent it',
  queue varchar NOT NULL COMMENT 'The queue that took the call: ORDERS, PRODUCTS, STORES, LOYALTY or APP',
  agent_id varchar NOT NULL COMMENT 'Pseudonym of the agent who ended it',
  ${columns_calls_words},
  customer_id varchar COMMENT 'Pseudonym of the household, if the caller is known',
  store_id varchar COMMENT 'The store that the agent entered, or that the call names',
  order_id varchar COMMENT 'The receipt or order that the agent entered, or that the call names: transaction_id of lake.sales.lines',
  product_id varchar COMMENT 'The product that the agent entered',
  ${columns_calls_judged},
  hold_ms bigint NOT NULL COMMENT 'How long the caller was kept on hold, in milliseconds',
  transfers integer NOT NULL COMMENT 'How often the call was transferred to another agent',
  ${columns_calls_kept},
  event_time timestamp(6) with time zone NOT NULL COMMENT 'When it ended',
  ingested_at timestamp(6) with time zone NOT NULL COMMENT 'Kafka''s timestamp of the message',
  analysed_at timestamp(6) with time zone NOT NULL COMMENT 'When it was analysed'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(event_time)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);

-- The contents of customers' photos. The bucket voice-copies has the copies on which nobody can be recognised.
CREATE TABLE IF NOT EXISTS lake.voice.photos (
  event_id varchar NOT NULL COMMENT 'UUID made at the source',
  run_id varchar NOT NULL COMMENT 'Which run of the producer sent it',
  ${columns_photos_kind},
  customer_id varchar COMMENT 'Pseudonym of the household, if signed in',
  store_id varchar COMMENT 'The store that the form was opened for, or that is printed on the receipt',
  order_id varchar COMMENT 'The receipt that the form was opened for, or whose number is on the photo: transaction_id of lake.sales.lines',
  product_id varchar COMMENT 'The product that the form was opened for',
  receipt_store varchar COMMENT 'Store that is printed on the receipt',
  receipt_number varchar COMMENT 'Number that is printed on the receipt',
  bought_on date COMMENT 'Day that is printed on the receipt',
  total_amount decimal(12, 2) COMMENT 'Total that is printed on the receipt',
  ${columns_photos_seen},
  event_time timestamp(6) with time zone NOT NULL COMMENT 'When it was sent',
  ingested_at timestamp(6) with time zone NOT NULL COMMENT 'Kafka''s timestamp of the announcement',
  analysed_at timestamp(6) with time zone NOT NULL COMMENT 'When it was analysed'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(event_time)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);

CREATE TABLE IF NOT EXISTS lake.voice.alerts (
  alert_id varchar NOT NULL COMMENT 'Id of the alert: its subject and the hour',
  subject_kind varchar NOT NULL COMMENT 'TOPIC, PRODUCT or STORE',
  subject varchar NOT NULL COMMENT 'The topic of the taxonomy, the product or the store with more unhappy customers than usual',
  contacts bigint NOT NULL COMMENT 'How many of the last texts and calls about it are compared: 20',
  unhappy bigint NOT NULL COMMENT 'Those of contacts whose sentiment is below ${unhappy}',
  usual_contacts bigint NOT NULL COMMENT 'How many texts and calls before them give the usual share, 480 at most',
  usual_unhappy bigint NOT NULL COMMENT 'Those of usual_contacts whose sentiment is below ${unhappy}',
  z decimal(8, 2) NOT NULL COMMENT 'How many standard deviations the unhappy count is above the usual share, as a binomial count',
  example_ids array(varchar) NOT NULL COMMENT 'Events of the last five unhappy texts and calls',
  examples array(varchar) NOT NULL COMMENT 'Their texts, in English and without personal data',
  raised_at timestamp(6) with time zone NOT NULL COMMENT 'Time of the text or call that raised the alert'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(raised_at)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);

-- A digest that is written again is a newer version beside the earlier one.
CREATE TABLE IF NOT EXISTS lake.voice.digests (
  day date NOT NULL COMMENT 'The day of the digest, UTC',
  department varchar NOT NULL COMMENT 'Department of the product master; WHOLE SHOP for texts and calls about no product',
  rank integer NOT NULL COMMENT 'Rank of the claim; 1 is the most important',
  claim varchar NOT NULL COMMENT 'One sentence',
  feedback_ids array(varchar) NOT NULL COMMENT 'Texts and calls that support the claim',
  contacts bigint NOT NULL COMMENT 'Texts and calls of the day that are about the department',
  unhappy bigint NOT NULL COMMENT 'Those of contacts whose sentiment is below ${unhappy}',
  made_by varchar NOT NULL COMMENT 'extractive, or the language model that wrote it',
  made_at timestamp(6) with time zone NOT NULL COMMENT 'When it was written; claims of the same time are one version'
) WITH (format_version = 2, max_commit_retry = 20, partitioning = ARRAY['month(day)']);
