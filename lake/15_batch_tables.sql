-- What became of each file of a dump, of each rule, and of each row that was set aside.
CREATE TABLE IF NOT EXISTS lake.quality.files (
  path varchar NOT NULL COMMENT 'The file in the landing bucket',
  etag varchar NOT NULL COMMENT 'Its manifest''s ETag: another one is another sending',
  dump varchar NOT NULL COMMENT 'The dump''s contract; unknown where the folders are no dump''s',
  business_date date COMMENT 'The day it tells of; null where its folder is no day',
  sha256 varchar COMMENT 'Of the file as it came',
  status varchar NOT NULL COMMENT 'LOADED, REFUSED (the reason says why; what was loaded before stays) or REPEATED (the same file had been loaded)',
  reason varchar COMMENT 'Why it was refused',
  rows_in bigint NOT NULL COMMENT 'Rows of the file; 0 where it could not be read',
  rows_loaded bigint NOT NULL COMMENT 'Rows that passed every rule and are in the table',
  rows_quarantined bigint NOT NULL COMMENT 'Rows in lake.quality.quarantine',
  processed_at timestamp(6) with time zone NOT NULL COMMENT 'When'
) WITH (format_version = 2, max_commit_retry = 20);

CREATE TABLE IF NOT EXISTS lake.quality.results (
  path varchar NOT NULL COMMENT 'The file in the landing bucket',
  dump varchar NOT NULL COMMENT 'The dump''s contract',
  business_date date NOT NULL COMMENT 'The day it tells of',
  kind varchar NOT NULL COMMENT 'EXPECTATION: a rule that was checked; STANDARD: a rule by which values were changed',
  rule varchar NOT NULL COMMENT 'The rule',
  "column" varchar NOT NULL COMMENT 'The column it looks at; empty for the whole file',
  checked bigint NOT NULL COMMENT 'Values looked at',
  failed bigint NOT NULL COMMENT 'EXPECTATION: values that broke it; STANDARD: values that were changed',
  checked_at timestamp(6) with time zone NOT NULL COMMENT 'When'
) WITH (format_version = 2, max_commit_retry = 20, partitioning = ARRAY['month(business_date)']);

CREATE TABLE IF NOT EXISTS lake.quality.quarantine (
  path varchar NOT NULL COMMENT 'The file in the landing bucket',
  line bigint NOT NULL COMMENT 'Line of the file, the header being line 1 of a CSV',
  dump varchar NOT NULL COMMENT 'The dump''s contract',
  business_date date NOT NULL COMMENT 'The day it tells of',
  rule varchar NOT NULL COMMENT 'The rule that it broke; a row that broke several is here once for each',
  reason varchar NOT NULL COMMENT 'Why, in words',
  "row" varchar NOT NULL COMMENT 'The row as it came, as JSON',
  set_aside_at timestamp(6) with time zone NOT NULL COMMENT 'When'
) WITH (format_version = 2, max_commit_retry = 20, partitioning = ARRAY['month(business_date)']);
