INSERT INTO dead_letters
SELECT kafka_topic, kafka_partition, kafka_offset, CAST(kafka_time AS TIMESTAMP_LTZ(6)), kind, reason, raw_value
FROM set_aside;
INSERT INTO hot_sales_by_minute
SELECT `minute`, channel, SUM(baskets), COUNT(*), SUM(units), CAST(CAST(SUM(cents) AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2))
FROM hot_lines GROUP BY `minute`, channel;
INSERT INTO hot_sales_by_store
SELECT DATE_FORMAT(`day`, 'yyyy-MM-dd'), store_id, channel, MAX(region), SUM(baskets), COUNT(*), SUM(units), CAST(CAST(SUM(cents) AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2))
FROM hot_lines GROUP BY `day`, store_id, channel;
INSERT INTO hot_sales_by_department
SELECT DATE_FORMAT(`day`, 'yyyy-MM-dd'), department, channel, SUM(baskets), COUNT(*), SUM(units), CAST(CAST(SUM(cents) AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2))
FROM hot_lines GROUP BY `day`, department, channel;
INSERT INTO hot_returns_by_minute
SELECT `minute`, channel, transaction_type, COUNT(*), CAST(CAST(-SUM(cents) AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(18, 2))
FROM hot_lines WHERE transaction_type <> 'SALE' GROUP BY `minute`, channel, transaction_type;
INSERT INTO hot_dead_letters_by_minute
SELECT FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind, COUNT(*)
FROM set_aside WHERE kafka_time > CURRENT_TIMESTAMP - INTERVAL '2' DAY
GROUP BY FLOOR(CAST(kafka_time AS TIMESTAMP_LTZ(6)) TO MINUTE), kafka_topic, kind;
