-- Movements of stock that could not be decoded, or are impossible. The inventory job passes over them and cannot set them aside itself: the books
-- that it keeps fit no plan with a branch more, and it may not begin without them, as this job may.
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(decode_error, ':', 0) AS kind, decode_error AS reason, raw_value
FROM inventory_movements WHERE decode_error IS NOT NULL;
