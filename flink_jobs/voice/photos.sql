-- Each photo once, as the store announced it. What is no announcement has no id: it is set aside by its place.
CREATE TEMPORARY VIEW announced AS
SELECT
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Event-Id'']') AS event_id,
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Run-Id'']') AS run_id,
  JSON_VALUE(said, '$$.Records[0].s3.object.key') AS photo,
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Customer-Id'']') AS customer_id,
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Store-Id'']') AS store_id,
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Order-Id'']') AS order_id,
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Product-Id'']') AS product_id,
  JSON_VALUE(said, '$$.Records[0].s3.object.userMetadata[''X-Amz-Meta-Event-Time'']') AS sent_at,
  kafka_topic, kafka_partition, kafka_offset, kafka_time, proc_time
FROM (SELECT DECODE(raw_value, 'UTF-8') AS said, * FROM voice_photos);
SELECT event_id, run_id, photo, customer_id, store_id, order_id, product_id, sent_at, kafka_topic, kafka_partition, kafka_offset, kafka_time
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY COALESCE(event_id, CAST(kafka_partition AS STRING) || ':' || CAST(kafka_offset AS STRING)) ORDER BY proc_time ASC) AS copy_no
  FROM announced
)
WHERE copy_no = 1;
SELECT
  event_id, run_id, customer_id, store_id, order_id, product_id, kafka_topic, kafka_partition, kafka_offset, kafka_time,
  look_at(photo, event_id, sent_at) AS p
FROM photos_once;
CREATE TEMPORARY VIEW photos_set_aside AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(p.set_aside, ':', 0) AS kind, p.set_aside AS reason
FROM photos_seen WHERE p.set_aside IS NOT NULL;
CREATE TEMPORARY VIEW all_set_aside AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, kind, reason FROM set_aside
UNION ALL
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, kind, reason FROM photos_set_aside;
