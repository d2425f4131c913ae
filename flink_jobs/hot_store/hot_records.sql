CREATE TEMPORARY TABLE hot_records (
  record_key BYTES,
  record_value BYTES,
  topic STRING METADATA VIRTUAL
) WITH (
  'connector' = 'kafka',
  'topic' = '${topics}',
  'properties.bootstrap.servers' = '${bootstrap}',
  'properties.group.id' = 'hot_store',
  -- Aborted records are not read. An open transaction holds up its partition; Kafka's server.properties limits for how long.
  'properties.isolation.level' = 'read_committed',
  -- A partition that is added while the job runs is found within this time. Flink's default is five minutes.
  'scan.topic-partition-discovery.interval' = '30 s',
  'properties.fetch.max.wait.ms' = '50',
  'scan.startup.mode' = 'earliest-offset',
  'key.format' = 'raw',
  'key.fields' = 'record_key',
  'value.format' = 'raw',
  'value.fields-include' = 'EXCEPT_KEY'
);
