INSERT INTO lake.voice.feedback
SELECT
  event_id, run_id, channel, `language`, `text`, text_en, rating, customer_id, store_id, order_id, product_id, sentiment, topics, aspects, intent,
  urgency, redactions, embedding, model, event_time, CAST(kafka_time AS TIMESTAMP_LTZ(6)), CAST(CURRENT_TIMESTAMP AS TIMESTAMP_LTZ(6))
FROM understood;
-- The message itself is in the restricted bucket, under its place.
INSERT INTO lake.quality.dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, X'' FROM set_aside;
INSERT INTO dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, X'' FROM set_aside;
INSERT INTO hot_dead_letters_by_minute
SELECT FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind, COUNT(*)
FROM set_aside WHERE kafka_time > CURRENT_TIMESTAMP - INTERVAL '2' DAY
GROUP BY FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind;
INSERT INTO hot_voice_by_minute
SELECT
  FLOOR(event_time TO MINUTE), topic, COUNT(*), COUNT(*) FILTER (WHERE felt < -200), COUNT(*) FILTER (WHERE felt > 200), SUM(felt)
FROM (
  SELECT event_time, 'ALL' AS topic, CAST(ROUND(sentiment * 1000) AS BIGINT) AS felt FROM understood
  UNION ALL
  SELECT event_time, t.topic, CAST(ROUND(sentiment * 1000) AS BIGINT) AS felt FROM understood CROSS JOIN UNNEST(topics) AS t (topic)
)
WHERE event_time > CURRENT_TIMESTAMP - INTERVAL '2' DAY
GROUP BY FLOOR(event_time TO MINUTE), topic;
