INSERT INTO lake.voice.feedback (
  event_id, run_id, channel, ${feedback_words}, rating, customer_id, store_id, order_id, product_id, ${feedback_judged},
  event_time, ingested_at, analysed_at, ${feedback_named}, duplicate_of
)
SELECT
  event_id, run_id, channel, ${feedback_words}, rating, customer_id, store_id, order_id, product_id, ${feedback_judged},
  event_time, CAST(kafka_time AS TIMESTAMP_LTZ(6)), CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(6)), ${feedback_named}, duplicate_of
FROM texts;
INSERT INTO lake.voice.calls
SELECT
  event_id, run_id, channel, agent_id, ${calls_words}, customer_id, store_id, order_id, product_id, ${calls_judged}, hold_ms, transfers, ${calls_kept}, event_time,
  CAST(kafka_time AS TIMESTAMP_LTZ(6)), CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(6))
FROM understood WHERE kind = 'CALL';
INSERT INTO lake.voice.photos
SELECT
  event_id, run_id, p.kind, customer_id, COALESCE(store_id, p.store_id), COALESCE(order_id, p.transaction_id), product_id, p.store_id, p.transaction_id,
  CAST(p.bought_on AS DATE), CAST(p.total_cents AS DECIMAL(12, 2)) / 100, ${p_photos_seen},
  CAST(TO_TIMESTAMP_LTZ(p.sent_ms, 3) AS TIMESTAMP_LTZ(6)), CAST(kafka_time AS TIMESTAMP_LTZ(6)), CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(6))
FROM photos_seen WHERE p.set_aside IS NULL;
-- The original message is in the restricted bucket, under its place in Kafka.
INSERT INTO lake.quality.dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, X'' FROM all_set_aside;
INSERT INTO dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, X'' FROM all_set_aside;
INSERT INTO hot_dead_letters_by_minute
SELECT FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind, COUNT(*)
FROM all_set_aside WHERE kafka_time > CURRENT_TIMESTAMP - INTERVAL '${live_days}' DAY
GROUP BY FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind;
INSERT INTO hot_voice_by_minute
SELECT
  FLOOR(event_time TO MINUTE), topic, COUNT(*), COUNT(*) FILTER (WHERE felt < ${unhappy_thousandths}), COUNT(*) FILTER (WHERE felt > ${happy_thousandths}), SUM(felt)
FROM (
  SELECT kind, event_time, 'ALL' AS topic, felt FROM understood
  UNION ALL
  SELECT kind, event_time, t.topic, felt FROM understood CROSS JOIN UNNEST(topics) AS t (topic)
)
WHERE kind = 'TEXT' AND event_time > CURRENT_TIMESTAMP - INTERVAL '${live_days}' DAY
GROUP BY FLOOR(event_time TO MINUTE), topic;
INSERT INTO hot_calls_by_minute
SELECT
  FLOOR(event_time TO MINUTE), channel, COUNT(*), COUNT(*) FILTER (WHERE resolved), COUNT(*) FILTER (WHERE felt < ${unhappy_thousandths}), SUM(felt), SUM(duration_ms),
  SUM(hold_ms), SUM(CAST(transfers AS BIGINT))
FROM understood WHERE kind = 'CALL' AND event_time > CURRENT_TIMESTAMP - INTERVAL '${live_days}' DAY
GROUP BY FLOOR(event_time TO MINUTE), channel;
INSERT INTO voice_alerts SELECT * FROM alerts;
INSERT INTO lake.voice.alerts SELECT * FROM alerts;
