-- Each text once, and each message that could not be decoded.
SELECT event_id, run_id, channel, `text`, rating, customer_id, store_id, order_id, product_id, event_time, kafka_topic, kafka_partition, kafka_offset, kafka_time, decode_error, raw_value
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY proc_time ASC) AS copy_no FROM decoded_feedback WHERE decode_error IS NULL
)
WHERE copy_no = 1
UNION ALL
SELECT event_id, run_id, channel, `text`, rating, customer_id, store_id, order_id, product_id, event_time, kafka_topic, kafka_partition, kafka_offset, kafka_time, decode_error, raw_value
FROM decoded_feedback WHERE decode_error IS NOT NULL;
-- The text itself goes no further than this.
SELECT
  event_id, run_id, channel, rating, customer_id, store_id, order_id, product_id, event_time, kafka_topic, kafka_partition, kafka_offset, kafka_time,
  understand(`text`, decode_error, raw_value, kafka_topic, kafka_partition, kafka_offset) AS u
FROM feedback_once;
CREATE TEMPORARY VIEW understood AS
SELECT
  event_id, run_id, channel, rating, customer_id, store_id, order_id, product_id, event_time, kafka_time,
  u.`language` AS `language`, u.`text` AS `text`, u.text_en AS text_en, u.sentiment AS sentiment, u.topics AS topics, u.aspects AS aspects,
  u.intent AS intent, u.urgency AS urgency, u.redactions AS redactions, u.embedding AS embedding, u.model AS model
FROM feedback_read WHERE u.set_aside IS NULL;
CREATE TEMPORARY VIEW set_aside AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(u.set_aside, ':', 0) AS kind, u.set_aside AS reason
FROM feedback_read WHERE u.set_aside IS NOT NULL;
