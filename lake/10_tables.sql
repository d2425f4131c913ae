-- Cold tables: append-only, one writer each, partitioned by the day of the event, a unique event id on every row.
-- Old metadata files go with each commit: the sales job commits every 10 s.
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
  department varchar NOT NULL COMMENT 'From the product master; UNKNOWN where the product is not in it',
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
  flags varchar NOT NULL COMMENT 'Oddities of the source: ZERO_QUANTITY, ZERO_VALUE, THOUSANDTHS, UNKNOWN_PRODUCT',
  units bigint NOT NULL COMMENT 'Quantity as people count: a line of fuel is one'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(event_time)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);

-- Null in lines that came before it was there: of those (event_id, line_no) names the row, and line 1 counts the basket.
ALTER TABLE lake.sales.lines ADD COLUMN IF NOT EXISTS line_position integer COMMENT 'Our own position of the line in its basket, from 1, whatever its number: with event_id it names the row, and 1 counts the basket';

CREATE TABLE IF NOT EXISTS lake.web.events (
  event_id varchar NOT NULL COMMENT 'UUID made at the source',
  run_id varchar NOT NULL COMMENT 'Which run of the producer sent it',
  session_id varchar NOT NULL COMMENT 'The visit',
  customer_id varchar COMMENT 'Pseudonym of the household, where signed in',
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
  reason varchar NOT NULL COMMENT 'Why, in words, with the field and the value',
  raw varbinary NOT NULL COMMENT 'The message''s value as it came'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(produced_at)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);

CREATE TABLE IF NOT EXISTS lake.inventory.alerts (
  alert_id varchar NOT NULL COMMENT 'Names the alert: store, product and which alert of the pair it is',
  store_id varchar NOT NULL COMMENT 'Store as the source numbers it',
  product_id varchar NOT NULL COMMENT 'Product as the source names it',
  department varchar COMMENT 'Department of the product master',
  level varchar NOT NULL COMMENT 'OUT (nothing is left), LOW (what is left will not last until a delivery ordered now) or OK (an earlier alert is over)',
  previous_level varchar NOT NULL COMMENT 'The level before',
  stock_units bigint NOT NULL COMMENT 'Units left by the books; less than nothing where more was sold than the books had',
  units_a_day decimal(12, 3) NOT NULL COMMENT 'Units sold a day, by what was sold since the last count and the week before it',
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

-- What customers wrote, free of personal data. Neither here nor in a log is there what they wrote to the letter.
CREATE TABLE IF NOT EXISTS lake.voice.feedback (
  event_id varchar NOT NULL COMMENT 'UUID made at the source',
  run_id varchar NOT NULL COMMENT 'Which run of the producer sent it',
  channel varchar NOT NULL COMMENT 'WEB_FORM, APP, EMAIL, KIOSK or SOCIAL',
  language varchar NOT NULL COMMENT 'ISO 639-1: en or es',
  text varchar NOT NULL COMMENT 'What was written, with typed placeholders such as <PHONE> where it was personal',
  text_en varchar NOT NULL COMMENT 'The same in English: translated by a machine where it was written in Spanish',
  rating integer COMMENT 'Stars given with it, 1 to 5',
  customer_id varchar COMMENT 'Pseudonym of the household, where signed in',
  store_id varchar COMMENT 'The store that the form was opened for, or that the text names',
  order_id varchar COMMENT 'The receipt or order that the form was opened for, or that the text names: transaction_id of lake.sales.lines',
  product_id varchar COMMENT 'The product that the form was opened for',
  sentiment double NOT NULL COMMENT 'How it feels, from -1 to 1',
  topics array(varchar) NOT NULL COMMENT 'What it speaks of, from the taxonomy; OTHER where it is near to none',
  aspects varchar NOT NULL COMMENT 'JSON: the sentiment of the sentences that speak of each topic',
  intent varchar NOT NULL COMMENT 'COMPLAINT, QUESTION, PRAISE, CANCELLATION, SAFETY, SPAM or STATEMENT',
  urgency double NOT NULL COMMENT 'From 0 to 1: what it wants, and how bad it feels',
  redactions varchar NOT NULL COMMENT 'JSON: how many placeholders of each kind',
  embedding varbinary NOT NULL COMMENT 'Its meaning: 384 signed bytes, a vector of length 127',
  model varchar NOT NULL COMMENT 'The version of all that this rests on',
  event_time timestamp(6) with time zone NOT NULL COMMENT 'When it was sent off',
  ingested_at timestamp(6) with time zone NOT NULL COMMENT 'Kafka''s timestamp of the message',
  analysed_at timestamp(6) with time zone NOT NULL COMMENT 'When it was read',
  products_named array(varchar) COMMENT 'Product types of the master that the text names',
  sketch array(bigint) COMMENT 'The signs of its meaning''s dimensions, 64 to a number: finds what is near before the vectors are compared',
  duplicate_of varchar COMMENT 'The text of the same day and store that this one nearly repeats'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(event_time)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);
ALTER TABLE lake.voice.feedback ADD COLUMN IF NOT EXISTS products_named array(varchar) COMMENT 'Product types of the master that the text names';
ALTER TABLE lake.voice.feedback ADD COLUMN IF NOT EXISTS sketch array(bigint) COMMENT 'The signs of its meaning''s dimensions, 64 to a number: finds what is near before the vectors are compared';
ALTER TABLE lake.voice.feedback ADD COLUMN IF NOT EXISTS duplicate_of varchar COMMENT 'The text of the same day and store that this one nearly repeats';

-- Each model's readings lie together, and can be dropped together.
CREATE TABLE IF NOT EXISTS lake.voice.readings (
  event_id varchar NOT NULL COMMENT 'The text or call: event_id of lake.voice.feedback or calls',
  day date NOT NULL COMMENT 'When it was sent off, UTC',
  model varchar NOT NULL COMMENT 'The version of all that this rests on',
  sentiment double NOT NULL COMMENT 'How it feels, from -1 to 1',
  topics array(varchar) NOT NULL COMMENT 'What it speaks of, from the taxonomy; OTHER where it is near to none',
  aspects varchar NOT NULL COMMENT 'JSON: the sentiment of the sentences that speak of each topic',
  intent varchar NOT NULL COMMENT 'COMPLAINT, QUESTION, PRAISE, CANCELLATION, SAFETY, SPAM or STATEMENT',
  urgency double NOT NULL COMMENT 'From 0 to 1: what it wants, and how bad it feels',
  products_named array(varchar) NOT NULL COMMENT 'Product types of the master that the text names',
  embedding varbinary NOT NULL COMMENT 'Its meaning: 384 signed bytes, a vector of length 127',
  sketch array(bigint) NOT NULL COMMENT 'The signs of its meaning''s dimensions, 64 to a number',
  read_at timestamp(6) with time zone NOT NULL COMMENT 'When it was read'
) COMMENT 'What later models make of texts and calls, beside what was understood when they came' WITH (format_version = 2, partitioning = ARRAY['model']);
ALTER TABLE lake.voice.readings ADD COLUMN IF NOT EXISTS kind varchar COMMENT 'TEXT or CALL; null in readings of texts made before calls were read again';
ALTER TABLE lake.voice.readings ADD COLUMN IF NOT EXISTS course array(double) COMMENT 'Of a call: the caller''s sentiment turn by turn, from -1 to 1';
ALTER TABLE lake.voice.readings ADD COLUMN IF NOT EXISTS resolved boolean COMMENT 'Of a call: whether the matter was settled, by what was said at the end';

-- Calls, free of personal data.
CREATE TABLE IF NOT EXISTS lake.voice.calls (
  event_id varchar NOT NULL COMMENT 'UUID made at the source',
  run_id varchar NOT NULL COMMENT 'Which run of the producer sent it',
  queue varchar NOT NULL COMMENT 'The queue that took the call: ORDERS, PRODUCTS, STORES, LOYALTY or APP',
  agent_id varchar NOT NULL COMMENT 'Pseudonym of the agent who ended it',
  language varchar NOT NULL COMMENT 'ISO 639-1: en or es',
  text varchar NOT NULL COMMENT 'What was said, a line a turn, with typed placeholders such as <PHONE> where it was personal',
  text_en varchar NOT NULL COMMENT 'The same in English: translated by a machine where it was said in Spanish',
  customer_id varchar COMMENT 'Pseudonym of the household, where the caller was known',
  store_id varchar COMMENT 'The store that the agent wrote down, or that was named',
  order_id varchar COMMENT 'The receipt or order that the agent wrote down, or that was named: transaction_id of lake.sales.lines',
  product_id varchar COMMENT 'The product that the agent wrote down',
  products_named array(varchar) COMMENT 'Product types of the master that were named',
  sentiment double NOT NULL COMMENT 'How the caller feels, from -1 to 1',
  course array(double) NOT NULL COMMENT 'The same turn by turn of the caller''s',
  topics array(varchar) NOT NULL COMMENT 'What the caller speaks of, from the taxonomy; OTHER where it is near to none',
  aspects varchar NOT NULL COMMENT 'JSON: the sentiment of the sentences that speak of each topic',
  intent varchar NOT NULL COMMENT 'COMPLAINT, QUESTION, PRAISE, CANCELLATION, SAFETY, SPAM or STATEMENT',
  urgency double NOT NULL COMMENT 'From 0 to 1: what the caller wants, and how bad it feels',
  talk_share double NOT NULL COMMENT 'The agent''s part of the time in which somebody spoke, from 0 to 1',
  silence_ms bigint NOT NULL COMMENT 'How long nobody spoke, holds among it, in milliseconds',
  interruptions bigint NOT NULL COMMENT 'Turns that began before the other had ended',
  resolved boolean NOT NULL COMMENT 'Whether the matter was settled, by what was said at the end',
  duration_ms bigint NOT NULL COMMENT 'From the first word to the last, in milliseconds',
  hold_ms bigint NOT NULL COMMENT 'How long the caller was kept on hold, in milliseconds',
  transfers integer NOT NULL COMMENT 'How often the call was given to another agent',
  redactions varchar NOT NULL COMMENT 'JSON: how many placeholders of each kind',
  embedding varbinary NOT NULL COMMENT 'The meaning of what the caller said: 384 signed bytes, a vector of length 127',
  model varchar NOT NULL COMMENT 'The version of all that this rests on',
  event_time timestamp(6) with time zone NOT NULL COMMENT 'When it ended',
  ingested_at timestamp(6) with time zone NOT NULL COMMENT 'Kafka''s timestamp of the message',
  analysed_at timestamp(6) with time zone NOT NULL COMMENT 'When it was read'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(event_time)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);

-- What is on customers' photos; the copy on which nobody is to be recognised is in the bucket voice-copies.
CREATE TABLE IF NOT EXISTS lake.voice.photos (
  event_id varchar NOT NULL COMMENT 'UUID made at the source',
  run_id varchar NOT NULL COMMENT 'Which run of the producer sent it',
  kind varchar NOT NULL COMMENT 'RECEIPT, PRODUCT, SHELF or OTHER',
  customer_id varchar COMMENT 'Pseudonym of the household, where signed in',
  store_id varchar COMMENT 'The store that the form was opened for, or that is printed on the receipt',
  order_id varchar COMMENT 'The receipt that the form was opened for, or whose number is on the photo: transaction_id of lake.sales.lines',
  product_id varchar COMMENT 'The product that the form was opened for',
  receipt_store varchar COMMENT 'Store that is printed on the receipt',
  receipt_number varchar COMMENT 'Number that is printed on the receipt',
  bought_on date COMMENT 'Day that is printed on the receipt',
  total_amount decimal(12, 2) COMMENT 'Total that is printed on the receipt',
  last_four varchar COMMENT 'Last four digits of the card that are printed on the receipt',
  barcodes array(varchar) NOT NULL COMMENT 'Article numbers (EAN, UPC) whose check digit is right',
  faces integer NOT NULL COMMENT 'Faces that are sure to be on it',
  hidden integer NOT NULL COMMENT 'Printed names and numbers of people that are blurred on the copy',
  width integer NOT NULL COMMENT 'Of the copy, pixels',
  height integer NOT NULL COMMENT 'Of the copy, pixels',
  sharpness double NOT NULL COMMENT 'Variance of its Laplacian at 640 pixels: below some 50 it is blurred',
  brightness double NOT NULL COMMENT 'Mean, from 0 to 255',
  likeness bigint NOT NULL COMMENT 'Perceptual hash: photos of which few of the 64 bits differ look alike',
  copy varchar NOT NULL COMMENT 'Name of the copy in the bucket voice-copies',
  thumbnail varbinary NOT NULL COMMENT 'The copy as a JPEG of 280 pixels at most',
  model varchar NOT NULL COMMENT 'The version of all that this rests on',
  event_time timestamp(6) with time zone NOT NULL COMMENT 'When it was sent off',
  ingested_at timestamp(6) with time zone NOT NULL COMMENT 'Kafka''s timestamp of the announcement',
  analysed_at timestamp(6) with time zone NOT NULL COMMENT 'When it was looked at'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(event_time)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);

CREATE TABLE IF NOT EXISTS lake.voice.alerts (
  alert_id varchar NOT NULL COMMENT 'Names the alert: its subject and the hour',
  subject_kind varchar NOT NULL COMMENT 'TOPIC, PRODUCT or STORE',
  subject varchar NOT NULL COMMENT 'The topic of the taxonomy, the product or the store of which customers have come to speak worse',
  contacts bigint NOT NULL COMMENT 'The last texts and calls that spoke of it: 20',
  unhappy bigint NOT NULL COMMENT 'Those of them whose sentiment is below -0.2',
  usual_contacts bigint NOT NULL COMMENT 'Those before them, 480 at most',
  usual_unhappy bigint NOT NULL COMMENT 'The unhappy ones of those',
  z decimal(8, 2) NOT NULL COMMENT 'By how many standard deviations of a binomial count with the usual share the unhappy ones are too many',
  example_ids array(varchar) NOT NULL COMMENT 'Events of the last five unhappy ones',
  examples array(varchar) NOT NULL COMMENT 'What they said, in English and free of personal data',
  raised_at timestamp(6) with time zone NOT NULL COMMENT 'Time of the text or call that was one too many'
) WITH (
  format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(raised_at)'],
  extra_properties = MAP(
    ARRAY['write.metadata.delete-after-commit.enabled', 'write.metadata.previous-versions-max', 'write.distribution-mode'],
    ARRAY['true', '20', 'none'])
);

-- A digest that is made again is a newer version beside the one before.
CREATE TABLE IF NOT EXISTS lake.voice.digests (
  day date NOT NULL COMMENT 'The day that is told of, UTC',
  department varchar NOT NULL COMMENT 'Department of the product master; WHOLE SHOP for what is about no product',
  rank integer NOT NULL COMMENT 'The most important claim is 1',
  claim varchar NOT NULL COMMENT 'One sentence',
  feedback_ids array(varchar) NOT NULL COMMENT 'Texts and calls that it rests on',
  contacts bigint NOT NULL COMMENT 'Texts and calls of the day that are about the department',
  unhappy bigint NOT NULL COMMENT 'The unhappy ones of them',
  made_by varchar NOT NULL COMMENT 'extractive, or the language model that wrote it',
  made_at timestamp(6) with time zone NOT NULL COMMENT 'When; claims of the same moment are one version'
) WITH (format_version = 2, max_commit_retry = 20, partitioning = ARRAY['month(day)']);
