-- The object store's announcements of photos, without copies. A message that is no announcement gets no event_id (tillstream/core/announcements.py
-- has the same rule): it is identified by its place in Kafka and set aside, and cannot take a photo's id.
CREATE TEMPORARY VIEW announced AS
SELECT
  CASE
    WHEN JSON_VALUE(said, '$$.Records[0].eventName') LIKE 's3:ObjectCreated:%' AND JSON_VALUE(said, '$$.Records[0].s3.bucket.name') = '${photos_bucket}'
      AND NOT JSON_EXISTS(said, '$$.Records[1]')
      AND REGEXP(JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Event-Id'']'), '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z')
    THEN JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Event-Id'']')
  END AS event_id,
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Run-Id'']') AS run_id,
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Customer-Id'']') AS customer_id,
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Store-Id'']') AS store_id,
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Order-Id'']') AS order_id,
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Product-Id'']') AS product_id,
  said, kafka_topic, kafka_partition, kafka_offset, kafka_time, proc_time
FROM (SELECT DECODE(raw_value, 'UTF-8') AS said, * FROM voice_photos);
SELECT event_id, run_id, said, customer_id, store_id, order_id, product_id, kafka_topic, kafka_partition, kafka_offset, kafka_time
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY COALESCE(event_id, CAST(kafka_partition AS STRING) || ':' || CAST(kafka_offset AS STRING)) ORDER BY proc_time ASC) AS copy_no
  FROM announced
)
WHERE copy_no = 1;
-- The function checks an announcement before it fetches the photo.
SELECT
  event_id, run_id, customer_id, store_id, order_id, product_id, kafka_topic, kafka_partition, kafka_offset, kafka_time,
  look_at(said, event_id, kafka_topic, kafka_partition, kafka_offset) AS p
FROM photos_once;
CREATE TEMPORARY VIEW photos_set_aside AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(p.set_aside, ':', 0) AS kind, p.set_aside AS reason
FROM photos_seen WHERE p.set_aside IS NOT NULL;
CREATE TEMPORARY VIEW all_set_aside AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, kind, reason FROM set_aside
UNION ALL
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, kind, reason FROM photos_set_aside;
