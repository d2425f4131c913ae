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

-- The result of each dump's file, the result of each rule, and each quarantined row.
CREATE TABLE IF NOT EXISTS lake.quality.files (
  path varchar NOT NULL COMMENT 'The file in the landing bucket',
  etag varchar NOT NULL COMMENT 'ETag of its manifest: another ETag means that the file was sent again',
  dump varchar NOT NULL COMMENT 'The dump''s contract; unknown where its folders match no dump',
  business_date date COMMENT 'The business day of the file; null where its folder is not a date',
  sha256 varchar COMMENT 'SHA-256 of the file as received',
  status varchar NOT NULL COMMENT 'LOADED, REFUSED (see reason; rows loaded before stay) or REPEATED (the same file was loaded before)',
  reason varchar COMMENT 'Why it was refused',
  rows_in bigint NOT NULL COMMENT 'Rows of the file; 0 where it could not be read',
  rows_loaded bigint NOT NULL COMMENT 'Rows that passed every rule and are in the table',
  rows_quarantined bigint NOT NULL COMMENT 'Rows in lake.quality.quarantine',
  processed_at timestamp(6) with time zone NOT NULL COMMENT 'When the file was processed'
) WITH (format_version = 2, max_commit_retry = 20);

CREATE TABLE IF NOT EXISTS lake.quality.results (
  path varchar NOT NULL COMMENT 'The file in the landing bucket',
  dump varchar NOT NULL COMMENT 'The dump''s contract',
  business_date date NOT NULL COMMENT 'The business day of the file',
  kind varchar NOT NULL COMMENT 'EXPECTATION: a rule that was checked; STANDARD: a rule by which values were changed',
  rule varchar NOT NULL COMMENT 'The rule',
  "column" varchar NOT NULL COMMENT 'The column that it checks; empty for the whole file',
  checked bigint NOT NULL COMMENT 'Values that were checked',
  failed bigint NOT NULL COMMENT 'EXPECTATION: values that broke it; STANDARD: values that were changed',
  checked_at timestamp(6) with time zone NOT NULL COMMENT 'When the rule was checked'
) WITH (format_version = 2, max_commit_retry = 20, partitioning = ARRAY['month(business_date)']);

CREATE TABLE IF NOT EXISTS lake.quality.quarantine (
  path varchar NOT NULL COMMENT 'The file in the landing bucket',
  line bigint NOT NULL COMMENT 'Line in the file; the header of a CSV is line 1',
  dump varchar NOT NULL COMMENT 'The dump''s contract',
  business_date date NOT NULL COMMENT 'The business day of the file',
  rule varchar NOT NULL COMMENT 'The rule that the row broke; a row that broke several has one row here for each',
  reason varchar NOT NULL COMMENT 'The reason in words',
  "row" varchar NOT NULL COMMENT 'The row as received, as JSON',
  set_aside_at timestamp(6) with time zone NOT NULL COMMENT 'When the row was quarantined'
) WITH (format_version = 2, max_commit_retry = 20, partitioning = ARRAY['month(business_date)']);
