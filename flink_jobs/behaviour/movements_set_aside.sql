-- Stock movements that could not be decoded or have an impossible value. The inventory job skips them but cannot set them aside: its state would not
-- fit a plan with one more branch, and it may not start without its state. This job may.
SELECT kafka_topic, kafka_partition, kafka_offset, kafka_time, SPLIT_INDEX(decode_error, ':', 0) AS kind, decode_error AS reason, raw_value
FROM inventory_movements WHERE decode_error IS NOT NULL;
