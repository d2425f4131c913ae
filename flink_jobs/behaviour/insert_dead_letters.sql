INSERT INTO dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, raw_value
FROM movements_set_aside;
INSERT INTO lake.quality.dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, raw_value
FROM movements_set_aside;
INSERT INTO hot_dead_letters_by_minute
SELECT FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind, COUNT(*)
FROM movements_set_aside WHERE kafka_time > CURRENT_TIMESTAMP - INTERVAL '${live_days}' DAY
GROUP BY FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind;
