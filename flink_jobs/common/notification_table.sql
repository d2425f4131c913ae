CREATE TEMPORARY TABLE ${name} (
  raw_value BYTES,
  kafka_topic STRING METADATA FROM 'topic' VIRTUAL,
  kafka_partition INT METADATA FROM 'partition' VIRTUAL,
  kafka_offset BIGINT METADATA FROM 'offset' VIRTUAL,
  kafka_time TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  proc_time AS PROCTIME()
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${bootstrap}',
  'properties.group.id' = '${group}',
  -- Aborted records are not read. An open transaction holds up its partition; Kafka's server.properties limits for how long.
  'properties.isolation.level' = 'read_committed',
  -- A partition that is added while the job runs is found within this time. Flink's default is five minutes.
  'scan.topic-partition-discovery.interval' = '30 s',
  'scan.startup.mode' = '${startup}',
  'properties.auto.offset.reset' = 'earliest',
  'format' = 'raw'
);
