CREATE CATALOG lake WITH (
  'type' = 'iceberg',
  'catalog-impl' = 'org.apache.iceberg.jdbc.JdbcCatalog',
  'uri' = 'jdbc:postgresql://${postgres}:5432/lake',
  'jdbc.user' = 'lake',
  'jdbc.password' = '${password}',
  'jdbc.schema-version' = 'V1',
  'warehouse' = 's3://${lake_bucket}/',
  'io-impl' = 'org.apache.iceberg.aws.s3.S3FileIO',
  's3.endpoint' = 'http://${s3_endpoint}',
  's3.path-style-access' = 'true',
  'client.region' = 'us-east-1',
  'cache-enabled' = 'true'
);
