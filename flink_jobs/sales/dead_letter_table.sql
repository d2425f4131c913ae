CREATE TEMPORARY TABLE dead_letters (
  ${columns}
) WITH (
  'connector' = 'kafka',
  'topic' = 'dead_letters.v1',
  'properties.bootstrap.servers' = '${bootstrap}',
  'properties.compression.type' = 'lz4',
  'properties.max.request.size' = '2097152',
  'format' = 'tolerant-avro',
  ${avro}
);
