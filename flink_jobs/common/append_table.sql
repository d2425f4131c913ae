CREATE TEMPORARY TABLE ${name} (
  ${columns}
) WITH (
  'connector' = 'kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${bootstrap}',
  'properties.linger.ms' = '5',
  'properties.compression.type' = 'lz4',
  -- The topics' limit. The contracts' maxLength keeps every row far below it: tests/unit/core/test_contracts.py.
  'properties.max.request.size' = '2097152',
  'format' = 'tolerant-avro',
  ${avro}
);
