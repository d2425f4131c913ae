-- Flink's catalog `lake` on AWS: Glue and S3 in place of Postgres and MinIO. It replaces flink_jobs/common/lake_catalog.sql.
-- lake_catalog() in flink_jobs/common/ddl.py must bind the region. Credentials come from the application's role.
-- bench/aws/run.sh tries this file against a simulation of AWS.
CREATE CATALOG lake WITH (
  'type' = 'iceberg',
  'catalog-impl' = 'org.apache.iceberg.aws.glue.GlueCatalog',
  'warehouse' = 's3://${lake_bucket}/',
  'io-impl' = 'org.apache.iceberg.aws.s3.S3FileIO',
  'client.region' = '${region}',
  'glue.skip-archive' = 'true',
  'cache-enabled' = 'true'
);
