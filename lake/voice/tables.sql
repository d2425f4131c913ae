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
  contacts bigint NOT NULL COMMENT 'How many of the last texts and calls about it are compared: ${alert_contacts}',
  unhappy bigint NOT NULL COMMENT 'Those of contacts whose sentiment is below ${unhappy}',
  usual_contacts bigint NOT NULL COMMENT 'How many texts and calls before them give the usual share, ${alert_usual_contacts} at most',
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
