CREATE TEMPORARY TABLE hot_records (
  record_key BYTES,
  record_value BYTES,
  topic STRING METADATA VIRTUAL
) WITH (
  'connector' = 'kafka',
  'topic' = '${topics}',
  'properties.bootstrap.servers' = '${bootstrap}',
  'properties.group.id' = 'hot_store',
  'properties.fetch.max.wait.ms' = '50',
  'scan.startup.mode' = 'earliest-offset',
  'key.format' = 'raw',
  'key.fields' = 'record_key',
  'value.format' = 'raw',
  'value.fields-include' = 'EXCEPT_KEY'
);
