CREATE TEMPORARY TABLE hot_records (
  record_key BYTES,
  record_value BYTES,
  topic STRING METADATA VIRTUAL
) WITH (
  'connector' = 'kafka',
  'topic' = '${topics}',
  'properties.bootstrap.servers' = '${bootstrap}',
  'properties.group.id' = 'hot_store',
  -- What a producer has aborted is never read. An open transaction holds up its partition: for how long at most is in Kafka's server.properties.
  'properties.isolation.level' = 'read_committed',
  -- A partition that is added while the job runs is found in this time. Flink's default is five minutes.
  'scan.topic-partition-discovery.interval' = '30 s',
  'properties.fetch.max.wait.ms' = '50',
  'scan.startup.mode' = 'earliest-offset',
  'key.format' = 'raw',
  'key.fields' = 'record_key',
  'value.format' = 'raw',
  'value.fields-include' = 'EXCEPT_KEY'
);
