-- Texts and calls as one stream: `said` is a text, or the JSON of a call's turns.
CREATE TEMPORARY VIEW contacts AS
SELECT
  'TEXT' AS kind, event_id, run_id, channel, `text` AS said, rating, customer_id, store_id, order_id, product_id, CAST(NULL AS STRING) AS agent_id,
  CAST(NULL AS BIGINT) AS hold_ms, CAST(NULL AS INT) AS transfers, event_time, kafka_topic, kafka_partition, kafka_offset, kafka_time, decode_error, raw_value
FROM voice_feedback
UNION ALL
SELECT
  'CALL', event_id, run_id, queue, JSON_STRING(turns), CAST(NULL AS INT), customer_id, store_id, order_id, product_id, agent_id,
  hold_ms, transfers, event_time, kafka_topic, kafka_partition, kafka_offset, kafka_time, decode_error, raw_value
FROM voice_calls;
-- Contacts without copies, and all messages that could not be decoded.
SELECT
  kind, event_id, run_id, channel, said, rating, customer_id, store_id, order_id, product_id, agent_id, hold_ms, transfers, event_time,
  kafka_topic, kafka_partition, kafka_offset, kafka_time, decode_error, raw_value
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY proc_time ASC) AS copy_no FROM decoded_contacts WHERE decode_error IS NULL
)
WHERE copy_no = 1
UNION ALL
SELECT
  kind, event_id, run_id, channel, said, rating, customer_id, store_id, order_id, product_id, agent_id, hold_ms, transfers, event_time,
  kafka_topic, kafka_partition, kafka_offset, kafka_time, decode_error, raw_value
FROM decoded_contacts WHERE decode_error IS NOT NULL;
-- The original words end here: later views have only the analysis.
SELECT
  kind, event_id, run_id, channel, rating, customer_id, store_id, order_id, product_id, agent_id, hold_ms, transfers, event_time,
  kafka_topic, kafka_partition, kafka_offset, kafka_time,
  understand(kind, said, decode_error, raw_value, kafka_topic, kafka_partition, kafka_offset) AS u
FROM contacts_once;
CREATE TEMPORARY VIEW understood AS
SELECT
  kind, event_id, run_id, channel, rating, customer_id, COALESCE(store_id, u.store_named) AS store_id, COALESCE(order_id, u.order_named) AS order_id,
  product_id, agent_id, hold_ms, transfers, event_time, kafka_time, proc_time,
  ${u_passed_on},
  CAST(ROUND(u.sentiment * 1000) AS BIGINT) AS felt
FROM contacts_read WHERE u.set_aside IS NULL;
CREATE TEMPORARY VIEW set_aside AS
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(u.set_aside, ':', 0) AS kind, u.set_aside AS reason
FROM contacts_read WHERE u.set_aside IS NOT NULL;
