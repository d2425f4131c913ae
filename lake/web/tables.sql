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
