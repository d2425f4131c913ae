CREATE TEMPORARY TABLE ${name} (
  ${columns},
  PRIMARY KEY (${keys}) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = '${topic}',
  'properties.bootstrap.servers' = '${bootstrap}',
  'properties.linger.ms' = '5',
  'properties.compression.type' = 'lz4',
  -- The topics' limit. The contracts' maxLength keeps every row far below it: tests/unit/core/test_contracts.py.
  'properties.max.request.size' = '2097152',
  'key.format' = 'json',
  'key.json.timestamp-format.standard' = 'ISO-8601',
  'value.format' = 'tolerant-avro',
  ${avro}
);
